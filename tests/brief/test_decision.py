"""Issuing a brief is a decision: it is shown, asked about, and never taken much too early."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sgtrack.cli import brief_command

from ..support.command_line import Run, list_entries
from ..support.ledgers import contents
from ..support.tables import read_text
from ..support.turns import run_before_turn

HERE = ("-c", "sanli")
MARCH = ("brief", "--month", "3", "--issue", *HERE)


def issued(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("brief", "list", "--json", *HERE).out)
    return found


@pytest.fixture
def march(run: Run, log: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run on 23 March, two days before the window ends, with an activity in it."""
    monkeypatch.setenv("SGTRACK_TODAY", "2026-03-23")
    assert run("log", "5.1", "3人次", "-d", "3-10", *HERE).code == 0
    return run


def answering(monkeypatch: pytest.MonkeyPatch, *answers: bool) -> list[str]:
    """Answer the questions as if there were a terminal; return the list of those asked."""
    asked: list[str] = []

    def answer(label: str) -> bool:
        asked.append(label)
        return answers[len(asked) - 1]

    monkeypatch.setattr(brief_command, "can_ask", lambda: True)
    monkeypatch.setattr(brief_command, "ask_yes", answer)
    return asked


def test_without_a_terminal_a_brief_is_not_issued_unless_confirmed(march: Run) -> None:
    ran = march(*MARCH)
    assert (ran.code, issued(march), len(list_entries(march))) == (1, [], 1)
    assert "--yes" in ran.err
    for words in ("三里社区 2026-03", "第3期", "按时", "3月25日", "入户", "3人次", "佐证材料不全"):
        assert words in ran.out
    ran = march(*MARCH, "--yes", "--json")
    assert ran.code == 0
    assert {row["month"] for row in json.loads(ran.out)} == {"2026-03"}
    assert "按时" in ran.err
    assert [(b["month"], b["end"], b["early"]) for b in issued(march)] == [
        ("2026-03", "2026-03-23", "")
    ]


def test_a_declined_brief_is_not_issued(march: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, False)
    before = list_entries(march)
    ran = march(*MARCH)
    assert (ran.code, len(asked)) == (1, 1)
    assert "没有发出" in ran.err
    assert (issued(march), list_entries(march)) == ([], before)


def test_of_all_briefs_a_declined_one_stays_and_the_others_are_issued(
    march: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, True, False)
    ran = march("brief", "--month", "3", "--issue", "--all")
    assert ran.code == 1
    assert "1 个社区没有发出" in ran.err
    assert len(json.loads(march("brief", "list", "--json").out)) == 1


def test_what_changes_while_it_asks_is_shown_and_asked_again(
    march: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch, True, True)
    begun = run_before_turn(monkeypatch, lambda: march("log", "5.1", "4人次", "-d", "3-11", *HERE))
    ran = march(*MARCH)
    assert (ran.code, begun, len(asked)) == (0, ["begun"], 2)
    first, second = ran.out.split("刚才另一个程序写了台账")
    assert ("累计 3人次" in first, "累计 7人次" in second) == (True, True)
    (brief,) = issued(march)
    assert {f["total"] for f in brief["figures"] if (f["item"], f["unit"]) == ("5.1", "人次")} == {
        7
    }


def test_a_change_elsewhere_is_not_asked_about(march: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, True)
    other = ("log", "5.1", "4人次", "-d", "3-11", "-c", "xianheguan")
    begun = run_before_turn(monkeypatch, lambda: march(*other))
    assert (march(*MARCH).code, begun, len(asked)) == (0, ["begun"], 1)


@pytest.mark.parametrize(
    ("today", "words", "message"),
    [
        ("2026-03-17", (), "还有8天"),
        ("2026-02-20", (), "还没有到"),
        ("2026-03-18", ("--early", "先交"), "不算提前"),
        ("2026-03-17", ("--early", " "), "还有8天"),
        ("2026-03-17", ("--early", "先\u202e交"), "看不见的字符"),
    ],
)
def test_a_brief_is_not_issued_too_early_without_a_reason(
    run: Run, monkeypatch: pytest.MonkeyPatch, today: str, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", today)
    ran = run(*MARCH, "--yes", *words)
    assert (ran.code, message in ran.err, issued(run)) == (1, True, [])


@pytest.mark.parametrize("today", ["2026-03-17", "2026-02-20"])
def test_with_a_reason_it_is_issued_early_and_the_rest_comes_later(
    run: Run, monkeypatch: pytest.MonkeyPatch, today: str
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", today)
    assert run(*MARCH, "--yes", "--early", "街道 提前收").code == 0
    (brief,) = issued(run)
    assert (brief["early"], brief["days_late"]) == ("街道 提前收", 0)
    assert "街道 提前收" in run("brief", "list", *HERE).out
    monkeypatch.setenv("SGTRACK_TODAY", "2026-04-24")
    assert run("log", "5.1", "4人次", "-d", "3-20", *HERE).code == 0
    assert run("log", "5.1", "2人次", "-d", "2-26", *HERE).code == 0
    assert run("brief", "--month", "4", "--issue", "--yes", *HERE).code == 0
    totals = [
        f["total"]
        for b in issued(run)
        for f in b["figures"]
        if (f["item"], f["unit"], f["kind"]) == ("5.1", "人次", "total")
    ]
    gains = [
        f["gain"]
        for b in issued(run)
        for f in b["figures"]
        if (f["item"], f["unit"], f["kind"]) == ("5.1", "人次", "total")
    ]
    assert (totals, gains) == ([0, 6], [0, 6])
    assert run("verify").code == 0


def test_the_reason_hides_names_and_is_forgotten_with_them(
    run: Run, monkeypatch: pytest.MonkeyPatch, workspace: Any
) -> None:
    monkeypatch.setenv("SGTRACK_TODAY", "2026-03-17")
    assert run("log", "5.1", "1人次", "-d", "3-10", "--who", "欧阳明", *HERE).code == 0
    assert run(*MARCH, "--yes", "--early", "欧阳明 请假").code == 0
    assert "欧阳明" not in run("brief", "list", *HERE).out
    assert run("forget", "欧阳明", "-r", "本人要求", "--yes").code == 0
    assert "欧阳明".encode() not in contents(workspace.ledger)
    assert run("verify").code == 0


def test_issuing_changes_nothing_of_the_draft_but_the_code(march: Run, workspace: Any) -> None:
    path = workspace.briefs / "sanli-2026-03.docx"
    assert march("brief", "--month", "3", "--annex", "full", *HERE).code == 0
    draft = read_text(path)
    assert march(*MARCH, "--yes", "--annex", "full").code == 0
    (brief,) = issued(march)
    to_fill_in = "台账校验码：正式发出时填写"
    assert draft.replace(to_fill_in, f"台账校验码：{brief['code']}") == read_text(path) != draft
    assert "1期（1/12期达标）" in draft


def test_options_of_issuing_are_refused_beside_a_draft(run: Run) -> None:
    for words in (("--yes",), ("--early", "先交")):
        assert run("brief", "--month", "3", *words, *HERE).code == 2
