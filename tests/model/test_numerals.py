"""Numbers of Chinese text: where each begins and ends, and its value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.model.numerals import narrow, parse_number, scan_numbers

VALUES = {
    "1200": "1 200、1,200、1，200、1千2百、1千二百、一千二、一千二百、壹仟贰佰、1.2k、１２００",
    "2000": "2 000、2,000、2千、两千、贰仟、2k",
    "120": "1百20、一百二、一百二十、一二〇、壹佰贰拾、12 0",
    "102": "一百零二、1百零2、一〇二、壹佰零贰",
    "12000": "1.2w、1.2万、1.2W、一万二、一点二万、12 000、12k、1万2千",
    "35000": "3万5千、三万五、3.5万、35，000",
    "20300": "2万零300、两万零三百、20 300",
    "50": "伍拾、五十、50",
    "15": "拾伍、十五、壹拾伍",
    "16.5": "十六点五、16.5、１６．５",
    "2.25": "两点二五、二点二五、2.25",
    "0.5": "零点五、0.5",
    "2026": "二〇二六、二零二六、二○二六、2026",
    "27": "廿七、二十七",
    "30": "卅、三十、三〇",
    "1234567": "1 234 567、1,234,567",
    "120000000": "1亿2千万、一亿二千万、1.2亿",
    "0": "0、零、〇",
}
NO_VALUE = ("三四十", "几十", "十几", "10几", "数百", "40×2", "40+30", "5.1.2", "5/19", "9:30", "")
TOKENS = {
    "3月12日，120人次": "3、12、120",
    "6月12，120人": "6、12、120",
    "6-12 120人次": "6、12、120",
    "9:30 30人参加": "9:30、30",
    "上午九点三十人": "九、三十",
    "下午三点五人到场": "三、五",
    "九点二十人": "九、二十",
    "两点二百人": "两、二百",
    "每天一点五小时": "一点五",
    "下午2点30人": "2、30",
    "5.1入户访视3人次": "5.1、3",
    "5.1.2的3人": "5.1.2、3",
    "A12栋3户": "A12、3",
    "发PPT1份": "1",
    "5km健步走30人": "5、30",
    "队伍3支，退伍军人5人": "3、5",
    "人数三十五": "三十五",
    "访视3户,20人次": "3、20",
    "共1 200份、2 000份": "1 200、2 000",
    "1,2000份": "1,2000",
    "26-3-12到会8人": "26-3-12、8",
}


@pytest.mark.parametrize(
    ("written", "value"),
    [(written, value) for value, forms in VALUES.items() for written in forms.split("、")],
)
def test_a_number_in_any_form(written: str, value: str) -> None:
    assert parse_number(written) == Decimal(value)


@pytest.mark.parametrize("written", NO_VALUE)
def test_what_has_no_value_of_its_own(written: str) -> None:
    assert parse_number(written) is None


@pytest.mark.parametrize(("text", "tokens"), TOKENS.items())
def test_no_number_begins_or_ends_inside_another(text: str, tokens: str) -> None:
    assert "、".join(token.words for token in scan_numbers(narrow(text))) == tokens


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("40×2", "80"),
        ("40*3", "120"),
        ("12x4", "48"),
        ("40+30", "70"),
        ("百", "100"),
        ("1万2", "12000"),
    ],
)
def test_a_value_that_is_not_stated_exactly(text: str, value: str) -> None:
    (token,) = scan_numbers(text)
    assert (token.value, token.exact) == (Decimal(value), False)


@pytest.mark.parametrize("list_words", ["分别为120,135", "依次是100，105，110", "分别120,130"])
def test_a_list_of_numbers_is_not_joined(list_words: str) -> None:
    assert [token.value for token in scan_numbers(list_words)] == [None]


def test_digits_with_spaces_are_joined_in_tenders_only() -> None:
    assert [token.words for token in scan_numbers("1 2 0人次", split=True)] == ["1 2 0"]
    assert [token.words for token in scan_numbers("1 2 0人次")] == ["1", "2", "0"]


DIGITS = "零一二三四五六七八九"


def _spell(number: int) -> str:
    """Write a number below 10,000 in numerals, in full."""
    text, zero = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + name
        zero = digit == 0
    return text


@given(st.integers(1, 9999))
def test_every_number_comes_back(number: int) -> None:
    thousands = f"{number:,}"
    forms = (str(number), thousands, thousands.replace(",", " "), _spell(number))
    assert [parse_number(form) for form in forms] == [number] * len(forms)


@given(st.text(alphabet="0123一二百千万亿点几数wx×+,， .:/-廿伍拾零月", max_size=16))
def test_no_text_breaks_it(text: str) -> None:
    tokens = scan_numbers(text)
    ends = [0, *(token.end for token in tokens)]
    assert all(end <= token.start < token.end for end, token in zip(ends, tokens, strict=False))
    parse_number(text)
