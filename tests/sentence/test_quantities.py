"""Numbers with their units in running text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.sentence.quantities import find_quantities


def read(text: str) -> list[tuple[str | None, str, bool]]:
    return [
        (None if one.amount is None else str(one.amount), one.unit, one.exact)
        for one in find_quantities(text)
    ]


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("服务居民80人次", "80", "人次"),
        ("发放资料１００份", "100", "份"),
        ("共1,200人次", "1200", "人次"),
        ("一百零八户次", "108", "户次"),
        ("两场", "2", "场"),
        ("弄了一回", "1", "次"),
        ("学了廿七个", "27", "个"),
        ("十四个档案", "14", "个"),
        ("26个人", "26", "人"),
        ("记4课时", "4", "学时"),
        ("两个半小时", "2.5", "小时"),
        ("半小时", "0.5", "小时"),
        ("1.5小时", "1.5", "小时"),
        ("人次35，", "35", "人次"),
        ("到课人数：46，", "46", "人"),
        ("线上21人", "21", "人"),  # no 上百人
        ("附近12户", "12", "户"),
        ("预约30人次", "30", "人次"),
        ("服务青少年29人次", "29", "人次"),
        ("本月12人次", "12", "人次"),
        ("岗位链接到俩", "2", "个"),
        ("俩人", "2", "人"),
        ("发放资料1 200份", "1200", "份"),
        ("印发2 000份", "2000", "份"),
        ("共1，050人次", "1050", "人次"),
        ("1千2百份", "1200", "份"),
        ("2千3百5十份", "2350", "份"),
        ("1百20份", "120", "份"),
        ("一百二份", "120", "份"),
        ("三千五人次", "3500", "人次"),
        ("十六点五小时", "16.5", "小时"),
        ("每次两点五个小时", "2.5", "小时"),
        ("1.2w份", "12000", "份"),
        ("3k份", "3000", "份"),
        ("伍拾份", "50", "份"),
        ("壹佰贰拾册", "120", "册"),
        ("两天半", "2.5", "天"),
        ("三小时半", "3.5", "小时"),
        ("服务人次：1 200。", "1200", "人次"),
        ("跑了3趟", "3", "次"),
        ("120人/次", "120", "人次"),
        ("0份", "0", "份"),
    ],
)
def test_an_exact_amount(text: str, amount: str, unit: str) -> None:
    assert read(text) == [(amount, unit, True)]


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("80余人次", "80", "人次"),
        ("近百人", "100", "人"),
        ("少说也有六十人", "60", "人"),
        ("七十有余居民", "70", "人"),
        ("时长突破70小时", "70", "小时"),
        ("居民来了差不多两百。", "200", "人"),
        ("百人参加", "100", "人"),
        ("上百人", "100", "人"),
        ("不到30人", "30", "人"),
        ("约150份", "150", "份"),
        ("150份左右", "150", "份"),
        ("30至40人", "40", "人"),
        ("三四十人", None, "人"),
        ("一两个", None, "个"),
        ("两三名", None, "名"),
        ("几十人次", None, "人次"),
        ("十几名", None, "名"),
        ("差不多来了五十个", "50", "个"),
        ("50余老人", "50", "人"),
        ("三小时二十分", "3", "小时"),
        ("40×2人次", "80", "人次"),
        ("15*4份", "60", "份"),
        ("30x3人次", "90", "人次"),
        ("40+30人", "70", "人"),
        ("100+份", "100", "份"),
        ("200＋人次", "200", "人次"),
        ("60人+，", "60", "人"),
        ("五十+户", "50", "户"),
        ("10几户", None, "户"),
        ("三到五户", "5", "户"),
        ("30人至40人", "40", "人"),
        ("1,2000份", None, "份"),
        ("分别为120,135,150人次", None, "人次"),
        ("30/35人", None, "人"),
        ("3.5人次", None, "人次"),
        ("6月12人次", "12", "人次"),
        ("1万2份", "12000", "份"),
    ],
)
def test_an_amount_that_is_about_right(text: str, amount: str | None, unit: str) -> None:
    assert read(text) == [(amount, unit, False)]


@pytest.mark.parametrize(
    "text",
    [
        "第3场",
        "第 12 节",
        "第1、2场",
        "第三至五期",
        "万一个",
        "腊八节熬粥",
        "三八节、六一节",
        "队伍、退伍人员",
        "6月12日",
        "一家人",
        "一起",
        "统一部署",
        "两次性",
        "一人一档",
        "第2版",
        "四十有二人",
        "《一次办好10本通》",
        "又一次发力",
        "夫妻俩",
        "分三批",
        "一个是老人",
    ],
)
def test_what_only_looks_like_an_amount(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("每场40人", "每场"),
        ("手册各80份", "各"),
        ("每天约20人", "每天"),
        ("每个小区发50份", "每个小区发"),
        ("两村各开展宣讲1场", "各开展宣讲"),
    ],
)
def test_a_share_is_marked(text: str, each: str) -> None:
    (one,) = find_quantities(text)
    assert one.each == each


def test_a_number_of_people_times_a_number_of_events_is_not_taken_alone() -> None:
    assert read("2场×40人次") == [("2", "场", True), (None, "人次", False)]
    assert read("40人×3场") == [(None, "人", False), ("3", "场", True)]


def test_words_and_place_are_those_of_the_text() -> None:
    text = "发放资料约１５０份"
    (one,) = find_quantities(text)
    assert text[one.start : one.end] == "约１５０份"
    assert one.words == "约150份"


@given(st.integers(1, 9999), st.sampled_from(["人次", "份", "场", "户次"]))
def test_every_written_number_comes_back(number: int, unit: str) -> None:
    (one,) = find_quantities(f"共{number}{unit}。")
    assert (one.amount, one.unit, one.exact) == (Decimal(number), unit, True)


@given(st.text(alphabet="一二三十百两几余约近人次份场个每各第半数零0１.，、", max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    for one in find_quantities(text):
        assert 0 <= one.start < one.end <= len(text)
