"""What goes out, without the names of people that a ledger knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sgtrack.ledger.known_people import find_names
from sgtrack.model.contract import Project
from sgtrack.model.masking import NameMasker, texts_in
from sgtrack.store.connection import Connection

Value = TypeVar("Value")


def without_names(
    db: Connection, value: Value, projects: Iterable[Project] = (), names: Iterable[str] = ()
) -> Value:
    """A value without the names the ledger knows, and without ``names``.

    Args:
        db: the ledger.
        value: texts, or what has some in it, however deep.
        projects: the contracts, of which no word is hidden.
        names: further names that are hidden.
    """
    known = find_names(db, texts_in(value))
    return NameMasker((*known, *names), projects).within(value)
