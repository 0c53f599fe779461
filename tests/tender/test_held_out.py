"""Held-out contract texts in eleven layouts, measured strictly.

The texts and their ``.want`` files were written by somebody who had not seen the reader or its other
texts, and before the first reading; docs/drafting.md has the figures of that reading. An indicator is
right only with its unit, amount, rhythm and all its conditions. The numbers here are those of the
present reader: it may improve on them, but not fall behind.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.documents import read_content
from sgtrack.tender.list_marks import read_mark, split_inline
from sgtrack.tender.tender_document import DocumentTable

from .scoring import HELD, content_of, drafts, lost_digits, score

PRESENT = {
}
"""For every text, the indicators that are right at least, and those too many at most."""


def test_every_text_has_its_figure() -> None:
    assert set(PRESENT) == set(HELD)
    assert len(HELD) >= 20


@pytest.mark.parametrize("name", HELD)
def test_the_figure_does_not_get_worse(name: str) -> None:
    right, extra = PRESENT[name]
    result = score(name)
    assert result.right >= right, "\n".join(result.differences)
    assert result.extra <= extra, "\n".join(result.differences)


def digits(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", normalize(text)))


@pytest.mark.parametrize("name", HELD)
def test_no_number_is_dropped(name: str) -> None:
    kept: Counter[str] = Counter()
    for draft in drafts(name):
        assert lost_digits(draft) == []
        said = [clause.clause.text for clause in draft.clauses]
        said += [reading.words for _, reading in draft.outside]
        said += [text for text, _ in draft.set_aside]
        for words in said:
            kept += digits(words)
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
            written += digits(read_mark(piece)[1])
    assert not written - kept
