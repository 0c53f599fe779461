"""A writing command opens the ledger once, even if it asks, and holds no lock while it asks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run, run_command
from ..support.officer import WRITE, answer_questions

HERE = ("-c", "sanli")
SENTENCE = "3月12日在社区广场开展惠民殡葬政策宣讲1场，服务居民80人次"
EVENTS = "1、6月22日，开展惠民殡葬政策宣讲1场，居民62人次。\n2、6月23日，走访低保户8人次。\n"


class Officer:
    """Answers the questions of ``log``; ``before_yes`` runs while 确认写入 stands."""

    def __init__(self) -> None:
        self.before_yes: list[Callable[[], object]] = []
        self.asked: list[str] = []

    def answer(self, label: str, default: str) -> str:
        if label.startswith(WRITE):
            self.asked.append(WRITE)
            if self.before_yes:
                self.before_yes.pop(0)()
        return {"服务项": "7.3.1", "人次": "80"}.get(label, default)


@pytest.fixture
def officer(monkeypatch: pytest.MonkeyPatch) -> Officer:
    """Let an officer answer at the terminal."""
    officer = Officer()
    answer_questions(monkeypatch, officer.answer)
    return officer


@pytest.mark.parametrize(
    "words",
    [("5.1", "3人次"), ("5.1", "3人次", "--who", "甲"), (SENTENCE, "--yes")],
    ids=["options", "names", "sentence"],
)
def test_log_opens_the_ledger_once(
    run: Run, connections: list[str], words: tuple[str, ...]
) -> None:
    for again in ((), ("--again",)):
        connections.clear()
        ran = run("log", *words, *again, *HERE)
        assert ran.code == 0, ran.err
        assert len(connections) == 1


def test_a_dry_run_opens_the_ledger_once(
    run: Run, workspace: Workspace, connections: list[str]
) -> None:
    assert run("log", "5.1", "3人次", "--dry-run", *HERE).code == 0
    assert len(connections) == (0 if workspace.server is None else 1)
    run("log", "5.1", "3人次", *HERE)
    connections.clear()
    assert run("log", "5.1", "3人次", "--dry-run", "--again", *HERE).code == 0
    assert len(connections) == 1


@pytest.mark.parametrize("state", ["a fresh ledger", "a ledger with an entry"])
@pytest.mark.parametrize("words", [(), (SENTENCE,)], ids=["questions", "sentence"])
def test_asking_opens_the_ledger_once(
    run: Run, connections: list[str], officer: Officer, words: tuple[str, ...], state: str
) -> None:
    if state == "a ledger with an entry":
        run("log", "5.1", "3人次", *HERE)
    connections.clear()
    ran = run("log", *words, *HERE)
    assert (ran.code, officer.asked) == (0, ["确认写入"]), ran.err
    assert "已记录" in ran.out
    assert len(connections) == 1


@pytest.mark.parametrize("certain", [False, True])
def test_an_older_entry_opens_the_ledger_once(
    run: Run, connections: list[str], officer: Officer, certain: bool
) -> None:
    run("log", "7.3.1", "80人次", "-d", "3-12", *HERE)
    (old,) = json.loads(run("list", *HERE, "--json").out)
    connections.clear()
    ran = run("log", "--again-like", old["id"], *(["--yes"] if certain else []), *HERE)
    assert (ran.code, len(officer.asked)) == (0, 0 if certain else 1), ran.err
    assert len(connections) == 1


@pytest.mark.parametrize("options", [("--yes",), ("--dry-run",), ()])
def test_a_report_opens_the_ledger_once(
    run: Run,
    workspace: Workspace,
    connections: list[str],
    officer: Officer,
    options: tuple[str, ...],
) -> None:
    run("log", "5.1", "3人次", *HERE)
    connections.clear()
    ran = run_command(workspace.root, "log", "--paste", *options, *HERE, input=EVENTS)
    assert (ran.code, len(officer.asked)) == (0, 0 if options else 2), ran.err
    assert len(connections) == 1


@pytest.mark.parametrize(
    "command",
    [
        "amend {entry} 4人次 -r 核对",
        "amend {entry} 4人次 -r 核对 --dry-run",
        "void {entry} -r 重复",
        "void {entry} -r 重复 --dry-run",
        "evidence add {entry} 照片.jpg",
        "evidence void {evidence} -r 看不清",
        "people add 丙 -c sanli",
        "people void 甲 -r 写错 -c sanli",
    ],
)
def test_a_decision_opens_the_ledger_once(
    run: Run,
    connections: list[str],
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("签到表.jpg").write_bytes(b"a list")
    Path("照片.jpg").write_bytes(b"a picture")
    run("log", "5.1", "3人次", "-e", "签到表.jpg", *HERE)
    run("people", "add", "甲", *HERE)
    (entry,) = json.loads(run("list", *HERE, "--json").out)
    (file,) = json.loads(run("evidence", "list", *HERE, "--json").out)
    connections.clear()
    ran = run(*command.format(entry=entry["id"], evidence=file["id"]).split())
    assert ran.code == 0, ran.err
    assert len(connections) == 1


def test_what_another_program_wrote_meanwhile_is_shown_and_asked_again(
    run: Run, workspace: Workspace, officer: Officer
) -> None:
    """Another program can write while the question is open, so the command holds no lock."""

    def another() -> None:
        assert run("log", "7.3.1", "20人次", "-t", "另一场", *HERE).code == 0

    run("log", "5.1", "3人次", *HERE)
    officer.before_yes = [another]
    ran = run("log", SENTENCE, *HERE)
    assert ran.code == 0, ran.err
    assert officer.asked == ["确认写入", "确认写入"]
    before, _, after = ran.out.partition("刚才另一个程序写了台账，现在要写入的：")
    assert "0 → 80" in before
    assert "20 → 100" in after
    assert "已记录" in after
    entries = json.loads(run("list", "7.3", *HERE, "--json").out)
    assert sorted(entry["amounts"]["人次"] for entry in entries) == [20, 80]


def test_the_same_activity_written_meanwhile_is_refused(run: Run, officer: Officer) -> None:
    run("log", "5.1", "3人次", *HERE)
    officer.before_yes = [lambda: run("log", SENTENCE, "--yes", *HERE)]
    ran = run("log", SENTENCE, *HERE)
    assert ran.code == 1
    assert "已经记过" in ran.err
    assert len(json.loads(run("list", "7.3", *HERE, "--json").out)) == 1


@pytest.mark.about_the_file("replaces it")
@pytest.mark.skipif(os.name != "posix", reason="Windows does not replace a file that is open")
def test_a_ledger_that_was_replaced_meanwhile_gets_the_entry(
    run: Run, workspace: Workspace, officer: Officer
) -> None:
    def replace_file() -> None:
        copy = workspace.ledger_file.with_name("copy.db")
        copy.write_bytes(workspace.ledger_file.read_bytes())
        copy.replace(workspace.ledger_file)

    run("log", "5.1", "3人次", *HERE)
    officer.before_yes = [replace_file]
    ran = run("log", SENTENCE, *HERE)
    assert ran.code == 0, ran.err
    assert len(json.loads(run("list", *HERE, "--json").out)) == 2
