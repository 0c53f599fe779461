"""Makes the questions for amounts that a sentence does not state clearly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sgtrack.model.contract import Item
from sgtrack.model.units import PEOPLE, UNITS, Measure, matching_unit
from sgtrack.sentence.amount_roles import is_beside
from sgtrack.sentence.phrases import named_groups
from sgtrack.sentence.quantities import Quantity

_SHARE = re.compile(r"每[场班期天日节次批轮个家支所]|各")

Spans = tuple[tuple[int, int], ...]
"""The start and the end of words in a text, as character offsets."""


class Doubt(Enum):
    """The reasons for asking about an amount."""

    INEXACT = "inexact"
    """The number is approximate or indefinite, as in 80余 or 几十."""
    SEVERAL = "several"
    """It is uncertain which of several numbers counts, or whether the only number counts."""
    EACH = "each"
    """The number holds for each event, person or place."""
    OTHER_UNIT = "other unit"
    """The number is in a related unit, such as households instead of persons."""
    MISSING = "missing"
    """The sentence states no number."""


@dataclass(frozen=True, slots=True)
class AmountQuestion:
    """A question for the amount in a unit, which the sentence does not state clearly.

    ``words`` are the words that raise the question. ``near`` is the only exact amount that they
    suggest, or None.
    """

    unit: str
    words: str
    doubt: Doubt
    near: Decimal | None = None
    spans: Spans = ()


def make_question(unit: str, quantities: list[Quantity], doubt: Doubt) -> AmountQuestion:
    """Return a question about the amounts that may count in a unit."""
    near = quantities[0].amount if len(quantities) == 1 and doubt is Doubt.SEVERAL else None
    return AmountQuestion(unit, join_words(quantities), doubt, near, spans_of(quantities))


def join_words(quantities: list[Quantity]) -> str:
    """Return the words of several amounts as one text."""
    return "、".join(q.words for q in quantities)


def spans_of(quantities: list[Quantity]) -> Spans:
    """Return the positions of several amounts in their text."""
    return tuple((q.start, q.end) for q in quantities)


def is_share(quantity: Quantity, unit: str) -> bool:
    """Return whether an amount per event, person or place is a reason to ask about ``unit``.

    Examples: 每人2小时 for 小时, 每场40人 for 人次, 各1场 for 场, 各80份 for 份.
    """
    if UNITS[unit].measure is Measure.TIME:
        return quantity.unit == unit and quantity.each.startswith("每人")
    share = _SHARE.match(quantity.each)
    if share is None:
        return False
    if unit == "人次":
        return share[0] != "各" and quantity.unit in (*PEOPLE, "人次")
    if UNITS[unit].measure is Measure.OCCASIONS:  # Example: 在甲村、乙村各宣讲1场.
        return share[0] == "各" and matching_unit(quantity.unit, (unit,)) == unit
    return quantity.unit == unit == "份"


def ask_indirect(
    item: Item, units: tuple[str, ...], stated: list[Quantity], text: str
) -> list[AmountQuestion]:
    """Return questions for the item's units if the sentence states only related amounts.

    为30名老人建立档案 may mean 30个. 2户 may mean 2人次. 12人次 may mean 12人.
    """
    open_units = [u for u in units if UNITS[u].measure in (Measure.VISITS, Measure.WORKS)]
    visits = [q for q in stated if q.unit == "人次"]
    if visits and not open_units:
        return [make_question(u, visits, Doubt.OTHER_UNIT) for u in units if u in PEOPLE]
    people = [
        q
        for q in stated
        if q.unit in ("户", "户次", *PEOPLE)
        and not re.match("[^，。；、]{0,4}志愿者", text[q.end :])
        and not text[: q.start].endswith("志愿者")
    ]
    if not open_units or not people:
        return []
    unit = "人次" if "人次" in open_units else open_units[0]
    if unit not in ("人次", "例") and not named_groups(item.name):
        return []
    return [make_question(unit, people, Doubt.OTHER_UNIT)]


def ask_firms(
    units: tuple[str, ...], stated: list[Quantity], text: str, about: str
) -> list[AmountQuestion]:
    """Return a question for each unit of works if the sentence counts only firms that gave works.

    3家企业带来就业岗位 does not say how many 个.
    """
    firms = [q for q in stated if q.unit == "家" and is_beside(text, q, about)]
    works = [unit for unit in units if UNITS[unit].measure is Measure.WORKS]
    return [make_question(unit, firms, Doubt.OTHER_UNIT) for unit in works if firms]
