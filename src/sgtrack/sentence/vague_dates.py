"""Finds words for a day that are vague or cannot be converted: 近日, 每周三, 正月十五, 端午节.

If a sentence has no other words for its day, the officer is asked.
"""

from __future__ import annotations

import re

from sgtrack.model.numerals import RANGE

HAN = "一二三四五六七八九十"
NUMBER = rf"(?:\d{{1,2}}|[零〇{HAN}廿卅]{{1,3}})"
YEAR = r"(?:(?<!\d)\d{4}|(?<!\d)\d{2}|[二两][零〇][零〇一二三四五六七八九]{2})"
AGO = re.compile(
    rf"(?<![提前第每\d{HAN}])(?P<ago>\d{{1,3}}|[{HAN}两]{{1,3}})\s*天(?:之|以)?前(?![往来去后])"
)
LUNAR_DAY = re.compile(
    rf"(?:农历|阴历|旧历|古历)\s*(?:{YEAR}年|[\u4e00-\u9fff]{{2}}年)?\s*(?:[正冬腊{HAN}\d]{{1,2}}月)?"
    rf"\s*(?:初[{HAN}]|{NUMBER})?[日号]?|[正冬腊]月(?:初[{HAN}]|{NUMBER})?[日号]?|[{HAN}]{{1,2}}月初[{HAN}]"
    rf"|大年(?:初[{HAN}]|三十|夜)|除夕夜?"
)
"""Days of the lunar calendar."""
_VAGUE = re.compile(
    r"每个?(?:周|星期|礼拜)[一二三四五六日天](?!的)|每个?月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号](?!的)|"
    r"(?:\d{1,2}月)?\d{1,2}[日号](?:之|以)?前|[\u4e00-\u9fff]{2,5}[日节](?:当[天日]|[这那]天)|[明后]天|下个?(?:周|星期|礼拜)[一二三四五六日天]?|(?:清明|端午|中秋|重阳|春节|元宵|腊八|七夕|小年|冬至|元旦|国庆|三八|五[一四]|六一|七一|八一|母亲节|父亲节)节?(?:当[天日]|[这那]天|前夕|期间|前后)|头[几两]天|连着[几两三]天|连续[几两三]天|近日|日前|近期|最近|连日来?|前几天|前段时间|这段时间|前阵子?|这阵子?|近段时间|前不久|不久前|前一?周|这周(?![一二三四五六日天])|[这近]几天|[这近]两天|前些天|某[天日个]|有一天|假期|暑假|寒假|"
    r"[上中下]旬|月初|月末|月底|年初|年底|周末|节前|节后|上?上周(?![一二三四五六日天])|第[一二三四]周|"
    r"本周(?![一二三四五六日天])|上个?月|本月|这个月|[本上]季度|[一二三四]季度|[上下]半年|"
    rf"(?:(?<![\d.])(?:\d{{1,2}}{RANGE})?\d{{1,2}}|[{HAN}]{{1,2}})月(?!\s*[\d{HAN}]+[日号])"
)
_FEASTS = re.compile(
    r"(?:^|(?<=[，。；：:、\s在于年])|(?<=正值)|(?<=适逢))"
    r"(?:(?:三八|五[一四]|六一|七一|八一|九九)?(?:清明|端午|中秋|重阳|春|元宵|七夕|腊八|中元|寒食|国庆|"
    r"劳动|妇女|青年|儿童|教师|建军|建党|植树|母亲|父亲|感恩|圣诞)节|"
    r"(?:三八|五[一四]|六一|七一|八一|十一|元旦|国庆|双节|开学|高考|中考|汛期)(?:前夕|期间|前后|来临之际|到来之际)|(?:元旦|冬至|小年|七夕|腊八|清明|端午|中秋|重阳|国庆)(?=[，,\s]|[上下]午|社工|开展|组织))"
)
"""Festivals. The date of most varies from year to year, and the activity may be on another day."""
_LONG_AGO = re.compile(
    rf"(?:^|(?<=[，。；\s]))(?:[去前]年|前[{HAN}两\d]+天|[{HAN}两\d几数半]+个?(?:周|星期|礼拜|月|多月)(?:之|以)?前|[几数][天日](?:之|以)?前|\d{{1,2}}日前)(?!的)"
)


def find_vague_day(text: str) -> str:
    """Return the words in a text that name a day vaguely, or an empty text."""
    for pattern in (LUNAR_DAY, AGO, _LONG_AGO, _VAGUE, _FEASTS):
        if match := pattern.search(text):
            return match[0]
    return ""
