"""Dates, months, amounts, names and items as the officer types them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.entry.amount_parsing import read_amounts, settle
from sgtrack.entry.date_parsing import read_date, read_month
from sgtrack.entry.text_cleaning import clean, clean_name, clean_names, clean_passage
from sgtrack.model.contract import Period, Project
from sgtrack.model.errors import Refused
from sgtrack.targets.lookup import find_candidates, find_item, find_project

from ..support.contracts import with_items

TODAY = date(2026, 6, 30)  # a Tuesday
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("今天", "2026-06-30"),
        ("昨天", "2026-06-29"),
        ("前天", "2026-06-28"),
        ("3-12", "2026-03-12"),
        ("3/12", "2026-03-12"),
        ("3.12", "2026-03-12"),
        ("３－１２", "2026-03-12"),
        ("3月12日", "2026-03-12"),
        ("3月12号", "2026-03-12"),
        ("12日", "2026-06-12"),
        ("2026-03-12", "2026-03-12"),
        ("2026年3月12日", "2026-03-12"),
        ("20260312", "2026-03-12"),
        ("周一", "2026-06-29"),
        ("周三", "2026-06-24"),
        ("上周五", "2026-06-26"),
        ("28号", "2026-06-28"),
        ("廿五日", "2026-06-25"),
        ("二十八日", "2026-06-28"),
        ("三月十二日", "2026-03-12"),
        ("二〇二六年三月十二日", "2026-03-12"),
        ("二零二六年3月12日", "2026-03-12"),
        ("26-3-12", "2026-03-12"),
        ("26.3.12", "2026-03-12"),
        ("26年3月12日", "2026-03-12"),
        ("3。12", "2026-03-12"),
        ("３．１２", "2026-03-12"),
        ("3，12", "2026-03-12"),
        ("3天前", "2026-06-27"),
        ("三天前", "2026-06-27"),
        ("十天之前", "2026-06-20"),
        ("昨日", "2026-06-29"),
        ("上上周三", "2026-06-17"),
        ("上个周五", "2026-06-26"),
        ("这周一", "2026-06-29"),
        ("上月28号", "2026-05-28"),
        ("本月3日", "2026-06-03"),
        ("12-30", "2026-12-30"),  # not yet: refused later, with today's date
    ],
)
def test_dates(typed: str, day: str) -> None:
    assert read_date(typed, TODAY, YEAR) == date.fromisoformat(day)


def test_a_day_without_a_year_is_last_years_where_the_project_has_it() -> None:
    across = Period(date(2025, 7, 1), date(2026, 6, 30))
    assert read_date("12-30", date(2026, 1, 5), across) == date(2025, 12, 30)
    assert read_date("2-29", date(2027, 1, 1), None) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "明天", "3-32", "2-30", "13-1", "2026-2-29", "三月", "3-", "1", "2月30日", "26-2-29"),
        *(
            "12-3-26",
            "正月十五",
            "清明节",
            "农历三月十二",
            "腊月廿三",
            "32号",
            "几天前",
            "九〇年三月三日",
        ),
        *("3-12至3-14", "3年12"),
    ],
)
def test_no_dates(typed: str) -> None:
    with pytest.raises(Refused):
        read_date(typed, TODAY, YEAR)


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("28号", "2026-09-03", "2026-08-28"),
        ("31日", "2026-04-05", "2026-03-31"),
        ("廿八号", "2026-09-03", "2026-08-28"),
        ("15日", "2026-09-14", "2026-08-15"),
        ("3号", "2026-09-03", "2026-09-03"),
        ("本月28号", "2026-09-03", "2026-09-28"),  # refused later: not yet
        ("28号", "2026-01-05", "2026-01-28"),  # the project begins in January
    ],
)
def test_a_day_of_the_month_not_yet_come_is_last_months(typed: str, today: str, day: str) -> None:
    assert read_date(typed, date.fromisoformat(today), YEAR) == date.fromisoformat(day)


def test_a_day_of_the_month_may_be_upcoming_where_that_is_meant() -> None:
    today = date(2026, 9, 3)
    assert read_date("28号", today, YEAR, upcoming=True) == date(2026, 9, 28)
    assert read_date("上月28号", today, YEAR, upcoming=True) == date(2026, 8, 28)


def test_a_day_that_last_month_does_not_have_is_refused() -> None:
    with pytest.raises(Refused, match="没有这一天"):
        read_date("30号", date(2026, 3, 5), YEAR)


@pytest.mark.parametrize("typed", ["正月十五", "清明节", "农历三月十二", "除夕", "三月初三"])
def test_a_day_of_the_lunar_calendar_is_named_as_such(typed: str) -> None:
    with pytest.raises(Refused, match="公历"):
        read_date(typed, TODAY, YEAR)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2026-03", (2026, 3)),
        ("2026年3月", (2026, 3)),
        ("202603", (2026, 3)),
        ("3", (2026, 3)),
        ("3月", (2026, 3)),
        ("３月份", (2026, 3)),
        ("三月", (2026, 3)),
        ("十二月份", (2026, 12)),
        ("二〇二六年三月", (2026, 3)),
        ("本月", (2026, 6)),
        ("上月", (2026, 5)),
    ],
)
def test_months(typed: str, month: tuple[int, int]) -> None:
    assert read_month(typed, TODAY, YEAR) == month


def test_a_month_alone_is_the_one_of_the_project() -> None:
    across = Period(date(2025, 7, 1), date(2026, 6, 30))
    assert read_month("9", date(2026, 2, 1), across) == (2025, 9)
    assert read_month("3", date(2026, 2, 1), across) == (2026, 3)


@pytest.mark.parametrize(
    ("words", "amounts"),
    [
        (["80人次", "100份"], {"场": 1, "份": 100, "人次": 80}),
        (["80", "人次"], {"场": 1, "人次": 80}),
        (["８０人次，１００份"], {"场": 1, "份": 100, "人次": 80}),
        (["1,200人次"], {"场": 1, "人次": 1200}),
        (["１，２００人次"], {"场": 1, "人次": 1200}),
        (["1 200人次"], {"场": 1, "人次": 1200}),
        (["2 000", "份"], {"份": 2000}),
        (["三人次"], {"场": 1, "人次": 3}),
        (["两场", "三十五人次"], {"场": 2, "人次": 35}),
        (["三", "人次"], {"场": 1, "人次": 3}),
        (["1千2百份"], {"份": 1200}),
        (["1百20份"], {"份": 120}),
        (["一百二份", "廿人次"], {"场": 1, "份": 120, "人次": 20}),
        (["1.2w份"], {"份": 12000}),
        (["伍拾份"], {"份": 50}),
        (["80人次,100份"], {"场": 1, "份": 100, "人次": 80}),
        (["3趟"], {"场": 3}),
        (["2场", "80人次"], {"场": 2, "人次": 80}),
        (["2场次"], {"场": 2}),
        (["100份"], {"份": 100}),
        ([], {"场": 1}),
    ],
)
def test_amounts(words: list[str], amounts: dict[str, int]) -> None:
    found, _ = settle(read_amounts(words), units=("场", "份", "人次"), item="7.3")
    assert found == amounts


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("100+份", "100份"),
        ("80余人次", "80人次"),
        ("近百人", "100人"),
        ("几十人次", "80人次"),
        ("30人左右", "30人"),
        ("3-5人", "3人"),
        ("三四十人", "80人"),
    ],
)
def test_an_approximate_amount_is_refused_with_an_exact_one(typed: str, example: str) -> None:
    with pytest.raises(Refused, match="不是准确的数") as refused:
        read_amounts([typed])
    assert (refused.value.hint or "").endswith(f"如 {example}")


@pytest.mark.parametrize(
    ("typed", "example"), [("40×2人次", "80人次"), ("30*3份", "90份"), ("40+30人次", "70人次")]
)
def test_a_calculation_is_refused_with_its_result(typed: str, example: str) -> None:
    with pytest.raises(Refused, match="算好的数") as refused:
        read_amounts([typed])
    assert refused.value.hint == f"如 {example}"


@pytest.mark.parametrize("typed", ["一同", "宣讲", "三里社区", "9:30", "5.1.2", "1,2000份", "5/19"])
def test_other_words_are_no_amounts(typed: str) -> None:
    with pytest.raises(Refused, match="不是数量"):
        read_amounts([typed])


def test_hours_may_have_a_half() -> None:
    for typed in ("16.5小时", "十六点五小时", "16个半小时"):
        found, _ = settle(read_amounts([typed]), units=("小时",), item="7.2.4")
        assert found == {"小时": Decimal("16.5")}


def test_arguments_of_their_own_are_not_joined_to_one_number() -> None:
    assert [amount.text for amount in read_amounts(["1", "200份"])] == ["1", "200份"]


def test_a_unit_may_be_left_out_where_there_is_one() -> None:
    assert settle(read_amounts(["3"]), units=("人次",), item="5.1")[0] == {"人次": 3}
    assert settle(read_amounts(["2.5"]), units=("学时",), item="9.1.2")[0] == {
        "学时": Decimal("2.5")
    }
    assert settle(read_amounts(["20户"]), units=("户次",), item="3.1")[0] == {"户次": 20}


def test_names_are_their_number() -> None:
    assert settle([], units=("支",), item="7.1", names=2) == ({"支": Decimal(2)}, ("支",))


@given(st.text(max_size=30))
def test_no_words_crash_a_reader(text: str) -> None:
    for read in (
        lambda: read_amounts([text]),
        lambda: settle(read_amounts(["1", text]), units=("场", "小时"), item="x"),
        lambda: read_date(text, TODAY, YEAR),
        lambda: read_month(text, TODAY, YEAR),
        lambda: clean(text, "标题"),
        lambda: clean_names([text]),
    ):
        with suppress(Refused):
            read()


@pytest.mark.parametrize("text", ["a\u202eb", "a\x00b", "a\u200bb", "\ud800", "长" * 201])
def test_words_that_must_not_go_into_the_ledger(text: str) -> None:
    with pytest.raises(Refused):
        clean(text, "标题")


def test_names_are_taken_apart() -> None:
    assert clean_names(["张三、李四", "王五 赵六"]) == ("张三", "李四", "王五", "赵六")
    assert clean_names(["John Smith, Ann Lee"]) == ("John Smith", "Ann Lee")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("张　三、李四", ("张三", "李四")),
        ("张 三，李  四", ("张三", "李四")),
        ("张　三 李四 王　五", ("张三", "李四", "王五")),
        ("张　三（南街）、李四", ("张三（南街）", "李四")),
        ("赵　钱　孙", ("赵", "钱", "孙")),
        ("李\n四", ("李", "四")),
        ("欧阳 明", ("欧阳", "明")),
        ("José Núñez、王五", ("José Núñez", "王五")),
        ("John Smith，O’Brien Zed、张　三", ("John Smith", "O’Brien Zed", "张三")),
    ],
)
def test_a_padded_name_is_one_name(typed: str, names: tuple[str, ...]) -> None:
    assert clean_names([typed]) == names
    assert clean_names(["甲", "乙"]) == ("甲", "乙")
    assert clean_name(names[0]) == names[0]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("王　甲、王乙", ("王甲", "王乙")),
        ("王小 明、李 四、欧阳 娜", ("王小明", "李四", "欧阳娜")),
        ("甲 乙，丙", ("甲乙", "丙")),
        ("张丁（南街）、张丁 (北街)", ("张丁（南街）", "张丁（北街）")),
        ("张丁 [南街]；李四 【 西街 】", ("张丁（南街）", "李四（西街）")),
        ("张三\n李四", ("张三", "李四")),
        ("Ann Lee、王 甲", ("Ann Lee", "王甲")),
        ("张丁 (南街)", ("张丁（南街）",)),
        ("张丁Ａ、张丁Ｂ", ("张丁A", "张丁B")),
        ("张三、", ("张三",)),
    ],
)
def test_where_commas_separate_names_spaces_do_not(typed: str, names: tuple[str, ...]) -> None:
    assert clean_names([typed]) == names


@pytest.mark.parametrize("typed", ["张三 李四、王五", "王五、司马 相如", "甲、张丁（南街） 李四"])
def test_a_space_that_may_separate_two_people_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="个姓名里有空格") as caught:
        clean_names([typed])
    place = 1 if typed.startswith("张三 ") else 2
    assert caught.value.message.startswith(f"第 {place} 个")
    assert caught.value.hint == "几个人都用顿号隔开，如 甲、乙；是一个人就去掉空格"


@pytest.mark.parametrize(
    "forms",
    [
        ("张丁（南街）", "张丁(南街)", "张丁 （ 南街 ）", "张丁［南街］"),
        ("王甲", "王　甲", "王 甲", " 王甲 "),
        ("李四A", "李四Ａ"),
        ("José", "Jose\u0301"),
    ],
)
def test_one_person_in_several_forms_is_written_twice(forms: tuple[str, ...]) -> None:
    assert {clean_name(form) for form in forms} == {forms[0]}
    for form in forms[1:]:
        with pytest.raises(Refused, match="写了两次"):
            clean_names([f"{forms[0]}、{form}"])


def test_one_name_has_no_spaces_between_its_characters() -> None:
    typed = ("张　三", "欧 阳 明", "张 三（南街）", "John  Smith", "王 Anna")
    cleaned = ("张三", "欧阳明", "张三（南街）", "John Smith", "王 Anna")
    assert tuple(map(clean_name, typed)) == cleaned


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5.1", "5.1"),
        ("4", "4.1"),
        ("殡葬", "7.3.1"),
        ("垃圾分类", "7.3.3"),
        ("政策宣讲", "7.3"),
        ("殡葬宣讲", "7.3.1"),
        ("助学", "4.1"),
        ("新风弘扬", "7.3.2"),
        ("hmbz", "7.3.1"),
        ("RHFS", "5.1"),
        ("bz", "7.3.1"),
        ("7.3", "7.3"),
        ("５．１", "5.1"),
        ("5。1", "5.1"),
        ("5,1", "5.1"),
        ("5，1", "5.1"),
        ("7、3、1", "7.3.1"),
        ("７．３．１", "7.3.1"),
        ("9。1,2", "9.1.2"),
        ("5.1.", "5.1"),
    ],
)
def test_items_are_found(project: Project, typed: str, code: str) -> None:
    assert find_item(project, typed).code == code


@pytest.mark.parametrize(
    ("typed", "several"),
    [("档案", ["6.1.1", "6.4.1"]), ("6.8", ["6.8.1", "6.8.2"]), ("zzz", []), ("", []), ("9.9", [])],
)
def test_items_that_are_none_or_several(project: Project, typed: str, several: list[str]) -> None:
    assert [item.code for item in find_candidates(project, typed)] == several


@pytest.mark.parametrize(
    ("name", "found", "others"),
    [
        ("曾家院坝会", ("zjybh", "cjybh", "zjyb", "jybh"), ("sjyb", "zjybx")),
        ("朝阳行动", ("cyxd", "zyxd", "cyhd", "yxd"), ("syxd",)),
        ("长者学堂", ("czxt", "zzxt", "czx"), ("szxt",)),
    ],
)
def test_initials_of_every_reading_are_found(
    project: Project, name: str, found: tuple[str, ...], others: tuple[str, ...]
) -> None:
    renamed = with_items(
        project, lambda item: replace(item, name=name) if item.code == "5.1" else item
    )
    for typed in (*found, found[0].upper()):
        assert "5.1" in [item.code for item in find_candidates(renamed, typed)]
    for typed in others:
        assert "5.1" not in [item.code for item in find_candidates(renamed, typed)]


def test_a_better_match_of_another_reading_is_not_passed_over(project: Project) -> None:
    names = {"5.1": "朝阳行动", "5.2": "结对初阳行动组"}
    renamed = with_items(project, lambda item: replace(item, name=names.get(item.code, item.name)))
    assert [item.code for item in find_candidates(renamed, "cyxd")] == ["5.1", "5.2"]
    assert find_item(renamed, "zyxd").code == "5.1"


def test_a_community_is_found_by_every_reading(projects: dict[str, Project]) -> None:
    renamed = [replace(projects["sanli"], name="朝阳社区", street="曾家街道")]
    for typed in ("cysq", "zysq", "zjjd", "cjjd", "朝阳"):
        assert find_project([*renamed, projects["xianheguan"]], typed).slug == "sanli"


def test_communities_are_found(projects: dict[str, Project]) -> None:
    for typed in ("sanli", "三里", "三里社区", "南塔", "san", "slsq"):
        assert find_project(projects.values(), typed).slug == "sanli"
    with pytest.raises(Refused):
        find_project(projects.values(), "社区")


def test_an_amount_is_as_large_as_the_ledger_takes_and_no_larger() -> None:
    amounts, _ = settle(read_amounts(["100000000人次"]), units=("人次",), item="5.1")
    assert amounts == {"人次": Decimal(100_000_000)}
    for typed in ("100000001人次", "999999999999999人次"):
        with pytest.raises(Refused, match="太大"):
            settle(read_amounts([typed]), units=("人次",), item="5.1")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("  3月2日走访 3户 \r\n\r\n\t老人两名\x07\u202e。\n", "  3月2日走访 3户\n\t老人两名。"),
        ("第一行\u2028第二行", "第一行\n第二行"),
    ],
)
def test_a_passage_keeps_its_lines_and_words(typed: str | None, kept: str) -> None:
    assert clean_passage(typed, "成效") == kept


def test_a_passage_is_refused_only_if_it_is_too_long() -> None:
    assert len(clean_passage("字" * 20_000, "成效")) == 20_000
    with pytest.raises(Refused, match="成效有 20001 个字，太长"):
        clean_passage("字" * 20_001, "成效")


def test_a_typed_zero_is_never_replaced_by_an_implied_amount() -> None:
    typed = read_amounts(["60人次", "0场"], zero=True)
    amounts, implied = settle(typed, units=("场", "份", "人次"), item="7.3")
    assert (amounts, implied) == ({"人次": Decimal(60)}, ())
    typed = read_amounts(["0人次"], zero=True)
    assert settle(typed, units=("场", "份", "人次"), item="7.3") == ({"场": Decimal(1)}, ("场",))
