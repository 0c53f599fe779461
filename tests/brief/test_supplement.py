"""What comes after the last brief of a contract goes into a supplement, so nothing is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run, list_entries

HERE = ("-c", "sanli")
BRIEF = ("brief", *HERE)
ISSUE = ("--issue", "--yes", "--format", "md")
STEM = "sanli-2026-12"


@pytest.fixture
def ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run on 28 December, after the last brief was issued on the 23rd and work went on."""
    monkeypatch.setenv("SGTRACK_TODAY", "2026-12-23")
    for words in (("3人次", "-t", "访甲"), ("4人次", "-t", "访乙")):
        assert run("log", "5.1", *words, "-d", "12-3", *HERE).code == 0
    assert run(*BRIEF, "--month", "12", *ISSUE).code == 0
    monkeypatch.setenv("SGTRACK_TODAY", "2026-12-28")
    assert run("log", "5.1", "2人次", "-d", "12-26", "-t", "访丙", *HERE).code == 0
    entry = next(e for e in list_entries(run) if e["title"] == "访甲")
    assert run("amend", entry["id"], "1人次", "-r", "多数了", *HERE).code == 0
    return run


def issue(run: Run) -> Ran:
    ran = run(*BRIEF, "--supplement", *ISSUE)
    assert ran.code == 0, ran.err
    return ran


def briefs(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("brief", "list", "--json", *HERE).out)
    return [brief for brief in found if not brief["withdrawn"]]


def gains(run: Run) -> list[tuple[int, int]]:
    """The number of the supplement and the gain of 5.1 of each brief."""
    return [
        (brief["supplement"], figure["gain"])
        for brief in briefs(run)
        for figure in brief["figures"]
        if (figure["item"], figure["kind"]) == ("5.1", "total")
    ]


def cumulative(run: Run) -> int:
    (community,) = json.loads(run("status", "--json", *HERE).out)["communities"]
    return next(int(row["actual"]) for row in community["indicators"] if row["item"] == "5.1")


def test_a_supplement_reports_what_came_after_the_last_brief(
    ended: Run, workspace: Workspace
) -> None:
    assert "sgtrack brief --supplement -c sanli" in ended("brief", "list", *HERE).out
    drafted = ended(*BRIEF, "--supplement", "--format", "md")
    assert drafted.code == 0, drafted.err
    assert "简报草稿（2026-12-24 至 2026-12-31）" in drafted.out
    path = workspace.briefs / f"{STEM}-补充.md"
    assert "2026年12月（补充）" in path.read_text(encoding="utf-8")
    before = len(list_entries(ended))
    issue(ended)
    text = path.read_text(encoding="utf-8")
    assert "统计时间：2026年12月24日至2026年12月28日" in text
    assert "更正以前各期已报的记录1条" in text
    assert "| 12月3日 | 入户访视 | 访甲 | 3人次 | 1人次 | 多数了 |" in text
    assert "第12期" in text
    assert gains(ended) == [(0, 7), (1, 0)]  # 2 more, 2 less
    assert sum(gain for _, gain in gains(ended)) == cumulative(ended) == 7
    assert len(list_entries(ended)) == before  # a supplement is no submission
    assert "注意" not in ended("brief", "list", *HERE).out
    assert ended("verify").code == 0


def test_a_second_supplement_follows_the_first(
    ended: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(ended)
    again = ended(*BRIEF, "--supplement", "--format", "md")
    assert "内容不再变" in again.out
    refused = ended(*BRIEF, "--supplement", *ISSUE)
    assert (refused.code, "已经在 2026-12-28 发出" in refused.err) == (1, True)
    monkeypatch.setenv("SGTRACK_TODAY", "2027-01-05")
    late = ("log", "5.1", "5人次", "-d", "12-27", "-t", "访丁", "-r", "补记", *HERE)
    assert ended(*late).code == 0
    issue(ended)
    assert (workspace.briefs / f"{STEM}-补充2.md").is_file()
    assert gains(ended) == [(0, 7), (1, 0), (2, 5)]
    assert cumulative(ended) == 12
    assert "注意" not in ended("brief", "list", *HERE).out
    assert ended("verify").code == 0


def test_the_final_report_contains_the_supplement(ended: Run, workspace: Workspace) -> None:
    issue(ended)
    ran = ended("report", "final", "--format", "md", *HERE)
    assert ran.code == 0, ran.err
    text = (workspace.reports / "sanli-final.md").read_text(encoding="utf-8")
    assert "第12期补充" in text
    assert "12月补充" in text


def test_a_lost_file_of_a_supplement_is_written_again(ended: Run, workspace: Workspace) -> None:
    issue(ended)
    path = workspace.briefs / f"{STEM}-补充.md"
    issued = path.read_bytes()
    path.unlink()
    checked = ended("verify")
    assert "sgtrack brief --month 2026-12 --supplement -c sanli" in checked.out + checked.err
    again = ended("brief", "--month", "2026-12", "--supplement", "--format", "md", *HERE)
    assert (again.code, path.read_bytes()) == (0, issued)
    path.write_bytes(issued + "改过".encode())
    assert f"{STEM}-补充.md" in ended("brief", "list", *HERE).out
    assert ended("verify").code == 1


def test_a_supplement_is_withdrawn_before_its_brief(ended: Run) -> None:
    issue(ended)
    ran = ended("brief", "withdraw", "--month", "12", "-r", "有误", *HERE)
    assert "重新发出：sgtrack brief --month 2026-12 --supplement --issue" in ran.out
    assert gains(ended) == [(0, 7)]
    issue(ended)
    assert gains(ended) == [(0, 7), (1, 0)]
    assert ended("verify").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--month", "11"), "2026-11 不用补充简报"),
        ((), "最后一期（2026-12）的简报还没有发出"),
    ],
)
def test_a_supplement_out_of_turn_is_refused(
    run: Run, words: tuple[str, ...], message: str
) -> None:
    assert run("log", "5.1", "3人次", "-d", "3-3", *HERE).code == 0
    ran = run(*BRIEF, "--supplement", *words)
    assert (ran.code, message in ran.err) == (1, True)


def test_without_anything_new_there_is_no_supplement(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", "2027-01-04")  # late, so its submission is unreported
    assert run("log", "5.1", "3人次", "-d", "12-3", *HERE).code == 0
    assert run(*BRIEF, "--month", "12", *ISSUE).code == 0
    ran = run(*BRIEF, "--supplement")
    assert (ran.code, "没有要补充的" in ran.err) == (1, True)


def test_her_texts_of_a_supplement_are_printed(ended: Run, workspace: Workspace) -> None:
    ran = ended("brief", "text", "--supplement", *HERE)
    assert ran.code == 0, ran.err
    path = workspace.briefs / f"{STEM}-补充-文字.md"
    path.write_text("## 特色亮点\n\n年底的一件事。\n", encoding="utf-8")
    issue(ended)
    text = (workspace.briefs / f"{STEM}-补充.md").read_text(encoding="utf-8")
    assert "年底的一件事。" in text
