"""Compares the draft of the requirement text with the target files written by hand."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sgtrack.model.contract import Item, Project
from sgtrack.targets.loading import load_file
from sgtrack.tender.documents import read_content
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.draft_writer import to_yaml

TEXT = Path(__file__).parents[1] / "data" / "service-requirements.txt"


def draft_projects(content: bytes, name: str, folder: Path) -> list[Project]:
    """Draft target files from a document, and load them."""
    targets = folder / "targets"
    targets.mkdir()
    projects = []
    drafts = build_drafts(read_content(content, name), date(2026, 6, 30))
    for n, draft in enumerate(drafts, start=1):
        path = targets / f"new-{n}.yaml"
        path.write_text(to_yaml(draft), encoding="utf-8")
        project, problems = load_file(path)
        assert not problems
        assert project is not None
        projects.append(project)
    return projects


@pytest.fixture
def drafted(tmp_path: Path) -> list[Project]:
    return draft_projects(TEXT.read_bytes(), TEXT.name, tmp_path)


def indicators(project: Project) -> dict[str, Counter[tuple[object, ...]]]:
    found: dict[str, Counter[tuple[object, ...]]] = {}
    for _, clause, _, one in project.indicators():
        what = (one.kind, one.per, one.unit, one.target, one.due_day, one.types, one.role)
        found.setdefault(clause.code, Counter())[what] += 1
    return found


def shape(item: Item) -> tuple[object, ...]:
    return (item.code, item.part_of, item.series, item.is_brief, item.each, item.sessions)


def assert_same_indicators(draft: Project, hand: Project) -> None:
    assert sum(sum(c.values()) for c in indicators(hand).values()) == 69
    assert indicators(draft) == indicators(hand)
    assert [shape(i) for i in draft.items.values()] == [shape(i) for i in hand.items.values()]


@pytest.mark.parametrize(("place", "slug"), [(0, "xianheguan"), (1, "sanli")])
def test_it_has_every_indicator_of_the_file_written_by_hand(
    drafted: list[Project], projects: dict[str, Project], place: int, slug: str
) -> None:
    assert_same_indicators(drafted[place], projects[slug])


@pytest.mark.parametrize(("place", "slug"), [(0, "xianheguan"), (1, "sanli")])
def test_every_clause_and_every_fact_is_that_of_the_text(
    drafted: list[Project], projects: dict[str, Project], place: int, slug: str
) -> None:
    draft, hand = drafted[place], projects[slug]
    assert {c.code: c.text for c in draft.clauses.values()} == {
        c.code: c.text for c in hand.clauses.values()
    }
    assert [(c.name, c.content) for c in draft.categories] == [
        (c.name, c.content) for c in hand.categories
    ]
    for fact in ("name", "county", "street", "package", "contract", "buyer", "period"):
        assert getattr(draft, fact) == getattr(hand, fact)
    assert not draft.period_checked
    source = re.sub(r"\s", "", TEXT.read_text(encoding="utf-8"))
    assert all(re.sub(r"\s", "", c.text) in source for c in draft.clauses.values())
