"""Guided entry: asks for the fields of an activity one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sgtrack.cli.field_prompts import (
    ask_amount,
    ask_day,
    ask_files,
    ask_item,
    ask_names,
    ask_place,
    ask_title,
    ask_type,
    usual_amount,
)
from sgtrack.cli.prompts import GoBack
from sgtrack.entry.activity_input import ActivityInput, units_of
from sgtrack.model.units import UNITS, plain

if TYPE_CHECKING:
    from sgtrack.app.log import LogSession
    from sgtrack.model.contract import Item
    from sgtrack.model.entries import Entry

Step = Callable[[ActivityInput], ActivityInput]
"""Asks for one field, and returns the input with the answer."""


def ask_activity(session: LogSession, typed: ActivityInput) -> ActivityInput:
    """Ask for the fields of an activity; values typed as options are the defaults.

    An amount that the officer declines is 0 in the result. After the answer ``<``, the previous
    question is asked again.

    Raises:
        typer.Abort: the officer pressed Ctrl-C or Ctrl-D.
    """
    default = ""
    while True:
        item = ask_item(session.project, default)
        default = f"{item.code} {item.name}"
        steps = tuple(_steps(session, item, typed))
        answers = [replace(typed, item=item.code)]
        try:
            while len(answers) <= len(steps):
                try:
                    answers.append(steps[len(answers) - 1](answers[-1]))
                except GoBack:
                    answers.pop()
                    if not answers:
                        raise
        except GoBack:
            continue
        return answers[-1]


def _steps(session: LogSession, item: Item, typed: ActivityInput) -> Iterator[Step]:
    """Yield the questions after the item, in the order in which they are asked."""
    context, project = session.context, session.project
    earlier = session.earlier(item.code)

    yield lambda a: replace(a, day=ask_day(context, project, a.day or "今天", can_go_back=True))
    yield lambda a: replace(a, title=ask_title(item, a.title or "", earlier, can_go_back=True))
    if item.types:
        yield lambda a: replace(
            a, activity_type=ask_type(item, a.activity_type or "", can_go_back=True)
        )
    units = units_of(project, item.code, typed.also or ())
    if item.per_person or any(item.once(unit) for unit in units):
        roster = session.roster_names()
        yield lambda a: replace(
            a, participants=ask_names(a.participants or (), roster, can_go_back=True)
        )
    for unit in units:
        yield _amount_step(item, unit, earlier)
    yield lambda a: replace(a, place=ask_place(a.place or "", earlier, can_go_back=True))
    yield (
        lambda a: a if a.evidence else replace(a, evidence=tuple(ask_files(item, can_go_back=True)))
    )


def _amount_step(item: Item, unit: str, earlier: Sequence[Entry]) -> Step:
    """Return the question for the amount in a unit.

    The default is the first of these that applies:

    1. The typed amount.
    2. The number of participants, if the item counts each person only once in the unit.
    3. The usual amount of earlier entries.
    4. 1, if the unit is one of the item's own units and is implied, such as 场.
    """

    def ask_it(start: ActivityInput) -> ActivityInput:
        typed = {amount.unit: amount.amount for amount in start.amounts or ()}
        usual = plain(typed[unit]) if typed.get(unit) else ""
        if not usual and item.once(unit) and start.participants:
            usual = str(len(start.participants))
        if not usual:
            usual = usual_amount(unit, earlier)
        if not usual and UNITS[unit].implied and unit in item.own_units:
            usual = "1"
        return start.with_amount(unit, ask_amount(unit, usual, can_go_back=True))

    return ask_it
