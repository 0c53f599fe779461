"""The day of a sentence; today is Tuesday, 30 June 2026."""

from __future__ import annotations

from datetime import date

import pytest

from sgtrack.model.contract import Period
from sgtrack.sentence.date_reading import find_date

TODAY = date(2026, 6, 30)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3月12日上午在社区广场", "2026-03-12"),
        ("四月二十八日，参训农户", "2026-04-28"),
        ("2026年5月8日上午", "2026-05-08"),
        ("走访特困人员，5/19。", "2026-05-19"),
        ("5.8晚上党员夜学", "2026-05-08"),
        ("３月５日", "2026-03-05"),
        ("今天中午", "2026-06-30"),
        ("今儿把站里拾掇了", "2026-06-30"),
        ("昨下午", "2026-06-29"),
        ("昨，入户访视7人次", "2026-06-29"),
        ("6月26组织党员学习", "2026-06-26"),
        ("6月26早上", "2026-06-26"),
        ("六月十七又整理出档案", "2026-06-17"),
        ("二十六号上门", "2026-06-26"),
        ("【服务记录】6-12 陪同就医", "2026-06-12"),
        ("0617 活动室 包粽子", "2026-06-17"),
        ("20260626 宣讲", "2026-06-26"),
        ("26.6.26 宣讲", "2026-06-26"),
        ("大前天", "2026-06-27"),
        ("上周四到社区", "2026-06-25"),
        ("本月15日下午", "2026-06-15"),
        ("简报已于24号报送", "2026-06-24"),
        ("六一儿童节当天", "2026-06-01"),
        ("3月2日至6日", "2026-03-02"),
        ("6月简报已于24号报送", "2026-06-24"),
        ("原定4月12日的宣讲改到4月15日", "2026-04-15"),
        ("截至6月20日，累计完成183户次", "2026-06-20"),
        ("截至5月底的任务，6月3日完成", "2026-06-03"),
        ("6月19日下大雨，活动改到6月22日", "2026-06-22"),
        ("党员培训由6月10日推迟到6月12日", "2026-06-12"),
    ],
)
def test_a_day_that_is_named(text: str, day: str) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert found.day == date.fromisoformat(day)
    assert found.words in text or found.words in "3月5日"


@pytest.mark.parametrize(
    "words",
    [
        "近日",
        "前几天",
        "6月中旬",
        "五一假期",
        "这周",
        "前段时间",
        "上个月",
        "3月下旬",
        "端午节前",
        "清明头几天",
        "助残日当天",
        "下周三",
        "明天",
    ],
)
def test_words_without_a_certain_day_are_shown_in_the_question(words: str) -> None:
    found = find_date(f"{words}开展政策宣讲", TODAY, YEAR)
    assert found is not None
    assert found.day is None
    assert found.words in words


@pytest.mark.parametrize(
    "text",
    ["本周三将召开交流会", "将于7月5日宣讲", "原定6月28日的宣讲改为7月5日"],
)
def test_a_day_that_is_still_to_come_is_asked(text: str) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert found.day is None


@pytest.mark.parametrize(
    "text",
    [
        "开展政策宣讲1场",
        "在12号楼下设点",
        "每周三的课堂照常",
        "完成任务数的91.5%",
        "参与3.5个小时",
        "新增“假期托管”一栏",
    ],
)
def test_no_day(text: str) -> None:
    assert find_date(text, TODAY, YEAR) is None


def test_a_day_that_does_not_exist_is_no_day() -> None:
    found = find_date("2月30日开展宣讲", TODAY, YEAR)
    assert found is None or found.day is None
