"""Finds the date of an activity in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from sgtrack.entry.date_parsing import read_date
from sgtrack.model.contract import Period
from sgtrack.model.errors import Refused
from sgtrack.model.numerals import RANGE, narrow, parse_number
from sgtrack.model.text import UNIT_PATTERN
from sgtrack.sentence.places import SPEECH
from sgtrack.sentence.vague_dates import AGO, HAN, LUNAR_DAY, NUMBER, YEAR, find_vague_day
from sgtrack.sentence.vocabulary import vocabulary

_NOT_HOUSE = (
    r"(?!线|楼|院|桥|栋|店|网格|公交|桌|车|会议|文件|报(?![送给备到社县街]))"
    r"(?!(?<=号)(?:令|商?铺|门|室|房|馆|窗口|地块|岗亭))"
)
"""A lookahead that refuses words after 号 or 日 that rule out a day: 12号楼, 15日报."""
_ADDRESS = re.compile(r"(?:[路街巷弄栋幢座〕]|大道|单元|门牌号?|编号)\s*$")
"""Words before a number with 号 that is not a day: 幸福路28号, 〔2026〕12号."""
_NTH_WEEK = re.compile(rf"第\s*[\d{HAN}]+\s*[周个]\s*(?:的)?$")
"""Words before a weekday that is not the latest one: 6月第2周周三."""
_WRITTEN = re.compile(
    rf"(?:(?P<year>{YEAR}\s*年|去年|今年|本年|明年)\s*)?(?P<month>{NUMBER})\s*月\s*(?P<day>{NUMBER})\s*"
    r"(?:[日号]|(?=[-—~～至到、上下中晚早傍夜，,]))"
)
"""A date with 月, as in 3月12日, 去年3月12日 or 二〇二六年三月十二日."""
_BARE_DAY = re.compile(
    rf"(?P<month>\d{{1,2}}|[{HAN}]{{1,2}})月"
    rf"(?P<day>\d{{1,2}}|(?:[二三]?十|廿)[一二三四五六七八九]?(?![{HAN}几百]))(?![\d.%日号])"
    rf"(?!\s*[余多来几]?\s*(?:{UNIT_PATTERN}|元|周|级|年))"
)
"""A date without 日, as in 6月26组织; 6月26人 is not a date."""
_FULL = re.compile(
    r"(?<![\d.A-Za-z-])(?P<year>20\d\d|\d\d)\s*(?P<sign>[-./])\s*(?P<month>\d{1,2})\s*(?P=sign)\s*"
    r"(?P<day>\d{1,2})(?![\d.])[日号]?|(?<!\d)(?P<run>20\d\d(?:0[1-9]|1[0-2])[0-3]\d)(?!\d)"
    rf"|^(?P<month_run>0[1-9]|1[0-2])(?P<day_run>[0-3]\d)(?![\d.%]|\s*(?:{UNIT_PATTERN}|元|年))"
)
"""Dates in digits: 2026-6-26, 26.6.26, 20260626, or 0626 at the beginning of the text."""
_MEASURE = rf"\s*(?:{UNIT_PATTERN}|万|元|公里|里|米|平|倍|分|斤|折|度|版|岁|级|%)"
_SHORT = re.compile(
    rf"(?<![\d./-])(?P<month>\d{{1,2}})(?P<sign>[./])(?P<day>\d{{1,2}})"
    rf"(?![\d.%/]|的(?!活动|服务|走访|探访|入户|慰问|宣[讲传]|培训|讲座|小组|个案|会|课|义诊|志愿)"
    rf"|\s*月|{_MEASURE}|{RANGE}[\d.]+{_MEASURE})"
)
_HYPHEN = re.compile(
    rf"(?:^|(?<=[【\[】\]（(\s）)，,。]))(?P<month>\d{{1,2}})(?P<sign>-)(?P<day>\d{{1,2}})"
    rf"(?=[，,：:\s】\]）)~～至到]|[\u4e00-\u9fff]|$)(?![日号月])(?!\s*(?:{UNIT_PATTERN}))"
)
_NO_DAY_BEFORE = re.compile(
    r"(?:第|评分|得分|打分|均分|总分|分数|分值|平均|人均|比分|比例|占比|满意度|单价|价格|编号|条款|指标|服务项|版本?|"
    r"约|达|超过?|高于|低于|增长|提高|下降|上升|[占¥￥vV])[为是到了约:：]?\s*$"
)
"""Words before a number that is not a date: 评分4.8, 占3/5."""
_DAY_ONLY = re.compile(
    rf"(?P<named>本月|这个月|当月|上个?月)\s*(?P<day>{NUMBER})(?:[日号]|(?={RANGE}{NUMBER}[日号])){_NOT_HOUSE}"
    rf"|(?<![\d月第.年])(?P<number>\d{{1,2}})(?:[日号]|(?={RANGE}\d{{1,2}}[日号])){_NOT_HOUSE}"
    rf"|(?<![月第{HAN}])(?P<han>(?:[二三]十|[廿卅]|二?十(?=[{HAN}]号|[一二三四五六七八九]日|号))"
    rf"[一二三四五六七八九]?|(?:^|(?<=[，。；\s]))[{HAN}](?=[日号](?:[上下中]午|[早晚，,\s社走组开在到])))"
    rf"[日号]{_NOT_HOUSE}"
)
_NAMED = re.compile(
    r"大前[天日]|(?<![目以生大])前[天晚日](?!制)|昨(?:[天日晚早儿夜个]|(?=[上下]午))|今(?:[天日早晚儿夜晨个]|(?=[上下]午))|"
    r"(?:^|(?<=[，。；\s]))[昨今](?=[，,：:\s])"
)
_AGO_FROM_TODAY = re.compile(
    r"(?:^|[，。；：:、\s（(【]|[在于就已]|社工|我们|咱们|我|站|社区|志愿者|大家|同志)$"
)
"""Words before 3天前 if it is counted from today. In 开班3天前, it is counted from an event."""
_WEEKDAY = re.compile(
    r"(?<![每下])(?<![每下]个)(?P<which>上上个?|上个?|本|这个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!年|期|岁)"
)
_STARTS_TIME = re.compile(r"\s*(?:[日号上下中晚早傍夜当]|[-—~～至到]\s*\d|[（(](?:周|星期))")
"""Words that follow a date but not the code of an item: 5.8晚上."""
_YEARS_LATER = {"去年": -1, "今年": 0, "本年": 0, "明年": 1}
_DAY_OF = {"今": "今天", "昨": "昨天", "前": "前天"}
"""The day for the first character of words such as 今早 or 昨晚."""
_NOT_THE_DAY = re.compile(r"\s*(?:之?内|前(?![往来去])|之前|以前|为止|止)")
"""Words after a deadline: 6月20日前."""
_ABOUT_DAY = re.compile("前后|左右")
_AS_OF = re.compile(r"截[至止]到?\s*$")
_TITLES = re.compile(r"“[^”]*”|《[^》]*》")
_BOOKS = re.compile(r"《[^》]*》|今日(?:乐至|头条)")
"""Titles and names that may contain a date word: 《今日乐至》."""
_PUT_OFF = re.compile(r"原[定计本]\S{0,6}$|本来[^，。；]{0,4}$|原计划[^，。；]{0,4}$|继$")
"""Words before the original date of a postponed activity, or before the date of an earlier one."""
_MOVED_TO = re.compile(r"(?:改|推迟|延期|顺延|提前|延)[到至在为于]?$")
"""Words before the new date of a postponed activity."""


_TO_DAY = re.compile(
    rf"(?:[（(][^（）()]{{1,6}}[）)])?(?:[上下中]午|早上|晚上?)?(?:{RANGE}|\s*[、和与及]\s*)"
    rf"(?:(?:(?P<year>{YEAR})\s*年\s*)?(?P<month>{NUMBER})\s*月\s*)?"
    rf"(?P<day>{NUMBER})\s*[日号]{_NOT_HOUSE}"
)
"""A further day after a date with 月 or 日: 至6日, 、10月2日."""
_TO_BARE_DAY = re.compile(
    rf"{RANGE}(?P<day>\d{{1,2}})(?![\d.%日号月]|\s*[余多]?\s*(?:{UNIT_PATTERN}))"
)
_TO_SHORT = re.compile(
    rf"{RANGE}(?:(?:(?P<year>20\d\d|\d\d)[-./])?(?P<month>\d{{1,2}})[-./])?(?P<day>\d{{1,2}})"
    rf"(?![\d.%]|{_MEASURE})[日号]?"
)
"""The last day after a date in digits: -10.18."""
_TO_WEEKDAY = re.compile(
    rf"(?:{RANGE}(?:周|星期|礼拜)?|\s*[、和与及]\s*(?:周|星期|礼拜))(?P<weekday>[一二三四五六日天])(?!年|期|岁)"
)
_HEADING_ENDS = re.compile(r"(?:[^，。；\d]{0,10}[：:】\]）)])?[\s，,、：:（(【\[]*")
"""Text between the days of a heading and a day below it: 10.12-10.18周报：周三."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """The words that name a date, and the date.

    ``day`` is None if the words are vague (近日), name a future date, or name a day that cannot be
    read (2月30日, 正月十五). ``until`` is the last day if the words name several days, of which
    ``day`` is the first. ``relative`` is true for a weekday, and for a day without its month (周三,
    12日); the days in a heading can determine its date.
    """

    day: date | None
    words: str
    until: date | None = None
    relative: bool = False

    def is_placed_by(self, heading: DateMention) -> bool:
        """Return whether a heading with several days, such as 10.12-10.18, determines this day."""
        return self.relative and heading.until is not None


@dataclass(frozen=True, slots=True)
class _Found:
    """A date in a text; ``numeric`` marks the forms 6.12, 6/12 and 6-12, which may be no dates.

    A relative date has a ``weekday`` (Monday is 0) or a ``number``, the day of the month.
    """

    start: int
    end: int
    day: date | None
    until: date | None = None
    numeric: bool = False
    weekday: int | None = None
    number: int | None = None

    @property
    def is_relative(self) -> bool:
        return self.weekday is not None or self.number is not None


def find_date(
    text: str, today: date, period: Period, codes: Mapping[str, bool] | None = None
) -> DateMention | None:
    """Find the words that name the date of an activity, or return None.

    If there are several dates, these take precedence, in this order: the new date of a postponed
    activity, a past date in the project period or one that cannot be read, a date after 截至, a
    past date outside the period, a future date, vague words (近日). Dates such as 6.12 are ignored
    if there is a past date with 月 or 日. The ``day`` of a future date or of vague words is None,
    so that the officer is asked.

    ``codes`` maps the codes of items that look like dates (5.1) to true if they are not dates, and
    to false if they may be dates; the officer is then asked.
    """
    narrow_text = _BOOKS.sub(lambda book: "《" * len(book[0]), narrow(text))
    narrow_text = SPEECH.sub(lambda speech: "“" * len(speech[0]), narrow_text)
    found = _place(narrow_text, _find_dates(narrow_text, today, period, codes or {}))
    if any(not one.numeric and (one.day is None or one.day <= today) for one in found):
        found = [one for one in found if not one.numeric]
    moved, past, outside, as_of, future = [], [], [], [], []
    for one in sorted(found, key=lambda found: found.start):
        before = narrow_text[: one.start]
        is_future = one.day is not None and one.day > today
        words = narrow_text[one.start : one.end].strip()
        mention = DateMention(None, words, relative=one.is_relative)
        if not is_future:
            mention = replace(mention, day=one.day, until=one.until)
        if _MOVED_TO.search(before):
            moved.append(mention)
        elif is_future:
            future.append(mention)
        elif _AS_OF.search(before):
            as_of.append(mention)
        elif one.day is None or one.day in period:
            past.append(mention)
        else:
            outside.append(mention)
    if mentions := [*moved, *past, *as_of, *outside, *future]:
        return mentions[0]
    untitled = _TITLES.sub("", narrow_text)
    vague = find_vague_day(untitled)
    return DateMention(None, vague) if vague else None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the date patterns, those with the highest precedence first."""
    feast = re.compile(
        rf"[“‘]?(?P<feast>{'|'.join(vocabulary().feasts)})[”’]?"
        r"[^，。；]{0,4}?(?:当[天日]|[这那]天)(?:[上下]午)?"
    )
    dates = (_FULL, _WRITTEN, _BARE_DAY, _SHORT, _HYPHEN)
    return (*dates, AGO, _NAMED, _WEEKDAY, feast, _DAY_ONLY)


def _find_dates(text: str, today: date, period: Period, codes: Mapping[str, bool]) -> list[_Found]:
    """Find all dates in a text, except deadlines and the original dates of postponed activities."""
    found: list[_Found] = []
    taken = [match.span() for match in LUNAR_DAY.finditer(text)]
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            one = _read(text, match, today, period, codes)
            if one is None:
                continue
            if about := _ABOUT_DAY.match(text, one.end):
                one = replace(one, day=None, until=None, end=about.end())
            taken.append((one.start, one.end))
            if not (_NOT_THE_DAY.match(text, one.end) or _PUT_OFF.search(text[: one.start])):
                found.append(one)
    return found


def _read(
    text: str, match: re.Match[str], today: date, period: Period, codes: Mapping[str, bool]
) -> _Found | None:
    """Read a date, or return None if the words are not a date."""
    parts = match.groupdict()
    numeric = bool(parts.get("sign")) and not parts.get("year")
    before = text[: match.start()]
    if "named" in parts and text[match.end() - 1] == "号" and _ADDRESS.search(before):
        return None
    if "weekday" in parts and _NTH_WEEK.search(before):
        return _Found(match.start(), match.end(), None)
    if "ago" in parts and not _AGO_FROM_TODAY.search(before):
        return None
    is_code = numeric and match[0] in codes and not _STARTS_TIME.match(text, match.end())
    if numeric and (_NO_DAY_BEFORE.search(before) or (is_code and codes[match[0]])):
        return None
    number = _number(parts.get("number") or parts.get("han"))
    bare_weekday = None if parts.get("which") else parts.get("weekday")
    weekday = _weekday(bare_weekday) if bare_weekday else None
    try:
        day = None if is_code else _parse_day(parts, match[0], today, period)
    except Refused:
        if not (_looks_like_a_date(parts) or _opens_the_text(text, match)):
            return None
        day = None
    one = _Found(match.start(), match.end(), day, None, numeric, weekday, number)
    if day is not None:
        one = _extend(text, parts, one)
    # A range that is not over yet, such as 周三至周五 on a Thursday, means last week.
    if one.until and one.weekday is not None and one.until > today:
        week = timedelta(days=7)
        one = replace(one, day=one.day and one.day - week, until=one.until - week)
    if "han" in parts and text[one.end - 1] not in "日号":
        return None  # Example: 5-6号楼.
    return one


def _parse_day(parts: dict[str, str | None], words: str, today: date, period: Period) -> date:
    """Parse the first day of a match.

    Raises:
        Refused: the day does not exist.
    """
    if feast := parts.get("feast"):
        month, day = vocabulary().feasts[feast]
        return read_date(f"{month}-{day}", today, period)
    if ago := parts.get("ago"):
        return read_date(f"{ago}天前", today)
    if run := parts.get("run"):
        return read_date(run, today)
    if parts.get("month_run"):
        return read_date(f"{parts['month_run']}-{parts['day_run']}", today, period)
    if weekday := parts.get("weekday"):
        return read_date(f"{parts['which'] or ''}周{weekday}", today)
    if "named" in parts:
        number = parts["day"] or parts["number"] or parts["han"]
        return read_date(f"{parts['named'] or ''}{number}日", today, period)
    if "month" not in parts:
        return read_date(_DAY_OF.get(words[0], words), today)
    first, second = ("day", "month") if _is_day_first(parts) else ("month", "day")
    month_day = f"{parts[first]}月{parts[second]}日"
    if year := parts.get("year"):
        later = _YEARS_LATER.get(year)
        year = year.rstrip("年 ") if later is None else str(today.year + later)
        return read_date(f"{year}年{month_day}", today)
    return read_date(month_day, today, period)


def _is_day_first(parts: dict[str, str | None]) -> bool:
    """Return whether the day stands before the month, as in 19/6, because there is no month 19."""
    month, day = (_number(parts.get(name)) or 0 for name in ("month", "day"))
    return parts.get("sign") == "/" and not parts.get("year") and day <= 12 < month


def _opens_the_text(text: str, match: re.Match[str]) -> bool:
    """Return whether a text begins with two numbers that may be a day and a month: 19.6入户."""
    parts = match.groupdict()
    day, month = (_number(parts.get(name)) or 0 for name in ("month", "day"))
    is_followed = re.match("[\u4e00-\u9fff]", text[match.end() :])
    fits = 1 <= day <= 31 and 1 <= month <= 12 and not parts.get("year")
    return not text[: match.start()].strip() and fits and bool(is_followed)


def _looks_like_a_date(parts: dict[str, str | None]) -> bool:
    """Return whether words were meant as a date although the day does not exist: 2月30日."""
    if parts.get("sign"):
        month, day, year = (int(parts.get(name) or 0) for name in ("month", "day", "year"))
        return 1 <= month <= 12 and 1 <= day <= 31 and (not year or year > 1000)
    if parts.get("number") or parts.get("han"):
        return 1 <= (_number(parts["number"] or parts["han"]) or 0) <= 31
    return "month" in parts or "named" in parts


def _extend(text: str, parts: dict[str, str | None], one: _Found) -> _Found:
    """Add the further days of a date: 至6日, -10.18, 、5日.

    If the last day does not exist or is not after the first day, ``day`` is None.
    """
    first, until, end = one.day, one.day, one.end
    if first is None or until is None:
        return one
    if "weekday" in parts:
        pattern = _TO_WEEKDAY
    elif parts.get("sign"):
        pattern = _TO_SHORT
    elif "day" in parts:
        pattern = _TO_DAY
    else:
        return one
    has_end = text[end - 1] in "日号" or pattern is not _TO_DAY
    while match := pattern.match(text, end) or (None if has_end else _TO_BARE_DAY.match(text, end)):
        last = _last_day(match.groupdict(), until)
        if last is None or last <= until:
            is_span = not re.search("[、和与及]", match[0])
            return replace(one, day=None, until=None, end=match.end()) if is_span else one
        until, end, has_end = last, match.end(), True
    return replace(one, end=end, until=until if until > first else None)


def _last_day(parts: dict[str, str | None], first: date) -> date | None:
    """Return a further day, or None if it does not exist.

    A missing month or year is that of ``first``.
    """
    if weekday := parts.get("weekday"):
        return first + timedelta(days=(_weekday(weekday) - first.weekday()) % 7)
    month = _number(parts.get("month")) or first.month
    year = _number(parts.get("year")) or first.year + (month < first.month)
    try:
        return date(year + 2000 if year < 100 else year, month, _number(parts["day"]) or 0)
    except ValueError:
        return None


def _number(written: str | None) -> int | None:
    value = parse_number(written or "")
    return None if value is None else int(value)


def _weekday(name: str) -> int:
    return "一二三四五六日".index(name.replace("天", "日"))


def _place(text: str, found: list[_Found]) -> list[_Found]:
    """Determine the date of each weekday or day of a month from the heading before it.

    Under 10.12-10.18, 周三 is 14 October. The heading itself is then left out.
    """
    placed = sorted(found, key=lambda one: one.start)
    for heading, one in pairwise(placed):
        is_under = heading.until is not None and one.is_relative
        if not is_under or not _HEADING_ENDS.fullmatch(text, heading.end, one.start):
            continue
        length = (heading.until - heading.day).days + 1 if heading.until and heading.day else 0
        days = [heading.day + timedelta(days=n) for n in range(length) if heading.day]
        fits = [day for day in days if one.weekday == day.weekday() or one.number == day.day]
        day = fits[0] if len(fits) == 1 else None
        return [replace(o, day=day) if o is one else o for o in placed if o is not heading]
    return placed
