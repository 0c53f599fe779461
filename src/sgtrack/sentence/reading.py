"""From a sentence to what it says of an activity, with the words each part was read from.

Nothing is guessed: what the sentence leaves open becomes a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.sentence.dates import Day, find_day
from sgtrack.sentence.items import Fit, fitting
from sgtrack.sentence.places import Place, find_place
from sgtrack.sentence.quantities import Quantity, quantities
from sgtrack.sentence.titles import find_title
from sgtrack.targets.model import Item, Project
from sgtrack.units import UNITS, Measure, spoken_for

_STAFF = (
    "社工师|社工|社会工作者|志愿者|工作人员|医生|医护|医师|护士|老师|讲师|教师|律师|专家|民警|交警|网格员|干部|辅警|"
    "消防员|理发师|大学生|实习生|督导|心理咨询师|咨询师|党员志愿者|青年志愿者|代表|嘉宾|队员|巾帼"
)
_TOTAL = re.compile(r"(?:共计?|合计|累计|总计|一共|总共|全[天年程]共?)[^，。；,;、]{0,8}$")
_PART = re.compile(r"(?:其中|包括|含|分别)[^。；;]{0,16}$")
_HALVES = re.compile(r"(?:上午|下午|晚上|早上|第一[天场]|第二[天场]|首日|次日|第[一二三四]场)")


@dataclass(frozen=True, slots=True)
class Understood:
    """An amount with the words it was read from."""

    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A unit the sentence gives no exact amount of; ``near`` is the number it gives, if any."""

    unit: str
    words: str
    near: Decimal | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence says.

    ``day`` is None where no day is named; its own day is None where the words fix none (近日).
    ``items`` has one item where the words tell it, several where they fit equally, none where
    they tell nothing; the amounts are then not yet held against an item.
    """

    text: str
    day: Day | None
    items: tuple[Fit, ...]
    place: Place | None
    title: str
    amounts: Mapping[str, Understood]
    questions: tuple[Question, ...]

    @property
    def item(self) -> Item | None:
        """The item, where the words tell just one."""
        return self.items[0].item if len(self.items) == 1 else None


def read_sentence(project: Project, text: str, today: date) -> Reading:
    """Read what a sentence says of an activity under a contract."""
    found = quantities(text)
    fits = tuple(fitting(project, text, found))
    amounts: dict[str, Understood] = {}
    questions: tuple[Question, ...] = ()
    if len(fits) == 1:
        amounts, questions = amounts_for(project, fits[0].item, text)
    return Reading(
        text=text,
        day=find_day(text, today, project.period),
        items=fits,
        place=find_place(text),
        title=find_title(text),
        amounts=amounts,
        questions=questions,
    )


def amounts_for(
    project: Project, item: Item, text: str
) -> tuple[dict[str, Understood], tuple[Question, ...]]:
    """The amounts of a text in the units of an item, and what must be asked about them."""
    units = project.units_of(item.code)
    said = [one for one in quantities(text) if not _is_staff(project, item, text, one)]
    amounts: dict[str, Understood] = {}
    questions = []
    for unit in units:
        mine = _told_apart(text, [one for one in said if _means(one.unit, unit, units)], unit)
        if not mine:
            continue
        words = "、".join(one.words for one in mine)
        sums = [one.amount for one in mine if one.amount is not None]
        total = sum(sums, Decimal(0))
        if all(one.exact for one in mine) and (len(mine) == 1 or _in_halves(text, mine)):
            amounts[unit] = Understood(total, words)
        else:
            near = total if len(mine) == 1 and sums else None
            questions.append(Question(unit, words, near))
    if units and not amounts and not questions:
        questions = _indirect(units, said)
    return amounts, tuple(questions)


def _indirect(units: tuple[str, ...], said: list[Quantity]) -> list[Question]:
    """Where only households or people are counted, and the item counts something else.

    为30名老人建立档案 may be 30个; 为2户家庭评估 may be 2人次. That is asked.
    """
    unit = next((u for u in units if UNITS[u].measure is not Measure.TIME), None)
    people = [one for one in said if one.unit in ("户", "户次", "人", "名", "位", "人次", "对")]
    if unit is None or len(people) != 1:
        return []
    (one,) = people
    return [Question(unit, one.words, one.amount)]


def _means(said: str, unit: str, units: tuple[str, ...]) -> bool:
    """Whether a unit of the text counts what a unit of the item counts."""
    if said == unit or spoken_for(said, units) == unit:
        return True
    if said in units or unit not in UNITS or said not in UNITS:
        return False
    what, wanted = UNITS[said].measure, UNITS[unit].measure
    if unit == "人次":
        return said in ("人", "名", "位")  # at one event heads are visits
    if wanted is Measure.WORKS:
        alone = sum(UNITS[u].measure is Measure.WORKS for u in units) == 1
        return alone and (what is Measure.WORKS or said == "份") and "份" not in units
    if wanted is Measure.OCCASIONS:
        return said in ("篇", "条", "则") and not {"篇", "条"} & {*units}
    return wanted is Measure.MATERIAL and what is Measure.MATERIAL


def _is_staff(project: Project, item: Item, text: str, one: Quantity) -> bool:
    """Whether the people are those who worked there, not those who were served."""
    if one.unit not in ("人", "名", "位", "人次"):
        return False
    after = re.match(rf"(?:[^，。；、,;]{{0,6}}?)(?P<who>{_STAFF})", text[one.end :])
    if after is None:
        return False
    asked = item.name + project.clauses[item.clause].text
    return after["who"] not in asked


def _told_apart(text: str, found: list[Quantity], unit: str) -> list[Quantity]:
    """Of several amounts in a unit those that count: the total rather than its parts."""
    if unit == "人次" and any(one.unit == "人次" for one in found):
        found = [one for one in found if one.unit == "人次"]
    if len(found) < 2:
        return found
    totals = [one for one in found if _TOTAL.search(text[: one.start])]
    if totals:
        return totals[-1:]
    whole = [one for one in found if not _PART.search(text[: one.start])]
    return whole or found


def _in_halves(text: str, found: list[Quantity]) -> bool:
    """Whether each amount belongs to a part of the day or to an event of its own."""
    begins = 0
    for one in found:
        if not _HALVES.search(text[begins : one.start]):
            return False
        begins = one.end
    return True
