"""Determines the dates of the events in a report from the headings above them.

The day of a heading is the day of all events below it that name no day. A heading with several days
(10.12-10.18) or a week (上周) determines the date of 周三 below it. A heading with a month
determines the month of 12日, and a heading with a single day determines the date of 今天.
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
"""A heading with the day of issue, not the day of an activity: 工作简报 2026年6月25日."""
_DAY_ALONE = re.compile(r"\d{1,2}[日号]")


@dataclass(frozen=True, slots=True)
class PlacedDay:
    """The date of an event in a report, and the text to read for the event.

    ``words`` name the day and are to be put before ``text``; they are empty if ``text`` itself
    names the day. A month or a week of the heading may have been added to ``text``. ``day`` is None
    if the day is unknown or there are several. ``headings`` are the headings that consist only of
    ``words``.
    """

    words: str
    text: str
    day: date | None
    headings: tuple[ReportPart, ...] = ()


@dataclass(frozen=True, slots=True)
class _DayAbove:
    """A day that a heading, or a sentence without an activity, states for the events after it."""

    words: str
    day: date | None
    mention: DateMention
    part: ReportPart


class DayPlacing:
    """Remembers the days in the headings of a report, and determines the dates of the events.

    ``signed`` is the day on which the report was signed or issued; it determines the date of 今天.
    """

    def __init__(self, period: Period, today: date, signed: date | None) -> None:
        self.period = period
        self.today = today
        self.signed = signed
        self.heading: _DayAbove | None = None
        self.sentence: _DayAbove | None = None

    @property
    def above(self) -> _DayAbove | None:
        """The heading or sentence that dates the next event if the event names no day, or None."""
        return self.sentence or self.heading

    def read_heading(self, part: ReportPart) -> None:
        """Remember the day of a heading for later events, or a day of issue in ``signed``."""
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
        """Determine the date of a part from its own words, the heading above it, or both."""
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
    """Return the day in the last line of a report, if this line says nothing else.

    Return None if the day is today, or if the report has only one line.
    """
    last = parts[-1] if len(parts) > 1 else None
    if last is None or not last.is_alone or last.text != last.words or last.day == today:
        return None
    return last.day
