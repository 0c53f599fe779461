"""Reads the events of a pasted report: the lines and sentences that describe one activity each.

A new event begins with another day, a point of a list, or another main activity at another time.
Other sentences belong to the event before them. The day of a heading, and its words if necessary,
are added to the events below it. Headings, greetings, plans and totals are not events; they are
returned separately.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile, zip_longest

from sgtrack.model.contract import Project
from sgtrack.model.units import matching_unit
from sgtrack.sentence.report_days import DayPlacing, PlacedDay, signature
from sgtrack.sentence.report_parts import (
    PartKind,
    ReportPart,
    find_stories,
    introduces,
    is_entry,
)
from sgtrack.sentence.report_splitting import are_other_items, split_report
from sgtrack.sentence.sentence_reader import MAX_SENTENCE

_NEXT_DAY = re.compile(r"[^，。]{0,4}(?:次日|第二天|翌日)")
_SERIES = re.compile(
    r"[“「《][^”」》]{1,20}[”」》][\u4e00-\u9fff]{0,8}?(?:小组|工作坊|课堂|沙龙|训练营|个案)(?:活动|服务)?"
)
_WORK_REPORT = re.compile(
    r"(?:[日周月]报|简报|工作(?:小结|总结|汇报|情况|记录)|动态|快讯|回顾)[】：:]?$"
)
_PAUSES = "：:。；;，,、"
_AFTER_NAME = re.compile(r"共|已|开展|情况|记录|圆满|顺利|历时|[：:，（(]")
"""Words after the name of a group in a heading: 夕阳红小组开展情况."""
_NAMES_REPORT = re.compile(
    r"(?:[日周月]报|简报|简讯|汇报|小结|总结|动态|快讯|回顾|记录|情况|如下)[】：:]?$"
)
_ENDED = tuple("。！!；;？?，,：:…”’」）) \t")


@dataclass(frozen=True, slots=True)
class ReportReading:
    """The events of a report, and the lines and sentences that belong to none of them.

    ``events`` are texts for ``read_sentence``. An event without a day of its own begins with the
    day of the heading above it; a session begins with the name of its group.
    """

    events: tuple[str, ...]
    unread: tuple[str, ...]


def read_report(project: Project, report: str, today: date) -> ReportReading:
    """Read the events of a report; each part of the report is in an event or in ``unread``.

    Raises:
        Refused: a sentence or the report is too long.
    """
    return _Reader(project, split_report(project, report, today), today).read()


@dataclass(slots=True)
class _Draft:
    """An event while its parts are collected."""

    parts: list[ReportPart]
    start: str
    """The text of the first part, after the day and the title from the headings above it."""
    day: date | None
    headings: list[ReportPart]
    """The headings whose whole text is contained in ``start``."""

    @property
    def sure(self) -> frozenset[str]:
        return next((part.sure for part in self.parts if part.sure), frozenset())

    @property
    def is_headline(self) -> bool:
        """Whether the event begins with a heading and has no amounts so far."""
        return self.parts[0].kind is PartKind.HEADING and not any(p.amounts for p in self.parts)

    @property
    def labels(self) -> set[str]:
        return {part.label for part in self.parts if part.kind is PartKind.LABEL}

    @property
    def has_activity(self) -> bool:
        """Whether the parts describe an activity with a day or an amount."""
        is_act = any(part.is_act for part in self.parts)
        return is_act and (self.day is not None or any(part.amounts for part in self.parts))

    def text(self) -> str:
        text = self.start
        for part in self.parts[1:]:
            text += ("" if text.endswith(_ENDED) else "。") + part.text
        return text


class _Reader:
    """Reads the parts of a report in order, and collects its events."""

    def __init__(self, project: Project, parts: list[ReportPart], today: date) -> None:
        self.project = project
        self.parts = parts
        self.today = today
        self.days = DayPlacing(project.period, today, signature(parts, today))
        self.in_story = find_stories(parts)
        self.events: list[_Draft] = []
        self.current: _Draft | None = None
        self.topic: ReportPart | None = None
        self.titles: list[ReportPart] = []
        self.skipped: ReportPart | None = None
        self.planned_line = -1
        self.position = -1
        self.acts: list[ReportPart] = []
        """Descriptions of activities outside all events; if there is no event, they form one."""

    def read(self) -> ReportReading:
        """Return the events, and the parts that belong to no event."""
        for part, following in zip_longest(self.parts, self.parts[1:]):
            self.position += 1
            if not self._is_skipped(part):
                self._read_part(part, following)
        if not self.events and self.acts:
            self._start(self.acts[0])
            for part in self.acts[1:]:
                self._continue(part)
        self._drop_totals()
        self.events = [event for event in self.events if event.has_activity or not event.labels]
        read = {id(part) for event in self.events for part in (*event.parts, *event.headings)}
        return ReportReading(
            events=tuple(event.text() for event in self.events),
            unread=tuple(part.original for part in self.parts if id(part) not in read),
        )

    def _is_skipped(self, part: ReportPart) -> bool:
        """Return whether a part is in a section without activities (下周计划：)."""
        opening = self.skipped
        if opening is None or part.line == opening.line:
            return opening is not None
        is_heading = part.kind is PartKind.HEADING and part.words in ("", part.text)
        same_level = part.mark == opening.mark and bool(part.mark or is_heading)
        if part.is_chapter or (part.starts_line and same_level):
            self.skipped = None
        return self.skipped is not None

    def _read_part(self, part: ReportPart, following: ReportPart | None) -> None:
        is_heading = part.kind is PartKind.HEADING or (
            part.kind is PartKind.FACT and introduces(part, following)
        )
        if part.kind is PartKind.PLAN and part.closes_section:
            is_point = bool(part.mark) and not part.is_chapter and part.mark != "section"
            in_line = following is not None and following.line == part.line and not following.mark
            self.planned_line, self.current = part.line, None
            self.skipped = None if is_point and in_line else part
        elif part.kind is PartKind.LABEL:
            self._read_label(part)
        elif part.kind is PartKind.JUDGEMENT:
            self._continue(part)
        elif part.kind is PartKind.TO_DATE:
            self._read_to_date(part)
        elif part.kind is PartKind.PLAN:
            self.planned_line = part.line
        elif is_heading:
            self._read_heading(part, following)
        elif part.kind is PartKind.FACT:
            self._read_fact(part)

    def _read_to_date(self, part: ReportPart) -> None:
        """Read a cumulative amount; it belongs to an event without amounts, or to a topic."""
        event = self.current
        if event is None and self.topic is not None and part.is_act and part.amounts:
            self._start(part)
        elif event is not None and not any(before.amounts for before in event.parts):
            self._continue(part)

    def _read_fact(self, part: ReportPart) -> None:
        event = self.current
        if part.line == self.planned_line and part.day is None:
            return  # Example: 下周重点：筹备七一活动；继续建档。
        if part.is_sum and self.events:
            if event is not None and not any(before.amounts for before in event.parts):
                self._continue(part)
            return
        if self._starts_event(part):
            self._start(part)
        elif part.mark and not self._is_part_of_list(part):
            self.current = None
        elif self._names_another_day(part):
            self.current = None
            self.days.read_sentence(part)
        else:
            self._continue(part)

    def _names_another_day(self, part: ReportPart) -> bool:
        """Return whether a part names a day that is not the day of the event before it."""
        if part.day is None:
            return False
        return self.current is None or self.days.place(part).day != self.current.day

    def _read_heading(self, part: ReportPart, following: ReportPart | None) -> None:
        is_open = part.text.endswith(("：", ":"))
        goes_on = self.current is not None and not part.mark and part.goes_on_with_list
        if goes_on or self._is_part_of_list(part):
            self._continue(part)
            return
        several = part.mention is not None and part.mention.until is not None
        before_list = following is not None and (following.is_session or self._has_events_below())
        is_report = bool(_WORK_REPORT.search(part.text.replace(part.words, "").strip()))
        if part.day and part.is_act and not (several or before_list or is_open or is_report):
            self._start(part)  # Example: 6月12日 绿色殡葬宣讲进小区.
            return
        if part.mark or part.mention or part.is_chapter or is_open:
            self.current = None
        if part.mention:
            self.days.read_heading(part)
        if part.mark or part.possible or is_open:
            self.topic = part
        if not part.mark:
            self.titles.append(part)

    def _has_events_below(self) -> bool:
        """Return whether a list with amounts or days follows."""
        below = takewhile(
            lambda part: part.mark or not part.starts_line, self.parts[self.position + 1 :]
        )
        return any(part.amounts or part.day for part in below)

    def _read_label(self, part: ReportPart) -> None:
        """Add a line of a form; the first or a repeated name or time begins an activity."""
        event = self.current
        is_form = event is not None and (bool(event.labels) or event.is_headline)
        if event is not None and is_form and part.label not in event.labels:
            self._add(event, part)
        elif part.label in ("名称", "主题", "时间", "日期"):
            self._start(part)
        else:
            self._continue(part)

    def _starts_event(self, part: ReportPart) -> bool:
        event = self.current
        counted = bool(part.amounts) and part.is_act
        dated = part.day is not None and (part.is_act or part.counts_people)
        if part.is_session and self._names_topic():
            return bool(part.amounts or part.day)
        recent = part.is_recent and (bool(part.sure) or bool(part.mark and part.is_act))
        if part.mark and self._is_part_of_list(part):
            return False
        if part.day and (part.mark or part.is_alone) and self._names_topic():
            return True
        if part.mark:
            return counted or dated or recent or self._is_under_day(part)
        if event is None:
            told = part.is_held and bool(part.sure) and id(part) in self.in_story
            return counted or dated or recent or told or self._is_under_day(part)
        if self._names_another_day(part):
            return dated
        if _NEXT_DAY.match(part.text):
            return counted
        return part.is_act and not event.is_headline and self._is_another_act(event, part)

    def _is_another_act(self, event: _Draft, part: ReportPart) -> bool:
        """Return whether a part without another day describes another activity than the event."""
        in_story = id(part) in self.in_story
        others = are_other_items(self.project, event.sure, part.sure)
        is_list = is_entry(part) and is_entry(event.parts[-1]) and not in_story
        if is_list and self._counts(part) and any(map(self._counts, event.parts)):
            return True
        if not event.sure and not any(before.possible for before in event.parts):
            return part.changes_time and self._counts(part) and event.parts[0].is_act
        if part.changes_time:
            if others and part.is_alone and part.starts_with_time and not in_story:
                return True
            unclear = not part.sure and bool(event.sure) and not part.possible & event.sure
            possible = {code for before in event.parts for code in before.possible}
            apart = part.starts_with_time and bool(part.sure) and not part.possible & possible
            counted = self._counts(part) and any(map(self._counts, event.parts))
            return (
                (others and self._counts(part))
                or (unclear and part.counts_people)
                or (apart and counted)
            )
        return others and self._counts(part) and not (part.is_during or in_story)

    def _counts(self, part: ReportPart) -> bool:
        """Return whether a part has an amount of people, or an amount in a unit of its items."""
        units = tuple(unit for code in part.possible for unit in self.project.units_of(code))
        return part.counts_people or any(matching_unit(q.unit, units) for q in part.amounts)

    def _is_under_day(self, part: ReportPart) -> bool:
        """Return whether a part surely names an item, and a line above it names a day."""
        above = self.days.above
        return bool(part.sure) and above is not None and above.day is not None

    def _names_topic(self) -> bool:
        """Return whether the heading above surely names an item."""
        return self.topic is not None and bool(self.topic.sure)

    def _is_part_of_list(self, part: ReportPart) -> bool:
        """Return whether a point describes a part of the activity above: 设三个环节：1. …"""
        if self.current is None or not part.mark or part.day is not None:
            return False
        if self.current.is_headline and not part.amounts:
            return True
        above = [before for before in self.current.parts if before.mark != part.mark]
        if not above or above[-1].announces_parts or above[-1].goes_on_with_list:
            return bool(above)
        is_open = above[-1].text.endswith(("：", ":"))
        others = are_other_items(self.project, self.current.sure, part.sure)
        return is_open and bool(self.current.sure) and not (others and self._counts(part))

    def _start(self, part: ReportPart) -> None:
        last = self.current
        if last is not None and _only_heads(last, part):
            self.days.read_heading(self.events.pop().parts[0])
            last = None
        placed = self._place_after(part, last)
        titles = self._titles_for(part)
        names = [
            _name_of_series(title.text) if part.is_session else title.text.rstrip(_PAUSES)
            for title in titles
        ]
        start = "，".join(word for word in (placed.words, *names, placed.text) if word)
        whole = [t for t, name in zip(titles, names, strict=True) if t.text.rstrip(_PAUSES) == name]
        self.current = _Draft([part], start, placed.day, [*whole, *placed.headings])
        self.events.append(self.current)
        self.days.sentence = None

    def _place_after(self, part: ReportPart, last: _Draft | None) -> PlacedDay:
        """Determine the date of a part; the event before the part may provide the date."""
        if part.mention is None and last is not None and last.day is not None:
            is_next = bool(_NEXT_DAY.match(part.text))
            if is_next or part.changes_time or part.line == last.parts[-1].line:
                day = last.day + timedelta(days=1) if is_next else last.day
                return PlacedDay(f"{day.month}月{day.day}日", part.text, day)
        above = self.days.sentence
        placed = self.days.place(part)
        if above is None or part.mention is not None or above.part.line != part.line:
            return placed
        words = above.words.removesuffix(above.part.words).rstrip("，")
        return PlacedDay(words, above.part.text + part.text, placed.day, (above.part,))

    def _titles_for(self, part: ReportPart) -> list[ReportPart]:
        """Return the headings that name the topic of an event."""
        above = [heading for heading in self.titles if not _NAMES_REPORT.search(heading.text)]
        titles = [t for t in above if t.sure and (not part.sure or t.sure & part.sure)]
        topic, self.titles = self.topic, []
        if topic is not None and topic.sure and part.is_session:
            return [topic]
        if titles or topic is None or part.sure or _NAMES_REPORT.search(topic.text):
            return titles
        return [topic] if topic.sure else []

    def _continue(self, part: ReportPart) -> None:
        if self.current is not None:
            self._add(self.current, part)
        elif part.is_act:
            self.acts.append(part)

    def _add(self, event: _Draft, part: ReportPart) -> None:
        if len(event.text()) + len(part.text) < MAX_SENTENCE:
            event.parts.append(part)
            event.day = event.day or part.day

    def _drop_totals(self) -> None:
        """Drop totals of a week or month, if the report also describes their single activities."""
        for event in list(self.events):
            others = [other for other in self.events if other is not event]
            is_repeated = any(other.sure & event.sure for other in others)
            is_total = event.parts[0].is_total and event.day is None
            if is_total and (is_repeated or (others and not event.sure)):
                self.events.remove(event)


def _name_of_series(text: str) -> str:
    """Return the name of a group in a heading, without the words after the name."""
    named = _SERIES.search(text)
    return named[0] if named else _AFTER_NAME.split(text)[0] or text


def _only_heads(event: _Draft, part: ReportPart) -> bool:
    """Return whether an event is only the headline of a list, or of an activity on another day."""
    if not event.is_headline or len(event.parts) > 1:
        return False
    return bool(part.mark) or (part.day not in (None, event.day) and bool(event.sure & part.sure))
