"""Finds the date of an activity in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sgtrack.entry.date_parsing import read_date
from sgtrack.model.contract import Period
from sgtrack.model.errors import Refused
from sgtrack.model.numerals import narrow, parse_number
from sgtrack.model.text import UNIT_PATTERN
from sgtrack.sentence.vocabulary import vocabulary

_HAN_DAY = "一二三四五六七八九十"
_N = rf"(?:\d{{1,2}}|[{_HAN_DAY}廿卅]{{1,3}})"
_FULL = re.compile(
    rf"(?P<year>\d{{4}})\s*[年./-]\s*(?P<month>{_N})\s*[月./-]\s*(?P<day>{_N})\s*[日号]?"
)
_MONTH_DAY = re.compile(
    rf"(?P<month>{_N})\s*月\s*(?P<day>{_N})\s*(?:[日号]|(?=[-—~～至到、上下中晚早傍夜，,]))"
)
_BARE_DAY = re.compile(
    rf"(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月"
    rf"(?P<day>\d{{1,2}}|(?:[二三]?十|廿)[一二三四五六七八九]?(?![一二三四五六七八九十几百]))(?![\d.%日号])(?!\s*[余多来几]?\s*(?:{UNIT_PATTERN}|元|周|级|年))"
)
"""A date without 日, as in 6月26组织; 6月26人 is no date."""
_RUN = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)"
    rf"|^(?P<month3>0[1-9]|1[0-2])(?P<day3>[0-3]\d)(?![\d.%]|\s*(?:{UNIT_PATTERN}|元|年))"
    r"|(?<![\d.])(?P<year2>2\d)[.](?P<month2>\d{1,2})[.](?P<day2>\d{1,2})(?![\d.])"
)
"""Dates in digits: 20260626, 26.6.26, or 0626 at the beginning of the text."""
_SHORT = re.compile(
    r"(?<![\d.])(?P<month>\d{1,2})[./](?P<day>\d{1,2})"
    r"(?![\d.%]|\s*(?:个|小时|学时|课时|万|元|公里|里|米|平|倍|分|斤|折|度|版|天))"
)
_HYPHEN = re.compile(
    rf"(?:^|(?<=[【\[】\]（(\s]))(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?=[，,：:\s】\]）)]|[\u4e00-\u9fff])(?![日号至到])(?!\s*(?:{UNIT_PATTERN}))"
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
_DAY_OF = {"今": "今天", "昨": "昨天", "前": "前天"}
"""The day for the first character of words such as 今早 or 昨晚."""
_NOT_THE_DAY = re.compile(r"\s*(?:前|之前|以前|为止|止)")
"""Words after a deadline: 6月20日前."""
_AS_OF = re.compile(r"截[至止]到?\s*$")
_TITLES = re.compile(r"“[^”]*”|《[^》]*》")
_BOOKS = re.compile(r"《[^》]*》|今日(?:乐至|头条)")
"""Titles and names that may contain a date word: 《今日乐至》."""
_PUT_OFF = re.compile(r"原[定计本]\S{0,6}$|本来[^，。；]{0,4}$|原计划[^，。；]{0,4}$")
"""Words before the original date of a postponed activity."""
_MOVED_TO = re.compile(r"(?:改|推迟|延期|顺延|提前|延)[到至在为于]?$")
"""Words before the new date of a postponed activity."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """The words that name a date, and the date.

    ``day`` is None if the words are vague (近日) or name a future date.
    """

    day: date | None
    words: str


def find_date(text: str, today: date, period: Period) -> DateMention | None:
    """Find the words that name the date of an activity, or return None.

    Of several dates, the new date of a postponed activity comes first, then any past date, and then
    a date after 截至. A future date or vague words (近日) are used only if there is no other date.
    Their ``day`` is None, so that the officer is asked for the date.
    """
    narrow_text = _BOOKS.sub(lambda book: "《" * len(book[0]), narrow(text))
    moved, past, as_of, future = [], [], [], []
    named_days = _find_named_days(narrow_text, today, period)
    for match, day in sorted(named_days, key=lambda named: named[0].start()):
        before = narrow_text[: match.start()]
        mention = DateMention(day if day <= today else None, match[0].strip())
        if _MOVED_TO.search(before):
            moved.append(mention)
        elif mention.day is None:
            future.append(mention)
        elif _AS_OF.search(before):
            as_of.append(mention)
        else:
            past.append(mention)
    if mentions := [*moved, *past, *as_of, *future]:
        return mentions[0]
    vague = _VAGUE.search(_TITLES.sub("", narrow_text))
    return DateMention(None, vague[0]) if vague else None


@cache
def _named_days() -> tuple[re.Pattern[str], ...]:
    """Return the date patterns, those with the highest precedence first."""
    feast = re.compile(
        rf"[“‘]?(?P<feast>{'|'.join(vocabulary().feasts)})[”’]?"
        r"[^，。；]{0,4}?(?:当[天日]|[这那]天)(?:[上下]午)?"
    )
    dates = (_RUN, _FULL, _MONTH_DAY, _BARE_DAY, _SHORT, _HYPHEN)
    return (*dates, _NAMED, _WEEKDAY, feast, _THIS_MONTH)


def _find_named_days(text: str, today: date, period: Period) -> list[tuple[re.Match[str], date]]:
    """Find all dates in a text, except deadlines and the original dates of postponed activities."""
    named: list[tuple[re.Match[str], date]] = []
    for pattern in _named_days():
        for match in pattern.finditer(text):
            before = text[: match.start()]
            if _NOT_THE_DAY.match(text, match.end()) or _PUT_OFF.search(before):
                continue
            if any(m.start() < match.end() and match.start() < m.end() for m, _ in named):
                continue
            day = _parse_day(match, today, period)
            if day is not None:
                named.append((match, day))
    return named


def _parse_day(match: re.Match[str], today: date, period: Period) -> date | None:
    parts = match.groupdict()
    try:
        if "feast" in parts:
            month, day = vocabulary().feasts[parts["feast"]]
            return read_date(f"{month}-{day}", today, period)
        if "month_named" in parts:
            day = _parse_day_number(parts["day"] or parts["only_day"] or parts["han_day"])
            return _in_month(parts["month_named"], day, today)
        if "year2" in parts:
            if parts["month3"] and parts["day3"]:
                return read_date(f"{int(parts['month3'])}-{int(parts['day3'])}", today, period)
            year, month, day = (
                int(parts[name] or parts[f"{name}2"] or 0) for name in ("year", "month", "day")
            )
            return date(year if year > 2000 else year + 2000, month, day)
        if "which" in parts:
            which = (parts["which"] or "").rstrip("个").replace("这", "本")
            return read_date(f"{which}周{parts['day']}", today, period)
        if "month" not in parts:
            return read_date(_DAY_OF.get(match[0][0], match[0]), today, period)
        month, day = _parse_day_number(parts["month"]), _parse_day_number(parts["day"])
        if "year" in parts:
            return date(int(parts["year"]), month, day)
        return read_date(f"{month}-{day}", today, period)
    except (Refused, ValueError):
        return None


def _in_month(which: str | None, day: int, today: date) -> date:
    first = today.replace(day=1)
    if which and which.startswith("上"):
        first = (first - timedelta(days=1)).replace(day=1)
    date_in_month = first.replace(day=day)
    if which is None and date_in_month > today:
        return (first - timedelta(days=1)).replace(day=day)
    return date_in_month


def _parse_day_number(written: str) -> int:
    return int(parse_number(written) or 0)
