"""The day of a sentence; today is Tuesday, 30 June 2026."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("3天前走访低保户", "2026-06-27"),
        ("社工两天前上门", "2026-06-28"),
        ("十天前，党员学习", "2026-06-20"),
        ("已于5天以前报送", "2026-06-25"),
        ("26-3-12宣讲", "2026-03-12"),
        ("（26/3/12）宣讲", "2026-03-12"),
        ("26年3月12日宣讲", "2026-03-12"),
        ("廿五日走访", "2026-06-25"),
        ("廿八号走访", "2026-06-28"),
        ("三月廿五日走访", "2026-03-25"),
        ("二〇二六年三月十二日宣讲", "2026-03-12"),
        ("二零二六年3月12日宣讲", "2026-03-12"),
        ("２０２６年３月１２日宣讲", "2026-03-12"),
        ("去年12月3日走访", "2025-12-03"),
        ("今年3月12日走访", "2026-03-12"),
        ("上上周三走访", "2026-06-17"),
        ("上上星期天走访", "2026-06-21"),
        ("上个周五走访", "2026-06-26"),
        ("6月25日前往敬老院", "2026-06-25"),
        ("评分4.8，6月12日宣讲", "2026-06-12"),
        ("5.8晚上学习，简报6月12日报送", "2026-06-12"),
        ("5/9整理台账，6月12日归档", "2026-06-12"),
        ("出生于1998年3月12日的老人，6月3日走访", "2026-06-03"),
        ("农历三月十二（4月28日）走访", "2026-04-28"),
        ("三号上午在社区宣讲", "2026-06-03"),
        ("大前日走访", "2026-06-27"),
    ],
)
def test_a_day_that_is_named(text: str, day: str) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert found.day == date.fromisoformat(day)
    assert found.words in unicodedata.normalize("NFKC", text)


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
        "2月30日",
        "6月31日",
        "13月5日",
        "2026-02-30",
        "2/30",
        "二月三十日",
        "26年2月29日",
        "正月十五",
        "腊月廿三",
        "农历三月十二",
        "三月初三",
        "大年初一",
        "除夕",
        "清明节",
        "国庆节",
        "六一儿童节",
        "母亲节",
        "上上周",
        "前三天",
        "一个月前",
        "两周前",
        "3日前",
        "3月3日至32日",
        "6月20日前后",
        "去年",
        "七一前夕",
        "国庆期间",
        "冬至当天",
        "九九重阳节",
        "1-6月",
        "1至6月",
        "6月20日前",
        "6月12日至3日",
    ],
)
def test_words_without_a_certain_day_are_shown_in_the_question(words: str) -> None:
    found = find_date(f"{words}开展政策宣讲", TODAY, YEAR)
    assert found is not None
    assert found.day is None
    assert found.words in words


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("3月3日至6日培训", "3月3日至6日", "03-03", "03-06"),
        ("3月3-6日培训", "3月3-6日", "03-03", "03-06"),
        ("3月30日—4月2日培训", "3月30日—4月2日", "03-30", "04-02"),
        ("2026年3月3日至6日", "2026年3月3日至6日", "03-03", "03-06"),
        ("三月三日到六日", "三月三日到六日", "03-03", "03-06"),
        ("3.3-3.6培训", "3.3-3.6", "03-03", "03-06"),
        ("3/3～3/6培训", "3/3～3/6", "03-03", "03-06"),
        ("2026-03-03至2026-03-06", "2026-03-03至2026-03-06", "03-03", "03-06"),
        ("2026.3.3-3.6", "2026.3.3-3.6", "03-03", "03-06"),
        ("6-3至6-6培训", "6-3至6-6", "06-03", "06-06"),
        ("3日至6日培训", "3日至6日", "06-03", "06-06"),
        ("3-6号培训", "3-6号", "06-03", "06-06"),
        ("上周一至周三培训", "上周一至周三", "06-22", "06-24"),
        ("周一到周五值班", "周一到周五", "06-22", "06-26"),
        ("6月3日、5日、8日上门", "6月3日、5日、8日", "06-03", "06-08"),
        ("3月3日（周二）至6日培训", "3月3日（周二）至6日", "03-03", "03-06"),
        ("6月3日上午至4日下午", "6月3日上午至4日", "06-03", "06-04"),
        ("6月3、4日上门", "6月3、4日", "06-03", "06-04"),
        ("6月29日至7月3日培训", "6月29日至7月3日", "06-29", "07-03"),
    ],
)
def test_several_days_are_the_first_and_the_last(
    text: str, words: str, first: str, last: str
) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert (found.words, str(found.day), str(found.until)) == (
        words,
        f"2026-{first}",
        f"2026-{last}",
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6.22-6.28，周三入户", "2026-06-24"),
        ("6.15-6.21周报：周日值班", "2026-06-21"),
        ("6月1日至7日工作小结：周二走访", "2026-06-02"),
        ("【6.22—6.28】24日走访", "2026-06-24"),
        ("6.22-6.28：4日走访", None),
        ("6.15-6.28：周三走访", None),
    ],
)
def test_the_days_of_a_heading_place_the_days_under_it(text: str, day: str | None) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert found.day == (day and date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5.1入户访视3人次", None),
        ("5.1，入户访视3人次", None),
        ("服务项5.8：入户访视3人次", None),
        ("5.8晚上入户访视", "2026-05-08"),
        ("5.1-5.3走访", "2026-05-01"),
        ("5.1上午入户访视", "2026-05-01"),
        ("5.1入户访视，6月3日", "2026-06-03"),
        ("5.11入户访视", "2026-05-11"),
    ],
)
def test_the_code_of_the_item_is_no_day(text: str, day: str | None) -> None:
    found = find_date(text, TODAY, YEAR, {"5.1": True})
    assert (found and found.day) == (day and date.fromisoformat(day))


def test_what_may_be_a_code_or_a_day_is_asked() -> None:
    found = find_date("5.1走访3人次", TODAY, YEAR, {"5.1": False})
    assert found is not None
    assert (found.day, found.words) == (None, "5.1")


@pytest.mark.parametrize("text", ["6月第2周周三走访", "5月第二个星期日活动", "第三周的周五学习"])
def test_a_weekday_of_a_numbered_week_is_asked(text: str) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert found.day is None


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
        "评分4.8",
        "满意度9.5",
        "第3.5稿",
        "3/4的居民",
        "4.8的高分",
        "得分：4.9",
        "占3/5",
        "时长2.5-3.5小时",
        "提前三天前往",
        "在5-6号楼宣讲",
        "为期十日",
        "幸福路28号",
        "县府〔2026〕12号",
        "28号商铺",
        "15日内办结",
        "“清明节”主题画展",
        "10.3.1月度简报",
    ],
)
def test_no_day(text: str) -> None:
    assert find_date(text, TODAY, YEAR) is None


@given(st.text(alphabet="0123一二十廿年月日号.-/至、，周上天前农历正初节:（）第人次", max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    found = find_date(text, TODAY, YEAR, {"1.1": True, "1.2": False})
    assert found is None or found.words in text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19/6开展政策宣讲", "2026-06-19"),
        ("28/5，入户走访3人次", "2026-05-28"),
        ("政策宣讲 15/4 三里广场", "2026-04-15"),
        ("6/5开展政策宣讲", "2026-06-05"),
        ("6.12的活动来了42人", "2026-06-12"),
        ("5.20的走访，3户", "2026-05-20"),
        ("3/12的宣讲80人次", "2026-03-12"),
        ("6.12下午包粽子", "2026-06-12"),
    ],
)
def test_a_day_before_its_month_or_before_an_activity(text: str, day: str) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert str(found.day) == day


@pytest.mark.parametrize(
    "text",
    [
        *("每周三开展测血压活动", "每周二下午手工小组活动", "每个星期五到敬老院", "每礼拜天义诊"),
        *("每月15日走访", "每个月十五号评选", "19.6入户走访3人次", "25.3开展义诊"),
    ],
)
def test_a_habit_and_a_day_that_no_form_has_are_asked(text: str) -> None:
    found = find_date(text, TODAY, YEAR)
    assert found is not None
    assert found.day is None


@pytest.mark.parametrize("text", ["气温19.6度，走访3户", "占比为21/2", "平均19.6分"])
def test_no_day_first(text: str) -> None:
    assert find_date(text, TODAY, YEAR) is None
