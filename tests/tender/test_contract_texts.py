"""Contract texts in other styles, compared with what a person expects of each clause.

The ``.want`` files were written before the reader was tried on their texts. The blind ones were
not looked at while it was made; docs/drafting.md has the figures of that measure.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.targets.loading import load_file
from sgtrack.tender.draft_writer import to_yaml

from .scoring import BLIND, OWN, SEEN, drafts, lost_digits, lost_numbers, score

ALL = (*SEEN, *BLIND, *OWN)


@pytest.mark.parametrize("name", ALL)
def test_nine_of_ten_indicators_are_right(name: str) -> None:
    result = score(name)
    assert result.wanted >= 9
    assert result.share >= 0.9, "\n".join(result.differences)


def test_conditions_on_activities_are_read() -> None:
    found = [score(name) for name in ALL]
    wanted = sum(one.conditions_wanted for one in found)
    assert wanted >= 25
    assert sum(one.conditions_right for one in found) >= 0.9 * wanted


@pytest.mark.parametrize("name", ALL)
def test_the_draft_passes_the_check_and_keeps_every_clause(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "targets"
    folder.mkdir()
    for n, draft in enumerate(drafts(name)):
        path = folder / f"new-{n}.yaml"
        path.write_text(to_yaml(draft), encoding="utf-8")
        project, problems = load_file(path)
        assert not problems
        assert project is not None
        assert {c.code: c.clause.text for c in draft.clauses} == {
            c.code: c.text for c in project.clauses.values()
        }


@pytest.mark.parametrize("name", ALL)
def test_no_number_is_dropped(name: str) -> None:
    assert [lost_digits(draft) for draft in drafts(name) if lost_digits(draft)] == []
    assert not lost_numbers(name)
