"""The day a sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sgtrack.entry.date_parsing import read_date
from sgtrack.model.contract import Period
from sgtrack.model.errors import Refused
from sgtrack.model.units import UNITS
from sgtrack.sentence.quantities import narrowed

_HAN_DAY = "一二三四五六七八九十"
_UNITS = "|".join(sorted(UNITS, key=len, reverse=True))
_N = rf"(?:\d{{1,2}}|[{_HAN_DAY}廿卅]{{1,3}})"
_FULL = re.compile(
    rf"(?P<year>\d{{4}})\s*[年./-]\s*(?P<month>{_N})\s*[月./-]\s*(?P<day>{_N})\s*[日号]?"
)
_MONTH_DAY = re.compile(
    rf"(?P<month>{_N})\s*月\s*(?P<day>{_N})\s*(?:[日号]|(?=[-—~～至到、上下中晚早傍夜，,]))"
)
_BARE_DAY = re.compile(
    rf"(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月"
    rf"(?P<day>\d{{1,2}}|(?:[二三]?十|廿)[一二三四五六七八九]?(?![一二三四五六七八九十几百]))(?![\d.%日号])(?!\s*[余多来几]?\s*(?:{_UNITS}|元|周|级|年))"
)
"""A day without 日: 6月26组织, but not 6月26人."""
_RUN = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)"
    rf"|^(?P<month3>0[1-9]|1[0-2])(?P<day3>[0-3]\d)(?![\d.%]|\s*(?:{_UNITS}|元|年))"
    r"|(?<![\d.])(?P<year2>2\d)[.](?P<month2>\d{1,2})[.](?P<day2>\d{1,2})(?![\d.])"
)
"""20260626, 26.6.26, and 0626 at the beginning."""
_SHORT = re.compile(
    r"(?<![\d.])(?P<month>\d{1,2})[./](?P<day>\d{1,2})"
    r"(?![\d.%]|\s*(?:个|小时|学时|课时|万|元|公里|里|米|平|倍|分|斤|折|度|版|天))"
)
_HYPHEN = re.compile(
    rf"(?:^|(?<=[【\[】\]（(\s]))(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?=[，,：:\s】\]）)]|[\u4e00-\u9fff])(?![日号至到])(?!\s*(?:{_UNITS}))"
)
_THIS_MONTH = re.compile(
    rf"(?:(?P<month_named>本月|这个月|当月|上个?月)\s*(?P<day>{_N})|(?<![\d月第])(?P<only_day>\d{{1,2}})|"
    r"(?<![月第一二三四五六七八九十])(?P<han_day>(?:[二三]十|(?:二?十)(?=[一-十]号|[一二三四五六七八九]日|号))[一二三四五六七八九]?))[日号]"
    r"(?!前|之前|线|楼|院|桥|栋|店|网格|公交|桌|车|会议|文件|报(?![送给备到社县街]))"
)
_NAMED = re.compile(
    r"大前天|(?<![目以生])前[天晚日](?!制)|昨(?:[天日晚早儿夜个]|(?=[上下]午))|今(?:[天日早晚儿夜晨个]|(?=[上下]午))|"
    r"(?:^|(?<=[，。；\s]))[昨今](?=[，,：:\s])"
)
_WEEKDAY = re.compile(
    r"(?<![每下])(?<!下个)(?P<which>上个?|本|这个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?!年|期|岁)"
)
_VAGUE = re.compile(
    r"[\u4e00-\u9fff]{2,5}[日节](?:当[天日]|[这那]天)|[明后]天|下个?(?:周|星期|礼拜)[一二三四五六日天]?|(?:清明|端午|中秋|重阳|春节|元宵|腊八|母亲节|父亲节)节?(?:当[天日]|[这那]天|前夕|期间|前后)|头[几两]天|近日|日前|近期|最近|连日来?|前几天|前段时间|这段时间|前阵子?|这阵子?|近段时间|前不久|不久前|前一?周|这周(?![一二三四五六日天])|[这近]几天|[这近]两天|前些天|某[天日个]|有一天|假期|暑假|寒假|"
    r"[上中下]旬|月初|月末|月底|年初|年底|周末|节前|节后|上周(?![一二三四五六日天])|第[一二三四]周|"
    r"本周(?![一二三四五六日天])|上个?月|本月|这个月|[本上]季度|[一二三四]季度|[上下]半年|"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?!\s*[\d一二三四五六七八九十]+[日号])"
)
_FEASTS = {
    "元旦": (1, 1),
    "学雷锋": (3, 5),
    "三八": (3, 8),
    "妇女": (3, 8),
    "植树": (3, 12),
    "五一": (5, 1),
    "劳动": (5, 1),
    "五四": (5, 4),
    "青年": (5, 4),
    "六一": (6, 1),
    "儿童": (6, 1),
    "禁毒": (6, 26),
    "七一": (7, 1),
    "八一": (8, 1),
    "建军": (8, 1),
    "教师": (9, 10),
    "国庆": (10, 1),
    "宪法": (12, 4),
    "志愿者": (12, 5),
}
"""Days with a name that have the same date every year."""
_FEAST_DAY = re.compile(
    rf"[“‘]?(?P<feast>{'|'.join(_FEASTS)})[”’]?[^，。；]{{0,4}}?(?:当[天日]|[这那]天)(?:[上下]午)?"
)
_NAMED_DAYS = (
    *(_RUN, _FULL, _MONTH_DAY, _BARE_DAY, _SHORT, _HYPHEN),
    *(_NAMED, _WEEKDAY, _FEAST_DAY, _THIS_MONTH),
)
_NOT_THE_DAY = re.compile(r"\s*(?:前|之前|以前|为止|止)")
_AS_OF = re.compile(r"截[至止]到?\s*$")
_TITLES = re.compile(r"“[^”]*”|《[^》]*》")
_BOOKS = re.compile(r"《[^》]*》|今日(?:乐至|头条)")
"""Names that have a day in them: 《今日乐至》."""
_PUT_OFF = re.compile(r"原[定计本]\S{0,6}$|本来[^，。；]{0,4}$|原计划[^，。；]{0,4}$")
"""What stands before a day on which it did not happen after all."""
_MOVED_TO = re.compile(r"(?:改|推迟|延期|顺延|提前|延)[到至在为于]?$")
"""What stands before the day on which it happened instead."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day and the words it was read from; ``day`` is None where they do not fix it."""

    day: date | None
    words: str


def find_day(text: str, today: date, period: Period) -> Day | None:
    """The first day that a text names, or words for a time that fix no day, or nothing.

    A day that is still to come is not the day of what was done: it is asked.
    """
    narrow = _BOOKS.sub(lambda book: "《" * len(book[0]), narrowed(text))
    moved, held, until, ahead = [], [], [], []
    for match, day in sorted(_named(narrow, today, period), key=lambda one: one[0].start()):
        before = narrow[: match.start()]
        said = Day(day if day <= today else None, match[0].strip())
        if _MOVED_TO.search(before):
            moved.append(said)
        elif said.day is None:
            ahead.append(said)
        elif _AS_OF.search(before):
            until.append(said)
        else:
            held.append(said)
    if found := [*moved, *held, *until, *ahead]:
        return found[0]
    vague = _VAGUE.search(_TITLES.sub("", narrow))
    return Day(None, vague[0]) if vague else None


def _named(narrow: str, today: date, period: Period) -> list[tuple[re.Match[str], date]]:
    """Every day that a text names and on which something may have been done."""
    found: list[tuple[re.Match[str], date]] = []
    for pattern in _NAMED_DAYS:
        for match in pattern.finditer(narrow):
            before = narrow[: match.start()]
            if _NOT_THE_DAY.match(narrow, match.end()) or _PUT_OFF.search(before):
                continue
            if any(one.start() < match.end() and match.start() < one.end() for one, _ in found):
                continue
            day = _day(match, today, period)
            if day is not None:
                found.append((match, day))
    return found


def _day(match: re.Match[str], today: date, period: Period) -> date | None:
    parts = match.groupdict()
    try:
        if "feast" in parts:
            month, day = _FEASTS[parts["feast"]]
            return read_date(f"{month}-{day}", today, period)
        if "month_named" in parts:
            day = _number(parts["day"] or parts["only_day"] or parts["han_day"])
            return _in_month(parts["month_named"], day, today)
        if "year2" in parts:
            return _run(parts, today, period)
        if "which" in parts:
            which = (parts["which"] or "").rstrip("个").replace("这", "本")
            return read_date(f"{which}周{parts['day']}", today, period)
        if "month" not in parts:
            return read_date(_relative(match[0]), today, period)
        month, day = _number(parts["month"]), _number(parts["day"])
        if "year" in parts:
            return date(int(parts["year"]), month, day)
        return read_date(f"{month}-{day}", today, period)
    except (Refused, ValueError):
        return None


def _run(parts: Mapping[str, str | None], today: date, period: Period) -> date:
    if parts["month3"] and parts["day3"]:
        return read_date(f"{int(parts['month3'])}-{int(parts['day3'])}", today, period)
    year, month, day = (
        int(parts[name] or parts[f"{name}2"] or 0) for name in ("year", "month", "day")
    )
    return date(year if year > 2000 else year + 2000, month, day)


def _relative(words: str) -> str:
    """今早, 今日 and 今 are 今天; 昨晚 is 昨天."""
    return {"今": "今天", "昨": "昨天", "前": "前天"}.get(words[0], words)


def _in_month(which: str | None, day: int, today: date) -> date:
    first = today.replace(day=1)
    if which and which.startswith("上"):
        first = (first - timedelta(days=1)).replace(day=1)
    found = first.replace(day=day)
    if which is None and found > today:
        return (first - timedelta(days=1)).replace(day=day)
    return found


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    written = written.replace("廿", "二十").replace("卅", "三十")
    ten, _, one = written.rpartition("十")
    tens = (_HAN_DAY.index(ten) + 1 if ten else 1) if "十" in written else 0
    return tens * 10 + (_HAN_DAY.index(one) + 1 if one else 0)
