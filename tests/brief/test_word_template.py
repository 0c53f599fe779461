"""The Word template resolves the same line breaks as docxtpl, with fewer searches."""

from __future__ import annotations

import pytest
from docxtpl import DocxTemplate
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.brief.word_rendering import WordTemplate
from sgtrack.workspace import packaged

TEMPLATE = packaged("templates") / "brief.docx"
PIECES = (
    "<w:p>", '<w:p w:rsidR="1">', "<w:pPr><w:jc/></w:pPr>", "<w:r>", "<w:rPr><w:b/></w:rPr>",
    "<w:t>", '<w:t xml:space="preserve">', "走访", "\n", "\t", "\a", "\f",
    "</w:t>", "</w:r>", "</w:p>", "<w:tc>", "</w:tc>",
)  # fmt: skip


def both(xml: str) -> tuple[str, str]:
    return WordTemplate(TEMPLATE).resolve_listing(xml), DocxTemplate(TEMPLATE).resolve_listing(xml)


@pytest.mark.parametrize("sign", ["\n", "\t", "\a", "\f"])
def test_a_break_becomes_words_own(sign: str) -> None:
    plain = "<w:p><w:r><w:t>一</w:t></w:r></w:p>"
    broken = f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>二{sign}三</w:t></w:r></w:p>"
    ours, theirs = both(f"<w:body>{plain}{broken}{plain}</w:body>")
    assert ours == theirs
    assert sign not in ours


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_the_document_the_result_is_that_of_docxtpl(xml: str) -> None:
    ours, theirs = both(xml)
    assert ours == theirs
