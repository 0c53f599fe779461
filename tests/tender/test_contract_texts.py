"""Contract texts in other styles, compared with what a person expects of each clause.

The ``.want`` files were written before the reader was tried on their texts. The blind ones were
not looked at while it was made; docs/drafting.md has the figures of that measure.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from sgtrack.targets.loading import load_file
from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.documents import read_content
from sgtrack.tender.draft_writer import to_yaml
from sgtrack.tender.list_marks import read_mark, split_inline
from sgtrack.tender.tender_document import DocumentTable

from .scoring import BLIND, OWN, SEEN, content_of, drafts, lost_digits, score

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


def digits(text: str) -> list[str]:
    return re.findall(r"\d+", normalize(text))


@pytest.mark.parametrize("name", ALL)
def test_no_number_is_dropped(name: str) -> None:
    made = drafts(name)
    assert [lost_digits(draft) for draft in made] == [[]] * len(made)
    kept: Counter[str] = Counter()
    for draft in made:
        for clause in draft.clauses:
            kept.update(digits(clause.clause.text))
        for _, reading in draft.outside:
            kept.update(digits(reading.words))
    lines: list[str] = []
    for block in read_content(*content_of(name)).blocks:
        if isinstance(block, DocumentTable):
            cells = dict.fromkeys(cell for row in block.rows for cell in row)
            lines += [line for cell in cells for line in cell.lines]
        else:
            lines.append(block)
    written: Counter[str] = Counter()
    for line in dict.fromkeys(lines):
        for piece in split_inline(line):
            written.update(digits(read_mark(piece)[1]))
    assert not written - kept
