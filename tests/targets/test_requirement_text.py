"""Compares the packaged target files with the requirement text, line by line."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from sgtrack.model.contract import Clause, Kind, Project

TEXT = Path(__file__).parents[1] / "data" / "service-requirements.txt"
Row = tuple[str, str, list[str]]


def table(number: int) -> list[Row]:
    """The rows (服务类别, 具体服务内容, 服务指标) of the first or second community."""
    lines = TEXT.read_text(encoding="utf-8").splitlines()
    heads = [n for n, line in enumerate(lines) if line.strip() == "服务类别"]
    end = heads[1] if number == 0 else len(lines)
    rows: list[Row] = []
    for block in "\n".join(lines[heads[number] : end]).split("\n\n"):
        cells = [line.strip() for line in block.strip("\n").split("\n")]
        if len(cells) >= 3 and cells[0] != "服务类别":
            rows.append((cells[0], cells[1], cells[2:]))
    return rows


@pytest.fixture(params=[(0, "xianheguan"), (1, "sanli")], ids=["xianheguan", "sanli"])
def contract(
    request: pytest.FixtureRequest, projects: dict[str, Project]
) -> tuple[list[Row], Project]:
    """A community's rows in the text and its project."""
    number, slug = request.param
    return table(number), projects[slug]


def test_the_text_has_ten_categories_and_43_clauses(
    contract: tuple[list[Row], Project],
) -> None:
    rows, _ = contract
    assert len(rows) == 10
    assert sum(len(lines) for _, _, lines in rows) == 43


def test_every_line_stands_verbatim_in_the_targets(contract: tuple[list[Row], Project]) -> None:
    rows, project = contract
    assert [(c.name, c.content) for c in project.categories] == [(n, t) for n, t, _ in rows]
    for category, (_, _, lines) in zip(project.categories, rows, strict=True):
        numbered = len(lines) > 1 or lines[0].startswith("1.")
        written = [
            f"{clause.code.split('.')[1]}.{clause.text}" if numbered else clause.text
            for clause in category.clauses
        ]
        assert written == lines


def numbers_of(text: str) -> Counter[int]:
    """The numbers a clause names, with the two rhythms that it writes in words."""
    text = text.replace("一季度一次", "1次").replace("提交项目推进月度简报", "提交1")
    return Counter(int(number) for number in re.findall(r"\d+", text))


def claimed_by(clause: Clause) -> Counter[int]:
    """The numbers that the clause's indicators claim."""
    indicators = [i for item in clause.items for i in item.indicators]
    targets = [int(i.target) for i in indicators if i.target and i.kind is not Kind.COVERAGE]
    return Counter(targets + [i.due_day for i in indicators if i.due_day])


def test_every_number_is_claimed_by_an_indicator(contract: tuple[list[Row], Project]) -> None:
    _, project = contract
    for clause in project.clauses.values():
        assert claimed_by(clause) == numbers_of(clause.text), clause.code


def test_a_clause_without_a_number_is_a_milestone(contract: tuple[list[Row], Project]) -> None:
    _, project = contract
    for clause in project.clauses.values():
        kinds = {i.kind for item in clause.items for i in item.indicators}
        if not numbers_of(clause.text):
            assert kinds == {Kind.MILESTONE}, clause.code


def test_units_follow_their_number_in_the_text(contract: tuple[list[Row], Project]) -> None:
    """Target and unit are adjacent in the clause, except for 排查户次：200户."""
    _, project = contract
    in_words = {("3.1", "户次"), ("10.3.1", "期"), ("7.1", "类")}
    for _, clause, item, indicator in project.indicators():
        if indicator.unit is None or (item.code, indicator.unit) in in_words:
            continue
        said = clause.text.replace(" ", "").replace("一季度一次", "1次").replace("个学时", "学时")
        assert f"{indicator.target}{indicator.unit}" in said, item.code


def test_the_types_of_7_1_are_those_of_the_text(project: Project) -> None:
    clause = project.clauses["7.1"]
    (coverage,) = [i for i in clause.items[0].indicators if i.kind is Kind.COVERAGE]
    assert len(coverage.types) == 4
    assert "、".join(coverage.types) in clause.text


def test_7_3_has_ten_indicators_in_four_items(project: Project) -> None:
    items = project.clauses["7.3"].items
    assert sum(len(item.indicators) for item in items) == 10
    assert [item.part_of for item in items] == [None, "7.3", "7.3", "7.3"]


def test_a_line_altered_would_be_seen(projects: dict[str, Project]) -> None:
    """The texts of the two communities differ, so the comparison must fail across them."""
    assert table(0) != table(1)
    assert projects["sanli"].clauses["1.3"].text != projects["xianheguan"].clauses["1.3"].text


def test_nothing_is_invented(projects: dict[str, Project]) -> None:
    assert projects["sanli"].package == ""
    assert projects["xianheguan"].package == "采购包2"
    for project in projects.values():
        assert (project.buyer, project.agency, project.contract) == ("", "", "")
        assert not project.period_checked
