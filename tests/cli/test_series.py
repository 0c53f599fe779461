"""Groups and cases run over several sessions and count once."""

from __future__ import annotations

import json
import re

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run

HERE = ("-c", "xianheguan")


def groups(run: Run) -> float:
    (community,) = json.loads(run("status", "6.8.2", "--json", *HERE).out)["communities"]
    (found,) = [i["actual"] for i in community["indicators"] if i["unit"] == "个"]
    return float(found)


def session(log: Run, day: str, title: str, *more: str) -> str:
    said = log("6.8.2", "8人次", "-t", title, "-d", day, *more).out
    found = re.search(r"已记录  (\S+)", said)
    assert found is not None
    return found[1]


def open_ones(run: Run) -> str:
    return run("status", *HERE).out


def unpadded(screen: str) -> str:
    return "".join(screen.split()).replace("最近", "最近 ")


def test_a_group_counts_once_and_stays_open_until_it_is_closed(run: Run, log: Run) -> None:
    session(log, "3-1", "夕阳红")
    session(log, "3-8", "夕阳红")
    assert groups(run) == 1
    assert "夕阳红" in open_ones(run)
    last = session(log, "3-15", "夕阳红", "--close")
    assert groups(run) == 1
    assert "夕阳红" not in open_ones(run)
    run("amend", last, "--reopen", "-r", "还有一次")
    assert "夕阳红" in open_ones(run)


@pytest.fixture
def three_sessions(workspace: Workspace) -> None:
    """A contract that requires three sessions of a group."""
    path = workspace.targets / "shared" / "lezhi.yaml"
    was = path.read_text(encoding="utf-8")
    now = was.replace("name: 小组服务\n", "name: 小组服务\n            sessions: 3\n")
    assert was != now
    path.write_text(now, encoding="utf-8")


@pytest.mark.usefixtures("three_sessions")
def test_a_group_counts_when_it_has_its_sessions(run: Run, log: Run) -> None:
    for number, day in enumerate(("3-01", "3-08", "3-15"), start=1):
        assert groups(run) == 0
        session(log, day, "夕阳红")
        waiting = "" if number == 3 else "，还没有计入"
        assert f"{number}/3次，最近 2026-0{day}{waiting}" in unpadded(open_ones(run))
    assert groups(run) == 1


@pytest.mark.usefixtures("three_sessions")
def test_a_group_that_is_closed_early_counts(run: Run, log: Run) -> None:
    session(log, "3-1", "向日葵")
    assert groups(run) == 0
    session(log, "3-8", "向日葵", "--close")
    assert groups(run) == 1


def test_what_is_also_a_session_of_a_group_keeps_its_type(run: Run, log: Run) -> None:
    """Reading all items at once does not mix up types and groups."""
    said = log("7.1", "1支", "-d", "3-5", "-t", "腰鼓队", "--type", "文体", "--also", "6.8.2").out
    assert re.search(r"类型4类）\s+0 → 1", said)
    (community,) = json.loads(run("status", "7.1", "--json", *HERE).out)["communities"]
    assert {i["unit"]: i["actual"] for i in community["indicators"]} == {"支": 1, "类": 1}
    assert groups(run) == 1
