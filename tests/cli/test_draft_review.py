"""``targets draft --review``: Enter keeps what is right, and a key changes the rest."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sgtrack.cli import draft_review
from sgtrack.cli.prompts import GoBack
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.targets.loading import load_file
from sgtrack.workspace import Workspace

from ..support.command_line import Run

TEXT = Path(__file__).parents[1] / "data" / "service-requirements.txt"
ONE = """\
服务指标
1.入户走访每月不少于20户次；
2.政策宣传4场，每场不少于30人，服务500人次；
3.维护社区服务档案；
"""
Answers = Callable[[list[str]], list[str]]
"""A function that takes the answers to the first questions, and returns the list of all labels."""


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Answer questions from a list, and the rest with Enter."""
    asked: list[str] = []
    waiting: list[str] = []

    def ask(label: str, check: Callable[[str], object], **_: Any) -> str:
        asked.append(label)
        usual = "三里社区" if "社区名称" in label else ""
        answer = waiting.pop(0) if waiting else usual
        if answer == "<":
            raise GoBack
        check(answer)
        return answer

    def ask_choice(label: str, choices: list[str]) -> int:
        asked.append(label)
        wanted = waiting.pop(0)
        return next(n for n, choice in enumerate(choices) if choice.startswith(wanted))

    def answer(given: list[str]) -> list[str]:
        waiting[:] = given
        return asked

    monkeypatch.setattr(draft_review, "ask", ask)
    monkeypatch.setattr(draft_review, "ask_choice", ask_choice)
    monkeypatch.setattr(draft_review, "can_ask", lambda: True)
    return answer


def drafted(run: Run, workspace: Workspace, text: str = ONE) -> tuple[Project, str]:
    source = workspace.root / "一个.txt"
    source.write_text(text, encoding="utf-8")
    output = workspace.targets / "new.yaml"
    ran = run("targets", "draft", str(source), "-o", str(output), "--review")
    assert (ran.code, ran.err) == (0, "")
    project, problems = load_file(output)
    assert not problems
    assert project is not None
    return project, ran.out


def targets_of(project: Project) -> dict[str, list[tuple[str, str | None, Decimal | None]]]:
    return {
        item.name: [(i.kind.value, i.unit, i.target) for i in item.indicators]
        for item in project.items.values()
    }


def test_seventy_right_indicators_take_one_key_each(
    run: Run, workspace: Workspace, answers: Answers
) -> None:
    asked = answers([])
    output = workspace.targets / "new.yaml"
    ran = run("targets", "draft", str(TEXT), "--package", "1", "-o", str(output), "--review")
    assert (ran.code, ran.err) == (0, "")
    project, _ = load_file(output)
    assert project is not None
    assert len(list(project.indicators())) == 69
    assert len(asked) == 43 + 2  # the clauses, and the two days of the period
    assert project.period_checked
    assert "# 待核对：" not in output.read_text(encoding="utf-8")
    said = [line for line in run("targets", "check").out.splitlines() if "new.yaml" in line]
    assert said  # the contradictions of the contract itself
    assert not [line for line in said if "核对" in line or "待填" in line]


def test_each_key_changes_one_thing(run: Run, workspace: Workspace, answers: Answers) -> None:
    visit = ["n", "25", "r", "每季度", ""]
    talks = ["u", "政策宣传 累计 4", "次", "c", "政策宣传 累计 500", "40人", ""]
    answers([*visit, *talks, "x"])
    project, said = drafted(run, workspace)
    assert targets_of(project) == {
        "入户走访": [("periodic", "户次", Decimal(25))],
        "政策宣传": [("total", "人次", Decimal(500)), ("total", "次", Decimal(4))],
    }
    item = next(item for item in project.items.values() if item.name == "政策宣传")
    assert item.each == (("人", Decimal(40)),)
    written = (workspace.targets / "new.yaml").read_text(encoding="utf-8")
    assert "# 没有写成指标：维护社区服务档案；（核对时确认不是指标）" in written
    assert "quarterly: {户次: 25}" in written
    assert "这一条不写成指标" in said


def test_going_back_reads_a_clause_again_as_it_was(
    run: Run, workspace: Workspace, answers: Answers
) -> None:
    answers(["n", "99", "", "<", ""])
    project, _ = drafted(run, workspace)
    assert targets_of(project)["入户走访"] == [("periodic", "户次", Decimal(20))]


def test_one_of_several_amounts_is_removed(
    run: Run, workspace: Workspace, answers: Answers
) -> None:
    answers(["", "x", "政策宣传 累计 500", ""])
    project, _ = drafted(run, workspace)
    assert targets_of(project)["政策宣传"] == [("total", "场", Decimal(4))]


def test_a_clause_without_a_number_gets_one(
    run: Run, workspace: Workspace, answers: Answers
) -> None:
    answers(["", "", "n", "12份", ""])
    project, _ = drafted(run, workspace)
    assert [("total", "份", Decimal(12))] in targets_of(project).values()


def test_the_role_of_a_roster_is_asked_only_if_it_is_not_known(
    run: Run, workspace: Workspace, answers: Answers
) -> None:
    asked = answers(["", "", "社工"])
    text = "服务指标\n1.讲座4场\n2.每人每年培训48学时\n3.每名老人每年体检1次\n"
    project, _ = drafted(run, workspace, text)
    roles = {i.role for item in project.items.values() for i in item.indicators if i.role}
    assert roles == {"社工", "老人"}
    assert sum("名册" in label for label in asked) == 1


@pytest.mark.parametrize("answer", ["y", "十二", "-"])
def test_a_key_that_does_not_exist_is_refused(answer: str) -> None:
    with pytest.raises(Refused, match="没有"):
        draft_review.check_key(answer)


def test_without_a_terminal_nothing_is_asked(run: Run, workspace: Workspace) -> None:
    output = workspace.targets / "new.yaml"
    ran = run("targets", "draft", str(TEXT), "-o", str(output), "--review")
    assert ran.code == 1
    assert "--review 要在终端里逐条问" in ran.err
    assert not output.exists()


def test_a_taken_name_is_refused_before_the_questions(
    run: Run, workspace: Workspace, answers: Answers
) -> None:
    asked = answers([])
    output = workspace.targets / "new.yaml"
    output.write_text("x", encoding="utf-8")
    ran = run("targets", "draft", str(TEXT), "--package", "1", "-o", str(output), "--review")
    assert ran.code == 1
    assert "已经有文件" in ran.err
    assert asked == []
