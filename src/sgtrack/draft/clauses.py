"""Reads a clause into proposed items: amounts with their rhythm, parts, and conditions."""

from __future__ import annotations

import re
from decimal import Decimal

from sgtrack.draft.lexicon import any_of, lexicon
from sgtrack.draft.marks import Cue, Mark, is_amount, listed, tokens
from sgtrack.draft.naming import noun_after, shortened, trimmed
from sgtrack.draft.numbers import Number, Sort, levelled
from sgtrack.draft.papers import deliverables, rhythmic_paper
from sgtrack.draft.proposals import ClauseReading, Item, Reading, Slot
from sgtrack.draft.rhythms import PER_YEAR, Rhythm, Span, slot_of
from sgtrack.units import UNITS, Measure, is_distinct, plain

_PEOPLE = ("人", "名", "位")
_EVENTS = ("节", "次", "场", "期", "课", "场次")
_HARD = "。；\n！？"
_AGES = r"\d+\s?(?:周岁|岁)(?:以上|以下)?"
_COUNTED = r"\d+(?!\s?(?:周岁|岁|\d))"
MOST_SESSIONS = 100


def read_clause(text: str, span: Span, about: str = "") -> ClauseReading:
    """Read one clause.

    Args:
        text: the clause as the contract has it, without its list mark.
        span: how long the project runs, for rhythms that the format lacks.
        about: what the row or heading says the clause is about, for names.
    """
    return _Reader(text, span, about).read()


class _Reader:
    """Goes through a clause once, from left to right.

    ``current`` is the item that conditions and belonging amounts go to, ``parent`` the item that
    the parts after 其中 are part of.
    """

    def __init__(self, text: str, span: Span, about: str) -> None:
        self.text = levelled(text)
        self.span = span
        self.about = about
        self.made = ClauseReading()
        self.tokens = tokens(self.text)
        self.bare = re.sub(r"（[^（）\d]*）", lambda m: " " * len(m[0]), self.text)
        for token in self.tokens:
            if isinstance(token, Rhythm):
                blank = " " * (token.end - token.start)
                self.bare = self.bare[: token.start] + blank + self.bare[token.end :]
        self.current: Item | None = None
        self.parent: int | None = None
        self.in_parts = False
        self.parts_depth = 0
        self.depth = 0
        self.rhythm: Rhythm | None = None
        self.rhythm_used = False
        self.each: Mark | None = None
        self.person: Mark | None = None
        self.waiting: list[tuple[str, str, Decimal, tuple[str, ...]]] = []
        self.places = Decimal(0)
        self.once: Item | None = None
        self.said_once = self.was_condition = False
        self.last_end = self.noun_end = 0
        title = re.match(r"([^，。；：、\d（）“”]{2,16})[。：]", self.text)
        self.title = trimmed(title[1]) if title and title.end() < len(self.text) - 2 else ""

    # -- the walk ---------------------------------------------------------------------------

    def read(self) -> ClauseReading:
        for token in self.tokens:
            if isinstance(token, Number):
                self._number(token)
            elif isinstance(token, Rhythm):
                if token.weak and self._same(self.rhythm, token.start):
                    continue
                self._leave_rhythm(token.start)
                self.rhythm, self.rhythm_used = token, False
                self.person = self.person if self._same(self.person, token.start) else None
            else:
                self._mark(token)
        self._leave_rhythm(len(self.text))
        self.made.readings += [
            Reading(t.said, "节奏", t.start)
            for t in self.tokens
            if isinstance(t, Rhythm) and re.search(r"\d", t.said)
        ]
        self._types()
        self._papers()
        self._close()
        return self.made

    def _mark(self, mark: Mark) -> None:
        if mark.cue in (Cue.EACH_ACTIVITY, Cue.EACH_GROUP, Cue.EACH_PLACE):
            self.each = mark
        elif mark.cue is Cue.PER_PERSON:
            self.person = mark
        elif mark.cue is Cue.ONCE:
            self.once = self.once or self.current
            self.said_once = True
            self.made.readings.append(Reading(mark.said, "条件：同一个人只计一次", mark.start))
        elif mark.cue is Cue.PARTS:
            if self.current is not None:
                self.in_parts, self.parts_depth = True, self.depth
                top = self.current.part_of
                here = self.made.items.index(self.current)
                self.parent = here if top is None or self.depth else top
        elif mark.said == "（":
            self.depth += 1
        elif mark.said == "）":
            self.depth = max(0, self.depth - 1)
            if self.in_parts and self.parts_depth > self.depth:
                self.in_parts = False
                self.current = self._parent_item() or self.current
        elif mark.said in _HARD:
            self._leave_rhythm(mark.start)
            self.each = self.person = None
            self.places = Decimal(0)
            if mark.said != "；":
                self.in_parts = False

    def _number(self, number: Number) -> None:
        if number.sort is not Sort.AMOUNT:
            self._no_amount(number)
        elif self._is_staff(number):
            self._none(number, "人员配备的要求，不是累计的指标")
        elif self._is_condition(number):
            self._condition(number)
            self.was_condition = True
        elif number.value % 1 and UNITS[number.unit].measure is not Measure.TIME:
            self._none(number, f"{plain(number.value)}{number.unit}不是整数", look=True)
        elif number.per_person or self._same(self.person, number.start):
            self._per_person(number)
        else:
            self._amount(number)
            self.was_condition = False
        self.last_end = max(self.last_end, number.end, self.noun_end)

    # -- what is no amount ------------------------------------------------------------------

    def _no_amount(self, number: Number) -> None:
        if number.sort is Sort.PLACES:
            self.places = number.value
            self._none(number, "地方的个数，不是要累计的数")
            return
        if number.sort is Sort.UNREAD:
            self._none(number, "；".join(number.notes) or "没有读懂", look=True)
            return
        due = re.match(r"(\d{1,2})[日号]$", number.said)
        if (
            due
            and self.rhythm
            and self.rhythm.kind == "month"
            and self._same(self.rhythm, number.start)
        ):
            self.made.say(number, f"每月{due[1]}日前")
            return
        if number.sort is Sort.LIMIT and self.each and self._same(self.each, number.start):
            self._none(number, "对每次活动的上限，目标文件只记下限", look=True)
            return
        words = self.text[self._segment_start(number.start) : number.start]
        rate = number.reason == "百分比" and re.search("[率度]", words)
        if rate or (number.reason == "金额" and lexicon().has("measured_once", words)):
            self._measured(number)
            return
        look = number.reason in ("金额", "百分比") or number.sort is Sort.LIMIT
        self._none(number, number.reason, look=look)

    def _measured(self, number: Number) -> None:
        """满意度90%, 链接资源5万元: reached once, with something to show for it."""
        words = re.split("[，。；：（）\n]", self.text[: number.start])[-1]
        name = shortened(trimmed(words) or self.title or self.about) + number.said.replace(" ", "")
        item = Item(name=name, milestone=True)
        item.note(f"{number.reason}不能按次累计，达到后记一次并附证明材料")
        self.made.items.append(item)
        self.made.say(number, f"完成一次：{name}")

    def _none(self, number: Number, reason: str, *, look: bool = False) -> None:
        self.made.say(number, f"不是指标：{reason}" if not look else f"待核对：{reason}")
        if look:
            self.made.notes.append(f"“{number.said}”{reason}")

    def _is_staff(self, number: Number) -> bool:
        if number.unit not in (*_PEOPLE, "个"):
            return False
        around = self.text[self._sentence_start(number.start) : number.start]
        after = self.text[number.end : number.end + 8]
        return any(word in around + after for word in lexicon().lists["staff"]) and not (
            "志愿" in around + after or "培训" in around
        )

    # -- conditions -------------------------------------------------------------------------

    def _is_condition(self, number: Number) -> bool:
        """Whether the amount is what each activity must have, not what all add up to."""
        if number.each:
            return True
        words = lexicon()
        lead = self._lead(number.start)
        cue = self.each if self.each and self.each.cue is not Cue.EACH_PLACE else None
        if cue is not None and self._near(cue, number.start):
            return True
        if self._bracketed(number, lead):
            return True
        counted = number.unit in _PEOPLE
        if counted and words.has("attendance", lead) and self._is_event(self.current):
            said = self.each is not None and self._one_sentence(self.each.start, number.start)
            return said or self._inside_bracket(number.start) or self._is_one()
        if cue is None or not self._one_sentence(cue.start, number.start):
            return False
        if counted and cue.cue is Cue.EACH_ACTIVITY and self.was_condition:
            return not words.has("gained", lead)
        timed = UNITS[number.unit].measure is Measure.TIME
        return timed and (words.has("lasting", lead) or not trimmed(lead))

    def _is_one(self) -> bool:
        """Whether the item before is to happen once: its people are those of that one time."""
        held = [v for units in (self.current.amounts if self.current else {}).values() for v in units.values()]
        return bool(held) and held[0] == 1

    def _bracketed(self, number: Number, lead: str) -> bool:
        """小组1个（不少于6节）, 宣传片1部（时长不少于5分钟）: a bracket that tells of one of them."""
        opened = self.text.rfind("（", 0, number.start)
        close = opened >= self.last_end and not self.text[self.last_end : opened].strip()
        if self.current is None or number.rhythm or not self._inside_bracket(number.start):
            return False
        if not close or self._same(self.rhythm, number.start) or re.search("[共计]", lead):
            return False
        if UNITS[number.unit].measure is Measure.TIME:
            return lexicon().has("lasting", lead)
        return self.current.series and number.unit in _EVENTS and not trimmed(lead)

    def _is_event(self, item: Item | None) -> bool:
        return item is not None and any(
            UNITS[unit].measure is Measure.OCCASIONS or item.series for unit in item.units()
        )

    def _condition(self, number: Number) -> None:
        by_group = self.each is not None and self.each.cue is Cue.EACH_GROUP
        if self.each is None and self.current is not None and self.current.series:
            by_group = number.unit in _EVENTS  # 小组1个（不少于6节）
        kind = number.each or ("group" if by_group else "activity")
        unit = "人" if number.unit in _PEOPLE else number.unit
        timed = UNITS[unit].measure is Measure.TIME
        if self.current is not None and timed and not self._is_event(self.current):
            self._none(number, "成品的长短或一次的时间，目标文件不记", look=True)
            return
        of_the_coming = self.text[number.end : number.end + 1] == "的"
        if self.current is None or of_the_coming:
            self.waiting.append((kind, unit, number.value, number.notes))
        else:
            self._attach(self.current, kind, unit, number.value, number.notes)
        said = "每个小组（个案）" if kind == "group" else "每次活动"
        self.made.say(number, f"条件：{said}至少 {plain(number.value)} {unit}")

    def _attach(
        self, item: Item, kind: str, unit: str, value: Decimal, notes: tuple[str, ...]
    ) -> None:
        item.note(*notes)
        in_series = item.series or any(u in item.units() for u in lexicon().lists["series_units"])
        if kind == "group" and unit in _EVENTS and in_series:
            if value <= MOST_SESSIONS and not value % 1:
                item.series, item.sessions = True, int(value)
            return
        if kind == "group" and unit in _PEOPLE and in_series:
            item.note("原文按每个小组写人数，这里当作每次都要有这么多人")
        if item.each.get(unit, value) != value:
            item.note(f"每次活动的{unit}数写了两个，先按大的写")
        item.each[unit] = max(value, item.each.get(unit, value))

    # -- amounts ----------------------------------------------------------------------------

    def _per_person(self, number: Number) -> None:
        kind = number.rhythm or (
            self.rhythm.kind
            if self.rhythm and self._one_sentence(self.rhythm.start, number.start)
            else ""
        )
        self.rhythm_used = True
        if not kind and UNITS[number.unit].measure not in (Measure.TIME, Measure.OCCASIONS):
            self._none(number, "按人发放或建立的数，总数看有多少人", look=True)
            return
        item = self._new(number, "")
        times = PER_YEAR.get(kind, 1)
        item.add(Slot.PER_PERSON, number.unit, number.value * times)
        item.role = self._role(number.start)
        if times > 1:
            item.note(f"原文是“{self._phrase(number)}”，"
                      f"目标文件按每人每年写成 {plain(number.value * times)}{number.unit}")
        elif kind not in ("year",):
            item.note("原文没有写每人每年，先按每年写")
        item.note(f"名册按“{item.role}”核对")
        self.current = item
        self.made.say(number, f"每人每年 {plain(number.value * times)} {number.unit}（{item.role}）")

    def _phrase(self, number: Number) -> str:
        """The words from the rhythm to the end of the number."""
        start = number.start
        if self.rhythm is not None and self._one_sentence(self.rhythm.start, start):
            start = min(start, self.rhythm.start)
        return self.text[start : number.end]

    def _role(self, end: int) -> str:
        start = self._sentence_start(end)
        words = self.text[start:end]
        named = re.search(r"每一?[名位户](?P<role>[一-龥]{2,10}?)(?=每|全年|年度|不|至|达|[，、≥\d]|$)", words)
        before = re.search(r"(?P<role>[一-龥]{2,16})(?:每人|人均)", words)
        done = re.search(
            r"(?:对|为|给|向|针对|组织|全体)(?P<role>[^，。；]{2,24}?)(?:定期|开展|提供|进行|实施|参加)|"
            r"(?:探访|走访|巡访|服务|关爱|帮扶)(?P<served>[一-龥、]{2,12}?)(?=\d|不少于|[，：]|$)",
            words,
        )
        role = next((m["role"] for m in (named, before) if m), "")
        if not role and done:
            role = done["role"] or done["served"]
        role = re.sub(rf"{_AGES}|^\d+.|全体", "", role).split("、")[-1]
        role = re.split(r"的(?=[一-龥]{2,})|辖区内?", re.sub(r"^(?:对|为|给|向)", "", role))[-1]
        for verb in ("开展", "接受", "进行", "提供", "参加", "探访", "走访", "入户", "培训"):
            role = role.split(verb)[0] if not role.startswith(verb) else role
        return trimmed(role)[:12] or "服务对象"

    def _amount(self, number: Number) -> None:
        kind, said = self._rhythm_of(number)
        slotted = slot_of(kind, said, number.value, number.unit, self.span)
        if slotted is None:
            self._none(number, f"目标文件不能按“{said}”累计", look=True)
            return
        slot, value, notes = slotted
        names, times = self._each_listed(number)
        if names:
            self._listed(number, names, slot, value, notes)
            return
        if times > 1:
            value *= times
            notes = [*notes, f"原文是 {plain(times)} 个地方各{number.said}，合计写成 {plain(value)}"]
        self._take(number, slot, value, notes)

    def _take(self, number: Number, slot: Slot, value: Decimal, notes: list[str]) -> None:
        if self._is_sum_of_places(number, slot):
            assert self.current is not None  # noqa: S101 - just asked
            notes = self.current.notes
            notes[:] = [note for note in notes if not note.endswith(_PLACES_NOTE)]
            self.current.add(slot, number.unit, value)
            self.current.note(*number.notes)
            self.made.say(number, f"{_SAID[slot]} {plain(value)} {number.unit}，代替前面每个地方的数")
            return
        if self.each is not None and self.each.cue is Cue.EACH_PLACE and self.places > 1:
            if self._same(self.each, number.start):
                value *= self.places
                notes = [*notes, f"原文是 {plain(self.places)} 个地方各{number.said}，合计写成 {plain(value)}"]
        item, unit = self._item_for(number, slot)
        if slot is Slot.TOTAL and item.has(slot, unit):
            self._twice(item, unit, number, value, notes)
            return
        if slot is Slot.TOTAL and notes and self._rhythm_lacks(number):
            item.converted[unit] = notes[0]
        self._may_be_of_all(item, number, unit)
        item.add(slot, unit, value)
        item.note(*number.notes, *notes)
        if self.each is not None and self.each.cue is Cue.EACH_PLACE:
            if self._same(self.each, number.start) and self.places <= 1:
                place = self.text[self.each.start : number.end]
                item.note(f"原文是“{place}”{_PLACES_NOTE}")
        self._series(item, number)
        self.current = item
        for kind, waited, least, why in self.waiting:
            self._attach(item, kind, waited, least, why)
        self.waiting = []
        part = "，其中的一部分" if item.part_of is not None else ""
        self.made.say(number, f"{_SAID[slot]} {plain(value)} {unit}{part}")

    def _rhythm_lacks(self, number: Number) -> bool:
        """Whether the amount was worked out from a rhythm the format lacks."""
        kind = number.rhythm or (self.rhythm.kind if self.rhythm else "")
        return kind not in ("", "whole")

    def _twice(
        self, item: Item, unit: str, number: Number, value: Decimal, notes: list[str]
    ) -> None:
        """A total that is both written and worked out (每两个月1次，全年6次): what is written holds."""
        if unit in item.converted:
            item.notes.remove(item.converted.pop(unit))
            item.add(Slot.TOTAL, unit, value)
            item.note("除了累计，原文还写了目标文件没有的节奏")
        else:
            item.note(*notes[:1], "累计用原文写的数")
        item.note(*number.notes)
        self.made.say(number, f"累计 {plain(item.amounts[Slot.TOTAL][unit])} {unit}（原文写了两次）")

    def _may_be_of_all(self, item: Item, number: Number, unit: str) -> None:
        """宣传2场，培训2场，服务50人次: the last amount may be meant for all before it."""
        others = [
            other
            for other in self.made.items
            if other is not item and other.part_of is None and self._is_event(other)
        ]
        if item.amounts and unit not in _EVENTS and item.part_of is None and others:
            if UNITS[unit].measure is Measure.VISITS and not any(unit in o.units() for o in others):
                item.note(f"“{number.said}”也可能是这一条各项合起来的，先只算这一项")

    def _is_sum_of_places(self, number: Number, slot: Slot) -> bool:
        """每村2场，共计24场: the sum stands for what each place has."""
        return (
            self.current is not None
            and self.current.has(slot, number.unit)
            and any(note.endswith(_PLACES_NOTE) for note in self.current.notes)
            and re.search("共|合计|总计|累计", self._lead(number.start)) is not None
        )

    def _rhythm_of(self, number: Number) -> tuple[str, str]:
        """The rhythm that holds for an amount, and how the contract says it."""
        if number.rhythm:
            return number.rhythm, number.said
        beat = self.rhythm
        if beat is not None and not beat.weak:
            if self._same(beat, number.start) or (
                not self.rhythm_used and not trimmed(self._lead(number.start))
            ):
                self.rhythm_used = True
                return beat.kind, beat.said
            if (
                beat.kind in ("month", "quarter", "year")
                and self._one_sentence(beat.start, number.start)
                and self._belongs(number)
            ):
                return beat.kind, beat.said
        if self.in_parts and self.parent is not None:
            held = self.made.items[self.parent].amounts
            slots = [slot for slot, units in held.items() if number.unit in units]
            rhythmic = [kind for kind, slot in _BACK.items() if slot in slots]
            if rhythmic and Slot.TOTAL not in slots:
                return rhythmic[0], "其中"
        return "", ""

    def _item_for(self, number: Number, slot: Slot) -> tuple[Item, str]:
        """The item an amount goes to, and the unit it is kept in there."""
        here, unit = self.current, number.unit
        if here is not None and not (self.in_parts and here is self._parent_item()):
            near = self._one_sentence(self.last_end, number.start) or not re.search(
                "[；\n]|[一-龥]", self._between(number.start)
            )
            bare = not trimmed(self._led(number.start)) and near
            bare = bare and not noun_after(self.text, number.end)
            rhythmic = here.amounts.keys() - {Slot.TOTAL} or here.converted
            if bare and (slot is not Slot.TOTAL or rhythmic or self._rhythm_lacks(number)):
                main = self._main_unit(here)
                meant = main if unit in ("次", "场", "期", "场次") or unit == main else unit
                stated = slot is Slot.TOTAL and (meant in here.converted or self._rhythm_lacks(number))
                if (not here.has(slot, meant) or stated) and not here.milestone:
                    return here, meant
            clash = any(is_distinct(u) and u != unit for u in here.units()) and is_distinct(unit)
            if self._belongs(number) and not here.has(slot, unit) and not clash:
                return here, unit
        return self._new(number, lead_of=""), unit

    def _parent_item(self) -> Item | None:
        return self.made.items[self.parent] if self.parent is not None else None

    @staticmethod
    def _main_unit(item: Item) -> str:
        units = item.units()
        return next((u for u in units if UNITS[u].measure is Measure.OCCASIONS), units[0])

    def _belongs(self, number: Number) -> bool:
        """Whether an amount says more of the activity before it: 10场，服务600人次."""
        if self.current is None or Slot.PER_PERSON in self.current.amounts:
            return False
        lead = self._lead(number.start).strip()
        bare = re.sub(rf"^(?:{any_of(lexicon().lists['name_not_first'][:12])})+", "", lead)
        measure = UNITS[number.unit].measure
        if measure not in (Measure.VISITS, Measure.MATERIAL, Measure.DISTINCT):
            return False
        begun = re.match(rf"(?:{any_of(lexicon().lists['belongs'])})", bare or lead)
        if measure is Measure.MATERIAL:
            return begun is not None and bare[:2] in ("发放", "派发", "印发", "分发")
        if number.unit in ("支", "户") and not begun:
            return False
        if begun is None and self._is_event(self.current) and lexicon().has("attendance", lead):
            return True
        if begun is None and measure is Measure.VISITS:
            held = {UNITS[unit].measure for unit in self.current.units()}
            reached = re.search(r"(服务|惠及|覆盖|受益|参与|参加)[一-龥、“”]{0,16}$", lead.strip())
            told = reached is not None or lexicon().has("attendance", lead)
            return told and Measure.OCCASIONS in held
        return begun is not None

    def _new(self, number: Number, lead_of: str = "") -> Item:
        item = Item(name=lead_of or self._name(number))
        if self.in_parts and self.parent is not None:
            item.part_of = self.parent
        self.made.items.append(item)
        return item

    def _name(self, number: Number) -> str:
        noun = noun_after(self.text, number.end)
        lead = trimmed(self._lead(number.start))
        if self.each is not None and self.each.cue is Cue.EACH_PLACE:
            lead = "" if self._same(self.each, number.start) else lead
        if noun:
            lead = noun if not lead or len(lead) + len(noun) > 14 or noun in lead else lead + noun
            self.noun_end = self.text.find(noun[:1], number.end) + len(noun)
        if lead in lexicon().lists["attendance"] and self.current is not None:
            lead = f"{self.current.name}{lead}"
        if not lead or lead in lexicon().lists["belongs"]:
            start = self._sentence_start(number.start)
            pieces = re.split("[，：（）]", self.text[start : number.start])
            each = rf"{any_of(lexicon().lists['each_place'])}|{_AGES}"
            found = [trimmed(re.sub(each, "", p)) for p in pieces if not re.search(_COUNTED, p)]
            found = [*(trimmed(re.sub(r"^.*\d\s?[一-龥]?", "", piece)) for piece in pieces), *found]
            lead = next((piece for piece in reversed(found) if len(piece) >= 2), "") or lead
        if not lead and self.current is not None:
            lead = self.current.name
        if self.title and len(lead) < 3:
            lead = self.title
        return shortened(lead or self.title or self.about or trimmed(self.text[:40]) or "服务项")

    def _series(self, item: Item, number: Number) -> None:
        words = lexicon()
        noun = self._lead(number.start) + noun_after(self.text, number.end) + item.name
        if "案例" in noun or "档案" in noun or number.unit not in words.lists["series_units"]:
            return
        if words.has("series", noun) and UNITS[number.unit].measure is Measure.WORKS:
            item.series = True

    # -- lists ------------------------------------------------------------------------------

    def _each_listed(self, number: Number) -> tuple[list[str], Decimal]:
        """Whom 各 stands for: the names it lists, or how many places."""
        lead = self._lead(number.start)
        words = lexicon()
        match = re.search(
            rf"^(?P<names>.*?)(?:{any_of(words.lists['each_listed'])})(?P<verb>[一-龥]{{0,6}}?)"
            rf"(?:{any_of(words.lists['at_least'])})?\s*$",
            lead,
        )
        if match is None:
            return [], Decimal(1)
        if self.places and not match["names"].strip("、"):
            return [], self.places
        names = listed(re.sub(r"^[：，（\s]+", "", match["names"]))
        if not names:
            return [], max(self.places, Decimal(1))
        noun = noun_after(self.text, number.end)
        return [f"{trimmed(name) or name}{noun}" for name in names], Decimal(1)

    def _listed(
        self, number: Number, names: list[str], slot: Slot, value: Decimal, notes: list[str]
    ) -> None:
        whole = self.current
        parent = None
        if whole is not None and whole.has(slot, number.unit):
            parent = self.made.items.index(whole)
            if whole.amounts[slot][number.unit] != value * len(names):
                whole.note(f"“{number.said}”有 {len(names)} 个，加起来和总数不同")
        for name in names:
            item = self._new(number, shortened(name))
            item.add(slot, number.unit, value)
            item.note(*number.notes, *notes)
            item.part_of = parent if parent is not None else item.part_of
            self._series(item, number)
        if whole is None or parent is None:
            self.current = self.made.items[-1]
        self.made.say(number, f"{len(names)} 个服务项各 {plain(value)} {number.unit}")

    def _types(self) -> None:
        """包括A类、B类等类型: each type must occur."""
        words = lexicon()
        begin = any_of(words.lists["types_begin"])
        end = any_of(words.lists["types_end"])
        for match in re.finditer(rf"(?:{begin})(?P<list>[^，。；（）：\d]{{4,90}})", self.text):
            item = next((i for i in reversed(self.made.items) if Slot.TOTAL in i.amounts), None)
            body, etc, rest = match["list"].partition("等")
            names = listed(body)
            typed = all(re.search(rf"(?:{end})$", name) for name in names)
            if item is None or not names or item.types or max(map(len, names)) > 12:
                continue
            if typed or (etc and re.search(rf"(?:{end})$", rest.strip())):
                item.types = tuple(dict.fromkeys(names))
                said = "每一类至少一个：" + "、".join(names)
                self.made.readings.append(Reading(match[0], said, match.start()))

    # -- papers and rhythms without a number --------------------------------------------------

    def _leave_rhythm(self, end: int) -> None:
        """A rhythm that no number used: one each time, where something is handed in or done."""
        beat, self.rhythm = self.rhythm, None
        if beat is None or self.rhythm_used or beat.kind == "whole":
            return
        start = max(self._segment_start(beat.start), 0)
        stop = next((n for n in range(beat.end, end) if self.text[n] in "，。；\n（"), end)
        words = self.text[start:stop]
        paper = rhythmic_paper(words)
        inside = [t for t in self.tokens if start <= t.start < stop and t is not beat]
        if any(is_amount(t) for t in inside):
            return
        if beat.weak and any(isinstance(t, Rhythm) for t in inside):
            return
        if beat.weak and paper is None:
            return
        if paper is None and self.made.items and self._inside_bracket(beat.start):
            return
        if paper is None and (any(_is_duration(t) for t in inside) or lexicon().has("staff", words)):
            return
        unit = paper or "次"
        slotted = slot_of(beat.kind, beat.said, Decimal(1), unit, self.span)
        if slotted is None:
            self.made.notes.append(f"“{beat.said}”没有写次数，目标文件也不能按“{beat.said}”累计")
            return
        slot, value, notes = slotted
        told = trimmed(self.text[beat.end : stop]) or trimmed(words)
        item = Item(name=shortened(told or self.about or "服务项"))
        item.add(slot, unit, value)
        item.note(*notes)
        if paper is None:
            item.note(f"原文没有写次数，先按{beat.said}1次")
        due = re.search(r"(\d{1,2})\s?[日号]", words)
        if due and slot is Slot.MONTHLY and 1 <= int(due[1]) <= 31:
            item.due_day = int(due[1])
        elif due:
            item.note(f"“{due[0]}前”目标文件只能写在每月的指标上")
        self.made.items.append(item)
        self.made.readings.append(
            Reading(words, f"{_SAID[slot]} {plain(value)} {unit}", start)
        )

    def _papers(self) -> None:
        """Reports that are handed in once: a milestone each."""
        spans = [r.start for r in self.made.readings if not r.meaning.startswith("不是指标")]
        for start, words in _segments(self.text):
            if any(start <= place < start + len(words) for place in spans):
                continue
            names = deliverables(words)
            if names and (self.made.items or len(names) > 1):
                for name in names:
                    self.made.items.append(Item(name=shortened(name), milestone=True))
                self.made.readings.append(Reading(words, "完成一次：" + "、".join(names), start))

    def _close(self) -> None:
        made = self.made
        if self.said_once and made.items:
            (self.once or made.items[-1]).once_per_person = True
        if not made.items:
            name = self.title or trimmed(re.split("[，。；：]", self.text)[0])
            item = Item(name=shortened(name or self.about or "服务项"), milestone=True)
            for kind, unit, value, why in self.waiting:
                self._attach(item, kind, unit, value, why)
            if item.each:
                wanted = "、".join(f"{plain(v)}{u}" for u, v in item.each.items())
                item.note(f"这一条是对活动的条件（每次至少{wanted}），要起作用就写到有关的服务项上")
                item.each = {}
            made.items.append(item)
        elif self.waiting:
            for kind, unit, value, why in self.waiting:
                self._attach(made.items[0], kind, unit, value, why)
        made.readings.sort(key=lambda one: one.start)

    # -- places in the text -------------------------------------------------------------------

    def _lead(self, at: int) -> str:
        """The words before a number, back to the last mark or number."""
        start = max(self.last_end, 0)
        words = self.bare[start:at] if start <= at else ""
        return re.split("[，。；：！？（）\n]", words)[-1].removeprefix("、")

    def _led(self, at: int) -> str:
        """The words before a number with the label before a colon: 小组活动：4个."""
        start = max(self.last_end, 0)
        return re.split("[，。；！？（）\n]", self.bare[start:at])[-1] if start <= at else ""

    def _between(self, at: int) -> str:
        """Everything since the last number that is not a rhythm."""
        return trimmed(re.sub(r"[（）。]", "", self.bare[self.last_end : at]))

    def _segment_start(self, at: int) -> int:
        return max((self.text.rfind(ch, 0, at) for ch in "，。；！？（）\n"), default=-1) + 1

    def _sentence_start(self, at: int) -> int:
        return max((self.text.rfind(ch, 0, at) for ch in _HARD), default=-1) + 1

    def _same(self, mark: Mark | Rhythm | None, at: int) -> bool:
        """Whether no comma or bracket stands between."""
        return mark is not None and not re.search("[，。；！？（）\n]", self.text[mark.end : at])

    def _near(self, mark: Mark, at: int) -> bool:
        """Whether neither a comma nor another number with 、 stands between."""
        listed_after = self.last_end > mark.end and "、" in self.text[mark.end : at]
        return self._same(mark, at) and not (listed_after and trimmed(self._lead(at)))

    def _one_sentence(self, start: int, end: int) -> bool:
        return not any(ch in _HARD for ch in self.text[start:end])

    def _inside_bracket(self, at: int) -> bool:
        return self.text.count("（", 0, at) > self.text.count("）", 0, at)


_PLACES_NOTE = "，有几个就乘几"
_SAID = {
    Slot.TOTAL: "累计",
    Slot.MONTHLY: "每月",
    Slot.QUARTERLY: "每季度",
    Slot.YEARLY: "每年",
    Slot.PER_PERSON: "每人每年",
}
_BACK = {"month": Slot.MONTHLY, "quarter": Slot.QUARTERLY, "year": Slot.YEARLY}


def _is_duration(token: object) -> bool:
    return isinstance(token, Number) and not re.match(r"\d+[日号]$", token.said)


def _segments(text: str) -> list[tuple[int, str]]:
    """The stretches between commas and ends of sentences, with their places."""
    return [(match.start(), match[0]) for match in re.finditer(r"[^，。；！？\n]+", text)]
