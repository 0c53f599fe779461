"""Applies the changes that a person makes to the proposed items of a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Period
from sgtrack.model.errors import Refused
from sgtrack.model.units import PEOPLE, UNITS, plain
from sgtrack.tender.clause_conditions import MAX_SESSIONS
from sgtrack.tender.clause_numbers import ClauseNumber, NumberKind, find_numbers, normalize
from sgtrack.tender.clause_people import UNKNOWN_ROLE
from sgtrack.tender.clause_proposals import KEY_LABELS, AmountKey, ProposedItem
from sgtrack.tender.clause_state import EVENTS
from sgtrack.tender.contract_draft import ContractDraft, DraftCategory, DraftClause
from sgtrack.tender.draft_builder import fit_to_format, number_items
from sgtrack.tender.lexicon import word_list

NOTHING = ("无", "没有", "不要")
"""Answers that remove all conditions of an item."""


@dataclass(frozen=True, slots=True)
class AmountPlace:
    """An amount of a clause: the index of its item, its key and its unit.

    ``key`` is None for an item without an amount.
    """

    item: int
    key: AmountKey | None
    unit: str = ""


def list_amounts(clause: DraftClause) -> list[AmountPlace]:
    """Return the amounts of a clause in order; an item without an amount counts as one."""
    return [
        place
        for n, item in enumerate(clause.reading.items)
        for place in (
            [AmountPlace(n, key, unit) for key, units in item.amounts.items() for unit in units]
            or [AmountPlace(n, None)]
        )
    ]


def amount_words(clause: DraftClause, place: AmountPlace) -> str:
    """Return an amount with the name of its item, as in 政策宣讲 累计 10 场."""
    item = clause.reading.items[place.item]
    if place.key is None:
        return f"{item.name} 完成一次"
    value = plain(item.amounts[place.key][place.unit])
    return f"{item.name} {KEY_LABELS[place.key]} {value} {place.unit}"


def parse_amount(text: str, unit: str) -> tuple[Decimal, str]:
    """Read a number with a unit, or a number in ``unit``.

    Raises:
        Refused: there is not exactly one number, or its unit is not known.
    """
    words = normalize(text.strip())
    numbers = _amounts(words) or _amounts(f"{words}{unit}")
    if len(numbers) != 1:
        raise Refused(f"没有读懂“{text}”", "写一个数，如 12，或连同单位，如 12场")
    return numbers[0].value, numbers[0].unit


def _amounts(words: str) -> list[ClauseNumber]:
    return [number for number in find_numbers(words) if number.kind is NumberKind.AMOUNT]


def check_unit(text: str) -> str:
    """Return the unit of the target format for a typed unit.

    Raises:
        Refused: there is no such unit.
    """
    unit = word_list("unit_of").get(text.strip())
    if unit is None:
        raise Refused(f"没有单位“{text}”", f"可以写 {'、'.join(UNITS)}")
    return str(unit)


def change_amount(
    item: ProposedItem, place: AmountPlace, value: Decimal, unit: str, key: AmountKey
) -> None:
    """Replace an amount of an item by one with this number, unit and key."""
    if place.key is not None:
        del item.amounts[place.key][place.unit]
        if not item.amounts[place.key]:
            del item.amounts[place.key]
    item.milestone = False
    item.add(key, unit, value)
    if key is AmountKey.PER_PERSON and not item.role:
        item.role = UNKNOWN_ROLE


def change_condition(item: ProposedItem, text: str) -> None:
    """Add a condition to an item, such as 30人 or 6节; 无 removes all conditions.

    Raises:
        Refused: the text is not a number with a unit.
    """
    if text.strip() in NOTHING:
        item.each, item.sessions, item.once_per_person = {}, None, False
        return
    value, unit = parse_amount(text, "")
    if unit in EVENTS:
        if not 1 <= value <= MAX_SESSIONS or value % 1:
            raise Refused(f"{plain(value)} 次太多或不是整数", f"写 1 到 {MAX_SESSIONS}，如 6节")
        item.series, item.sessions = True, int(value)
    else:
        item.each["人" if unit in PEOPLE else unit] = value


def remove_amount(clause: DraftClause, place: AmountPlace) -> DraftClause | None:
    """Remove an amount that is not an indicator, and its item if this was the only amount.

    Return None if the clause has no items left.
    """
    items = clause.reading.items
    item = items[place.item]
    if place.key is not None:
        del item.amounts[place.key][place.unit]
        if not item.amounts[place.key]:
            del item.amounts[place.key]
    if not item.amounts:
        del items[place.item]
        for other in items:
            if other.part_of == place.item:
                other.part_of = None
            elif other.part_of is not None and other.part_of > place.item:
                other.part_of -= 1
    return replace(clause, codes=number_items(clause.code, items)) if items else None


def refit(clause: DraftClause, period: Period) -> None:
    """Remove what the target format rejects after a change; notes say what was removed."""
    for item in clause.reading.items:
        fit_to_format(item, period)


def settle(clause: DraftClause) -> DraftClause:
    """Return a clause without its remarks, because a person has checked the clause."""
    for item in clause.reading.items:
        item.notes = []
    return replace(clause, notes=())


def settle_draft(
    draft: ContractDraft,
    clauses: dict[str, DraftClause | None],
    name: str,
    start: date,
    end: date,
) -> ContractDraft:
    """Return a draft with reviewed clauses and facts; clauses that are None are set aside."""
    categories = []
    set_aside = list(draft.set_aside)
    for category in draft.categories:
        kept = []
        for clause in category.clauses:
            reviewed = clauses[clause.code]
            if reviewed is None:
                set_aside.append((clause.clause.text, "核对时确认不是指标"))
            else:
                kept.append(reviewed)
        if kept:
            categories.append(DraftCategory(category.code, category.category, tuple(kept)))
    facts = replace(draft.facts, name=name, start=start, end=end, notes={})
    return replace(
        draft,
        facts=facts,
        start=start,
        end=end,
        categories=tuple(categories),
        set_aside=tuple(set_aside),
        notes=(),
        period_checked=True,
    )
