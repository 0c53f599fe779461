"""Computes figures of activities without a ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sgtrack.model import figures
from sgtrack.model.entries import Activity, Entry, Origin, Person
from sgtrack.model.figures import Figures

ORIGIN = Origin(datetime(2026, 1, 1).astimezone(), "", "")


def figures_of(activities: Iterable[Activity], roster: tuple[Person, ...] = ()) -> Figures:
    """The figures of activities without evidence, each in rows of its own."""
    entries = [Entry(f"{n:026}", one, ORIGIN) for n, one in enumerate(activities)]
    return figures.figures_of(entries, roster)
