"""The state of the clause reader, with functions that find the words around a position."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from sgtrack.model.contract import Period
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind, normalize
from sgtrack.tender.clause_proposals import ActivityCondition, ClauseReading, ProposedItem
from sgtrack.tender.cues import CueMark, Frequency, Token, tokenize_clause
from sgtrack.tender.lexicon import trim_name, word_list

EVENTS = ("节", "次", "场", "期", "课", "场次")
HARD = "。；\n！？"
"""Marks that end a sentence, or a part of a sentence that is read like a sentence."""
_SOFT = "[，。；！？（）\n]"


@cache
def _totals() -> re.Pattern[str]:
    return re.compile("|".join(word_list("totals")))


@dataclass
class ClauseState:
    """The state while a clause is read once, from left to right.

    In ``bare``, blanks replace every frequency and every bracket without a number.
    ``current`` is the item that receives further amounts and conditions. ``parent`` is the index
    of the item whose parts follow 其中; ``parts_list`` says whether its parts are a list that goes
    on after a semicolon. ``group`` holds the items that the next condition applies to, as both
    items of 讲座6场、沙龙4场，每场30人. ``paired`` holds the names of the next
    items, as in 助洁、助浴分别600人次、200人次.
    ``was_staff`` and ``was_existing`` say whether the last number counted staff, or what exists
    already. ``sentence_items`` is the number of items before the sentence.

    ``frequency`` is the last frequency (每月), ``each`` the last cue for each activity, group or
    place (每场), and ``person`` the last cue for each person.

    ``places`` is the number of places that the sentence names, or 0. ``last_end`` is the end of the
    last number and its noun; ``counted_end`` is the end of the last amount. ``due_day`` is the due
    day of a monthly item, ``due_item`` this item, and ``coming_due`` a due day that is written
    before its amount. ``paired_items`` are the items of the next conditions, as in
    大型活动2场、小型活动6场，人数分别不少于200人、30人.
    """

    text: str
    period: Period
    about: str
    bare: str = ""
    title: str = ""
    tokens: list[Token] = field(default_factory=list)
    reading: ClauseReading = field(default_factory=ClauseReading)
    current: ProposedItem | None = None
    group: list[ProposedItem] = field(default_factory=list)
    paired: list[str] = field(default_factory=list)
    paired_items: list[ProposedItem] = field(default_factory=list)
    parent: int | None = None
    in_parts: bool = False
    parts_list: bool = False
    parts_depth: int = 0
    depth: int = 0
    frequency: Frequency | None = None
    frequency_used: bool = False
    each: CueMark | None = None
    person: CueMark | None = None
    once: ProposedItem | None = None
    counts_once: bool = False
    was_condition: bool = False
    was_staff: bool = False
    was_existing: bool = False
    sentence_items: int = 0
    waiting: list[ActivityCondition] = field(default_factory=list)
    places: Decimal = Decimal(0)
    due_day: int | None = None
    due_item: ProposedItem | None = None
    coming_due: ClauseNumber | None = None
    last_end: int = 0
    counted_end: int = 0
    noun_end: int = 0

    def __post_init__(self) -> None:
        self.text = normalize(self.text)
        self.tokens = tokenize_clause(self.text)
        counted = [token.start for token in self.tokens if isinstance(token, ClauseNumber)]
        aside = [
            match.span()
            for match in re.finditer("（[^（）]*）", self.text)
            if not any(match.start() < place < match.end() for place in counted)
        ]
        frequencies = [
            (token.start, token.end) for token in self.tokens if isinstance(token, Frequency)
        ]
        self.bare = self.text
        for start, end in (*aside, *frequencies):
            self.bare = self.bare[:start] + " " * (end - start) + self.bare[end:]
        title = re.match(r"([^，。；：、\d（）“”]{2,16})[。：]", self.text)
        self.title = trim_name(title[1]) if title and title.end() < len(self.text) - 2 else ""

    def not_a_target(self, number: ClauseNumber, reason: str, *, look: bool = False) -> None:
        """Record that a number is not a target; if ``look`` is true, ask a person to check it."""
        self.reading.record(number, f"待核对：{reason}" if look else f"不是指标：{reason}")
        maximum = self.text[: number.start].rstrip().endswith(tuple(word_list("at_most")))
        if number.unit or number.kind is NumberKind.LIMIT or maximum:
            self.reading.excluded.append((number.start, f"“{number.words}”{reason}"))
        if look:
            self.reading.notes.append(f"“{number.words}”{reason}")

    def words_before(self, at: int) -> str:
        """Return the words before a position, with frequencies, back to a comma or number."""
        return self.text[max(self.segment_start(at), self.last_end) : at]

    def opens_total(self, at: int) -> bool:
        """Return whether words such as 共计 or 全年 before a position announce a total."""
        start = self.each.end if self.same(self.each, at) and self.each is not None else 0
        words = self.text[max(self.segment_start(at), self.last_end, start) : at]
        apart = self.each is None or start < self.last_end or not self.same(self.each, at)
        return apart and _totals().search(words) is not None

    def leave_parts(self) -> None:
        """End the parts after 其中; the parent is the current item again."""
        if self.in_parts:
            self.in_parts = False
            self.current = self.parent_item() or self.current
            self.group = [self.current] if self.current is not None else []

    def parent_item(self) -> ProposedItem | None:
        """Return the item whose parts follow 其中, or None."""
        return self.reading.items[self.parent] if self.parent is not None else None

    def lead(self, at: int) -> str:
        """Return the words before a position, back to the last punctuation mark or number."""
        words = self.bare[self.last_end : at]
        return re.split("[，。；：！？（）\n]", words)[-1].removeprefix("、")

    def led(self, at: int) -> str:
        """Return the same words as :meth:`lead`, and also a label with a colon: 小组活动：4个."""
        return re.split(_SOFT, self.bare[self.last_end : at])[-1]

    def between(self, at: int) -> str:
        """Return the words between the last number and a position, without frequencies."""
        return trim_name(re.sub("[（）。]", "", self.bare[self.last_end : at]))

    def segment_start(self, at: int) -> int:
        """Return the start of the segment before a position; commas and brackets end segments."""
        return max(self.text.rfind(ch, 0, at) for ch in "，。；！？（）\n") + 1

    def sentence_start(self, at: int) -> int:
        """Return the start of the sentence that contains a position."""
        return max(self.text.rfind(ch, 0, at) for ch in HARD) + 1

    def same(self, mark: CueMark | Frequency | None, at: int) -> bool:
        """Return whether a cue exists and no comma or bracket separates it from a position."""
        return mark is not None and not re.search(_SOFT, self.text[mark.end : at])

    def near(self, mark: CueMark, at: int) -> bool:
        """Return whether no comma, bracket or listed amount separates a cue from a position."""
        return self.same(mark, at) and not (
            self.last_end > mark.end and "、" in self.text[mark.end : at]
        )

    def one_sentence(self, start: int, end: int) -> bool:
        """Return whether two positions are in the same sentence."""
        return not any(ch in HARD for ch in self.text[start:end])

    def inside_bracket(self, at: int) -> bool:
        """Return whether a position is inside brackets."""
        return self.text.count("（", 0, at) > self.text.count("）", 0, at)
