"""The part of a contract record that the views of the ledger read: items, and targets by stage.

The views compute progress in SQL from a recorded contract. What depends on the contract alone is
therefore computed here and recorded: which items an activity counts for, the periods of each
indicator with their targets, and the way in which its unit is counted. All amounts are in
hundredths of their unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sgtrack.model.contract import Category, Clause, Indicator, Item, Kind, Per, Project
from sgtrack.model.units import HEADCOUNT, SYNONYMS, UNITS, Measure, is_distinct
from sgtrack.progress.pace import days_of, milestone_due
from sgtrack.progress.periods import owed_periods

Row = dict[str, Any]

_ONE = Decimal(1)


def contract_rows(project: Project) -> Row:
    """Return the items of a contract, and its indicators from each day on which it changes.

    The first stage has an empty day. A list of words is stored as a text with a space before and
    after each word, so that SQL can search for a whole word. Keys without a value are left out.
    """
    first_days = ["", *dict.fromkeys(change.start.isoformat() for change in project.changes)]
    return {
        "name": project.name,
        "items": [
            _item_row(project, category, clause, item)
            for category in project.categories
            for clause in category.clauses
            for item in clause.items
        ],
        "stages": [_stage(project, day) for day in first_days],
    }


def _item_row(project: Project, category: Category, clause: Clause, item: Item) -> Row:
    return _given(
        {
            "item": item.code,
            "name": item.name,
            "clause": clause.code,
            "text": clause.text,
            "category": category.code,
            "category_name": category.name,
            "part_of": item.part_of,
            "counts_for": list(project.with_ancestors(item.code)),
            "added": item.added.start.isoformat() if item.added else None,
            "series": int(item.series),
            "sessions": item.sessions,
            "evidence": list(item.evidence),
            "each": [_condition(unit, least) for unit, least in item.each],
        }
    )


def _condition(unit: str, least: Decimal) -> Row:
    """Return a minimum amount of each activity, with the units that SQL needs to check it."""
    synonyms = next((group for group in SYNONYMS if unit in group), ())
    return {
        "unit": unit,
        "least": _hundredths(least),
        "headcount": _words(HEADCOUNT) if unit in HEADCOUNT else "",
        "distinct": _words(name for name in UNITS if is_distinct(name)),
        "synonyms": _words(synonyms),
        "occasions": _words(
            name for name, one in UNITS.items() if one.measure is Measure.OCCASIONS
        ),
    }


def _stage(project: Project, first_day: str) -> Row:
    """Return the contract in force from a day on; an empty day stands for the original contract."""
    day = date.fromisoformat(first_day) if first_day else date.min
    now = project.at(day)
    return {
        "from": first_day,
        "first_day": now.period.start.isoformat(),
        "last_day": now.period.end.isoformat(),
        "end": project.period.end.isoformat(),
        "indicators": [_indicator_row(now, item, one) for _, _, item, one in now.indicators()],
    }


def _indicator_row(project: Project, item: Item, indicator: Indicator) -> Row:
    due = milestone_due(project, item, indicator) if indicator.kind is Kind.MILESTONE else None
    return _given(
        {
            "item": item.code,
            "kind": indicator.kind.value,
            "unit": indicator.unit,
            "target": None if indicator.target is None else _hundredths(indicator.target),
            "per": indicator.per.value if indicator.per else None,
            "due_day": indicator.due_day,
            "due": due.isoformat() if due else None,
            "role": indicator.role,
            "types": list(indicator.types),
            "added": indicator.added.start.isoformat() if indicator.added else None,
            "ended": indicator.ended.start.isoformat() if indicator.ended else None,
            "counting": _counting(item, indicator),
            "periods": list(_periods(project, indicator)),
        }
    )


def _counting(item: Item, indicator: Indicator) -> str:
    """Return the name of the way in which activities count for an indicator.

    ``Tallies.credits`` and the kinds of indicator count in the same ways.
    """
    if indicator.kind in (Kind.PER_PERSON, Kind.COVERAGE, Kind.MILESTONE):
        return indicator.kind.value
    if item.counts_groups(indicator.unit):
        return "groups"
    if item.once_per_person and indicator.unit in HEADCOUNT:
        return "once"
    return "names" if is_distinct(indicator.unit) else "sum"


def _periods(project: Project, indicator: Indicator) -> Iterator[list[Any]]:
    """Yield label, first day, last day and target of each period.

    An indicator without periods gets one period with an empty label: its days in the project.
    """
    if indicator.kind is Kind.PER_PERSON:
        owed = owed_periods(days_of(project, indicator), Per.YEAR)
    elif indicator.kind is Kind.PERIODIC and indicator.per:
        owed = owed_periods(days_of(project, indicator), indicator.per, indicator.due_day)
    else:
        days = days_of(project, indicator)
        target = _hundredths(indicator.target or _ONE)
        yield ["", days.start.isoformat(), days.end.isoformat(), target]
        return
    for one in owed:
        first, last = one.period.start, one.period.end
        decisive = last if indicator.per is Per.YEAR else first
        target = _hundredths(indicator.target_on(decisive) or _ONE)
        yield [one.label, first.isoformat(), last.isoformat(), target]


def _given(row: Row) -> Row:
    return {key: value for key, value in row.items() if value}


def _hundredths(amount: Decimal) -> int:
    return int(amount * 100)


def _words(words: Iterable[str]) -> str:
    """Join words with a space before and after each one."""
    return f" {' '.join(sorted(words))} "
