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
from sgtrack.sentence.events import check_length
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
_HEADS = ("人", "名", "位")
_PERSON = re.compile(
    r"[^，。；、,;]{0,3}(?:娃娃|孩子|老人|小朋友|学生|居民|群众|儿童|青少年|家长|党员|妇女|学员|组员|爷爷|奶奶)"
    r"(?!档案|台账|家庭|小组|心理|服务|之家|个案)"
)
_TAKES_PART = re.compile(r"\s*(?:参[训加与会]|到[会场]|受训|听课|学习)")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]|[《》“”]")
_TOTAL = re.compile(r"(?:共计?|合计|累计|总计|一共|总共|全[天年程]共?)[^，。；,;、]{0,8}$")
_TO_DATE = re.compile(r"(?:累计|至今|目前|现有|已有|总数)[^，。；,;、]{0,8}$")
_NEW = re.compile(r"(?:新增|新[建开发注]|本[月周次期日]|当[日天]|今[日天])[^，。；,;、]{0,10}$")
_PART = re.compile(r"(?:其中|包括|含|分别)[^。；;]{0,16}$")
_HALVES = re.compile(
    r"(?:上午|下午|晚上|早上|第一[天场]|第二[天场]|首日|次日|第[一二三四]场|"
    r"[^，。；、,;]{1,8}(?:[班组队场村]|院坝|小区|网格|社区)$)"
)


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
    """Read what a sentence says of an activity under a contract.

    Raises:
        Refused: it is longer than any sentence.
    """
    check_length(text)
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
    about = f"{item.name}{''.join(item.words)}{project.clauses[item.clause].text}"
    said = [one for one in quantities(text) if not _is_staff(about, text, one)]
    amounts: dict[str, Understood] = {}
    questions = []
    for unit in units:
        meant = [one for one in said if _means(one, unit, units, text, about)]
        mine = _told_apart(text, meant, unit)
        if not mine:
            continue
        words = "、".join(one.words for one in mine)
        values = [one.amount for one in mine if one.amount is not None]
        exact = all(one.exact for one in mine)
        if exact and len(set(values)) == 1:
            amounts[unit] = Understood(values[0], words)
        elif exact and _in_halves(text, mine):
            amounts[unit] = Understood(sum(values, Decimal(0)), words)
        else:
            questions.append(
                Question(unit, words, values[0] if len(mine) == 1 and values else None)
            )
    if units and not amounts and not questions:
        questions = _indirect(units, said)
    return amounts, tuple(questions)


def _indirect(units: tuple[str, ...], said: list[Quantity]) -> list[Question]:
    """Where only households or people are counted, and the item counts something else.

    为30名老人建立档案 may be 30个; 为2户家庭评估 may be 2人次. That is asked.
    """
    open_units = [u for u in units if UNITS[u].measure in (Measure.VISITS, Measure.WORKS)]
    people = [one for one in said if one.unit in ("户", "户次", "对", *_HEADS)]
    if not open_units or len(people) != 1:
        return []
    (one,) = people
    unit = "人次" if "人次" in open_units else open_units[0]
    return [Question(unit, one.words, one.amount)]


def _means(one: Quantity, unit: str, units: tuple[str, ...], text: str, about: str) -> bool:
    """Whether an amount of the text is one in a unit of the item."""
    said = one.unit
    what, wanted = UNITS[said].measure, UNITS[unit].measure
    if said == "个" and _PERSON.match(text, one.end):
        return unit == "人次" or spoken_for("人", units) == unit
    if wanted is Measure.WORKS and (said == unit or said not in units):
        fits = what in (Measure.WORKS, Measure.MATERIAL) and (said == unit or "份" not in units)
        return fits and _beside(text, one, about)
    if said == unit or spoken_for(said, units) == unit:
        return True
    if said in units:
        return False
    if unit == "人次":
        return said in _HEADS  # at one event heads are visits
    if wanted is Measure.OCCASIONS:
        return said in ("篇", "则") or (said == "条" and _beside(text, one, about))
    return wanted is Measure.MATERIAL and what is Measure.MATERIAL


def _beside(text: str, one: Quantity, about: str) -> bool:
    """Whether the words beside an amount are the item's: 档案30份, 30个岗位, not 6个单元."""
    before = re.split(r"[，。；、,;！!]", _BRACKETS.sub("", text[: one.start]))[-1][-10:]
    after = re.split(r"[，。；、,;！!]", _BRACKETS.sub("", text[one.end :]))[0][:8]
    if not (before or after):  # 网络众筹，1例，
        return True
    return any(
        words[n : n + 2] in about for words in (before, after) for n in range(len(words) - 1)
    )


def _is_staff(about: str, text: str, one: Quantity) -> bool:
    """Whether the people are those who worked there, not those who were served."""
    if one.unit not in (*_HEADS, "人次"):
        return False
    after = re.match(rf"(?:[^，。；、,;]{{0,6}}?)(?P<who>{_STAFF})", text[one.end :])
    before = re.search(rf"(?P<who>{_STAFF})$", text[: one.start])
    if before and _TAKES_PART.match(text, one.end):
        return False
    return any(found and found["who"] not in about for found in (after, before))


def _told_apart(text: str, found: list[Quantity], unit: str) -> list[Quantity]:
    """Of several amounts in a unit those that count: the total rather than its parts."""
    if any(one.unit == unit for one in found):
        found = [one for one in found if one.unit == unit]
    if len(found) < 2:
        return found
    new = [one for one in found if _NEW.search(text[: one.start])]
    if len(new) == 1 and any(_TO_DATE.search(text[: one.start]) for one in found if one not in new):
        return new
    totals = [one for one in found if _TOTAL.search(text[: one.start])]
    if totals:
        return totals[-1:]
    whole = [
        one for one in found if not _PART.search(text[: one.start]) and not _in_brackets(text, one)
    ]
    return whole or found


def _in_brackets(text: str, one: Quantity) -> bool:
    opened = max(text.rfind("（", 0, one.start), text.rfind("(", 0, one.start))
    closed = max(text.rfind("）", 0, one.start), text.rfind(")", 0, one.start))
    return opened > closed


def _in_halves(text: str, found: list[Quantity]) -> bool:
    """Whether each amount belongs to a part of the day or to an event of its own."""
    begins = 0
    for one in found:
        if not _HALVES.search(text[begins : one.start]):
            return False
        begins = one.end
    return True
