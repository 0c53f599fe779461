"""Numbers of clauses, which are read as those of sentences are."""

from __future__ import annotations

import pytest

from sgtrack.sentence.quantities import find_quantities
from sgtrack.tender.clause_numbers import NumberKind, find_numbers, normalize


def amounts(text: str) -> list[tuple[str, str]]:
    return [
        (str(number.value), number.unit)
        for number in find_numbers(normalize(text))
        if number.kind is NumberKind.AMOUNT
    ]


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("发放资料1 200份", "1200", "份"),
        ("发放资料１，２００份", "1200", "份"),
        ("服务1千2百人次", "1200", "人次"),
        ("走访1百20户", "120", "户"),
        ("走访一百二户", "120", "户"),
        ("志愿服务十六点五小时", "16.5", "小时"),
        ("印发1.2w份", "12000", "份"),
        ("建立档案伍拾份", "50", "份"),
        ("宣讲廿场", "20", "场"),
        ("服务120人/次", "120", "人次"),
        ("上门3趟", "3", "次"),
    ],
)
def test_a_clause_and_a_sentence_have_the_same_number(text: str, amount: str, unit: str) -> None:
    assert amounts(text) == [(amount, unit)]
    assert [(str(one.amount), one.unit) for one in find_quantities(text)] == [(amount, unit)]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("服务约300人次", "约数"),
        ("服务大概300人次", "约数"),
        ("服务300余人次", "约数"),
        ("服务300至400人次", "范围"),
        ("服务150×2人次", "算出来的"),
    ],
)
def test_a_number_that_is_not_exact_has_a_note(text: str, note: str) -> None:
    (number,) = find_numbers(normalize(text))
    assert (str(number.value), number.unit) == ("300", "人次")
    assert any(note in words for words in number.notes)


def test_digits_that_a_pdf_file_tore_apart_are_one_number() -> None:
    assert amounts("服务1 2 0人次") == [("120", "人次")]
