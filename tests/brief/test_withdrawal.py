"""A wrongly issued brief is withdrawn until the next one is issued, and the history keeps it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sgtrack.workspace import Workspace

from ..merging.conftest import Laptop, Laptops, laptop  # noqa: F401 - a fixture
from ..support.command_line import Run, list_entries
from ..support.ledgers import contents, raw

HERE = ("-c", "sanli")
WITHDRAW = ("brief", "withdraw", "-r", "街道退回", "--month")


def issue(run: Run, month: int) -> None:
    ran = run("brief", "--month", str(month), "--issue", "--yes", "--format", "md", *HERE)
    assert ran.code == 0, ran.err


def briefs(run: Run) -> list[dict[str, Any]]:
    """All issued briefs, with the withdrawn ones."""
    found: list[dict[str, Any]] = json.loads(run("brief", "list", "--json", *HERE).out)
    return found


def standing(run: Run) -> list[tuple[str, int, int, int]]:
    """The month, number, gain and total of 5.1 of each brief that was not withdrawn."""
    return [
        (brief["month"], brief["number"], figure["gain"], figure["total"])
        for brief in briefs(run)
        if not brief["withdrawn"]
        for figure in brief["figures"]
        if (figure["item"], figure["unit"], figure["kind"]) == ("5.1", "人次", "total")
    ]


def submissions(run: Run) -> list[bool]:
    """Whether each logged submission of a brief is voided, oldest first."""
    entries = json.loads(run("list", "--all", "--json", *HERE).out)
    return [e["voided"] for e in entries if "简报" in (e["title"] or "")]


@pytest.fixture
def issued(run: Run) -> Run:
    """Run after March was issued."""
    assert run("log", "5.1", "3人次", "-d", "3-10", *HERE).code == 0
    issue(run, 3)
    return run


def test_a_withdrawn_brief_is_issued_again_with_its_number(
    issued: Run, workspace: Workspace
) -> None:
    code = briefs(issued)[0]["code"]
    ran = issued(*WITHDRAW, "3", *HERE)
    assert (ran.code, standing(issued)) == (0, [])
    assert "已撤回 三里社区 第3期（2026-03）" in ran.out
    assert "已撤回：街道退回" in issued("brief", "list", *HERE).out
    assert [e["title"] for e in list_entries(issued) if e["item"] != "5.1"] == []
    assert issued("verify").code == 0
    assert issued("verify", code).code == 0
    assert issued("amend", list_entries(issued)[0]["id"], "5人次", "-r", "数错").code == 0
    issue(issued, 3)
    assert standing(issued) == [("2026-03", 3, 5, 5)]
    assert [b["withdrawn"] for b in briefs(issued)] == ["街道退回", ""]
    text = (workspace.briefs / "sanli-2026-03.md").read_text(encoding="utf-8")
    assert "数错" not in text  # it was never reported, so it is no correction
    assert len([e for e in list_entries(issued) if e["item"] != "5.1"]) == 1
    issue(issued, 4)
    assert [row[2:] for row in standing(issued)] == [(5, 5), (0, 5)]
    assert issued("verify").code == 0


def test_only_the_newest_brief_is_withdrawn_one_after_the_other(issued: Run) -> None:
    issue(issued, 4)
    before = list_entries(issued)
    ran = issued(*WITHDRAW, "3", *HERE)
    assert (ran.code, "2026-04 已经在它以后发出" in ran.err) == (1, True)
    assert (list_entries(issued), len(standing(issued))) == (before, 2)
    assert issued(*WITHDRAW, "4", *HERE).code == 0
    assert issued(*WITHDRAW, "4", *HERE).code == 1
    assert issued(*WITHDRAW, "3", *HERE).code == 0
    assert standing(issued) == []
    ran = issued("brief", "--month", "4", "--issue", "--yes", *HERE)
    assert (ran.code, "2026-03" in ran.err) == (1, True)
    issue(issued, 3)
    issue(issued, 4)
    assert [row[:2] for row in standing(issued)] == [("2026-03", 3), ("2026-04", 4)]


def test_a_month_without_entries_is_issued_again_before_the_next(run: Run) -> None:
    issue(run, 3)
    assert run(*WITHDRAW, "3", *HERE).code == 0
    ran = run("brief", "--month", "4", "--issue", "--yes", *HERE)
    assert (ran.code, "2026-03 的简报撤回以后还没有重新发出" in ran.err) == (1, True)


@pytest.mark.parametrize("reason", ["", "  ", "退\u200b回"])
def test_a_brief_is_not_withdrawn_without_a_readable_reason(issued: Run, reason: str) -> None:
    assert issued("brief", "withdraw", "--month", "3", "-r", reason, *HERE).code == 1
    assert len(standing(issued)) == 1


def test_undo_does_not_take_back_a_withdrawal(issued: Run) -> None:
    assert issued(*WITHDRAW, "3", *HERE).code == 0
    ran = issued("undo", "--yes")
    assert (ran.code, "重新发出" in ran.err, standing(issued)) == (1, True, [])


def test_the_reason_hides_names_and_is_forgotten_with_them(
    issued: Run, workspace: Workspace
) -> None:
    assert issued("log", "5.1", "1人次", "-d", "3-11", "--who", "欧阳明", *HERE).code == 0
    assert issued("brief", "withdraw", "-m", "3", "-r", "漏了欧阳明", *HERE).code == 0
    assert "欧阳明" not in issued("brief", "list", *HERE).out
    assert issued("forget", "欧阳明", "-r", "本人要求", "--yes").code == 0
    assert "欧阳明".encode() not in contents(workspace.ledger)
    assert issued("verify").code == 0


@pytest.mark.about_the_file("the ledger's file")
def test_a_recovered_ledger_keeps_the_withdrawal(issued: Run, workspace: Workspace) -> None:
    assert issued(*WITHDRAW, "3", *HERE).code == 0
    with raw(workspace.ledger) as db:
        db.execute("DROP TRIGGER issued_brief_is_not_deleted")
    assert issued("recover", "--yes").code == 0
    assert (standing(issued), len(briefs(issued))) == ([], 1)


def merged(laptop: Laptops, tmp_path: Path) -> tuple[Laptop, Laptop]:  # noqa: F811
    """Two laptops with the same ledger, in which March was issued."""
    north, south = laptop("north"), laptop("south")
    north("log", "5.1", "3人次", "-d", "3-10")
    issue(north, 3)
    south("merge", str(tmp_path / "north"))
    return north, south


def test_a_withdrawal_reaches_the_other_laptop(
    laptop: Laptops,  # noqa: F811
    tmp_path: Path,
) -> None:
    north, south = merged(laptop, tmp_path)
    assert len(standing(south)) == 1
    north(*WITHDRAW, "3")
    south("merge", str(tmp_path / "north"))
    assert standing(south) == []
    issue(south, 3)
    north("merge", str(tmp_path / "south"))
    assert standing(north) == standing(south) == [("2026-03", 3, 3, 3)]


def test_a_brief_on_which_another_laptop_issued_the_next_one_stays(
    laptop: Laptops,  # noqa: F811
    tmp_path: Path,
) -> None:
    north, south = merged(laptop, tmp_path)
    issue(south, 4)
    north(*WITHDRAW, "3")
    assert standing(north) == []
    north("merge", str(tmp_path / "south"))
    south("merge", str(tmp_path / "north"))
    for run in (north, south):
        assert standing(run) == [("2026-03", 3, 3, 3), ("2026-04", 4, 0, 3)]
        run("log", "5.1", "2人次", "-d", "5-3", "-t", "五月")
    issue(north, 5)
    assert standing(north)[-1][2:] == (2, 5)
