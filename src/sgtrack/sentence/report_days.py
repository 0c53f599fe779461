"""Places the days of a report: what 周三, 12日 and 今天 mean under its headings.

A heading gives its day to the events below it that name none. One with several days (10.12-10.18)
or a week (上周) says which day 周三 is, one with a month says the month of 12日, and one with a day
says which day 今天 is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sgtrack.model.contract import Period
from sgtrack.sentence.date_reading import DateMention, find_date
from sgtrack.sentence.report_parts import ReportPart

_MONTH = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月")
_LAST_WEEK = re.compile(r"上一?个?(?:周|星期)")
_SINCE_WRITTEN = re.compile(
    r"[今昨前](?:[天日早晚]|(?=[上下]午))|(?:本|这)?个?(?:周|星期|礼拜)[一二三四五六日天]"
)
"""Words for a day that depend on the day on which the report was written."""
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天]")
_ISSUE = re.compile(
    r"(?:简报|[周月季]报|通讯|快报)"
    r"|^[^，。；：\d]{2,20}[站心处委区办]\s*\d{4}年\d{1,2}月\d{1,2}日$"
)
"""A heading whose day is that of the issue, not of an activity: 工作简报 2026年6月25日."""
_DAY_ALONE = re.compile(r"\d{1,2}[日号]")


@dataclass(frozen=True, slots=True)
class PlacedDay:
    """Where an event stands in time.

    ``words`` are to be put before its ``text``, which may have got a month or a week. ``day`` is
    None if it names none, or several. ``headings`` say nothing but these words.
    """

    words: str
    text: str
    day: date | None
    headings: tuple[ReportPart, ...] = ()


@dataclass(frozen=True, slots=True)
class _DayAbove:
    """The day that a heading, or a sentence without an activity, gives to what follows."""

    words: str
    day: date | None
    mention: DateMention
    part: ReportPart


class DayPlacing:
    """Remembers the days of the headings of a report, and places the days below them.

    ``signed`` is the day below the report or of its issue, on which 今天 was written.
    """

    def __init__(self, period: Period, today: date, signed: date | None) -> None:
        self.period = period
        self.today = today
        self.signed = signed
        self.heading: _DayAbove | None = None
        self.sentence: _DayAbove | None = None

    @property
    def above(self) -> _DayAbove | None:
        """Return what gives its day to an event without one."""
        return self.sentence or self.heading

    def read_heading(self, part: ReportPart) -> None:
        """Remember the day of a heading for all that follows, but not the day of an issue."""
        if (
            part.mention is not None
            and part.day
            and not part.mention.until
            and _ISSUE.search(part.text)
        ):
            self.signed = self.signed or part.day
        elif part.mention is not None:
            day = None if part.mention.until else part.mention.day
            self.heading, self.sentence = _DayAbove(part.words, day, part.mention, part), None

    def read_sentence(self, part: ReportPart) -> None:
        """Remember the day of a sentence without an activity, for the event that follows."""
        if part.mention is not None:
            placed = self.place(part)
            words = "，".join(word for word in (placed.words, part.words) if word)
            self.sentence = _DayAbove(words, placed.day, part.mention, part)

    def place(self, part: ReportPart) -> PlacedDay:
        """Place a part by its own words, by the heading above it, or by both."""
        mention, text, heading = part.mention, part.text, self.heading
        if mention is None:
            return self._place_below(part)
        written = heading.day if heading and heading.day else self.signed
        if written and _SINCE_WRITTEN.match(mention.words):
            day = self._find(mention.words, written)
            return PlacedDay(f"{day.month}月{day.day}日" if day else "", text, day)
        if heading is None:
            return PlacedDay("", text, mention.day)
        if mention.is_placed_by(heading.mention):
            return PlacedDay(
                heading.words, text, self._find(f"{heading.words}，{text}", self.today)
            )
        month = _MONTH.match(heading.words)
        if _WEEKDAY.fullmatch(mention.words) and _LAST_WEEK.search(heading.words):
            text = text.replace(mention.words, f"上{mention.words}", 1)
        elif month and heading.day is None and _DAY_ALONE.fullmatch(mention.words):
            text = text.replace(mention.words, month[0] + mention.words, 1)
        else:
            return PlacedDay("", text, mention.day)
        return PlacedDay("", text, self._find(text, self.today))

    def _place_below(self, part: ReportPart) -> PlacedDay:
        above = self.above
        if above is None:
            return PlacedDay("", part.text, None)
        rest = above.part.text.replace(above.part.words, "")
        headings = () if any(map(str.isalnum, rest)) else (above.part,)
        return PlacedDay(above.words, part.text, above.day, headings)

    def _find(self, text: str, today: date) -> date | None:
        mention = find_date(text, today, self.period)
        return mention.day if mention else None


def signature(parts: list[ReportPart], today: date) -> date | None:
    """Return the day in the last line of a report, unless it is today or the only line."""
    last = parts[-1] if len(parts) > 1 else None
    if last is None or not last.is_alone or last.text != last.words or last.day == today:
        return None
    return last.day
