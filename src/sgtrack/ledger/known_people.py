"""Reads the rosters, and finds and masks the names of people in texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import TypeVar

from sgtrack.model.contract import Project
from sgtrack.model.entries import Person
from sgtrack.model.masking import NameMasker, texts_in
from sgtrack.model.name_forms import fold_text
from sgtrack.model.units import GROUPS
from sgtrack.store.connection import Connection, batches, marks

Value = TypeVar("Value")
_LOOK_UP_AT_MOST = 20_000
"""Maximum number of substrings to look up in the ledger; above it, all names are read."""
_PERSON = "id, community, name, role, since, last_day"
_ONE_FORM = re.compile("[\u4e00-\u9fff0-9、。_/.:-]*")
"""Pattern of texts in which all forms of a name are written alike, except for padding spaces.

A name in such a text can be looked up in the ledger as it is written.
"""


def read_roster(db: Connection, community: str) -> tuple[Person, ...]:
    """Read the people on the rosters of a community, with those who left them."""
    sql = f"SELECT {_PERSON} FROM current_person WHERE community = ?"  # noqa: S608
    return tuple(_person(*row) for row in db.execute(sql, (community,)))


def read_people_by_id(db: Connection, table: str, ids: Sequence[str]) -> tuple[Person, ...]:
    """Read the people to whom the given records belong.

    ``table`` is the kind of the records: ``person``, ``person_void`` or ``person_leave``.
    """
    join, key = ("", "p.id")
    if table != "person":
        join, key = (f" JOIN {table} AS v ON v.person_id = p.id", "v.id")
    return tuple(
        _person(*row)
        for batch in batches(ids)
        for row in db.execute(
            "SELECT p.id, p.community, p.name, p.role, p.since, (SELECT l.last_day "  # noqa: S608
            "FROM person_leave AS l WHERE l.person_id = p.id ORDER BY l.id DESC LIMIT 1) "
            f"FROM person AS p{join} WHERE {key} IN ({marks(batch)}) ORDER BY {key}",
            batch,
        )
    )


def _person(
    person_id: str, community: str, name: str, role: str, since: str, last_day: str | None
) -> Person:
    last = None if last_day is None else date.fromisoformat(last_day)
    return Person(person_id, community, name, role, date.fromisoformat(since), last)


def count_redactions(db: Connection) -> int:
    """Count the redactions of names in the ledger."""
    return int(db.execute("SELECT count(*) FROM forgetting").fetchone()[0])


def read_names(db: Connection) -> frozenset[str]:
    """Read the names of all people on rosters and in activities.

    A group such as 舞蹈队 is not a person. A participant counts as a group if every activity that
    lists it counts groups, as in 1支.
    """
    return _people_among(db, _everything_named(db))


def find_names(db: Connection, texts: Iterable[str]) -> frozenset[str]:
    """Find the names of people that occur in these texts."""
    # Databases reject surrogates and NUL characters, which typed text may contain.
    distinct = {text.encode("utf-8", "replace").decode().replace("\0", "?") for text in texts}
    size = sum(len(text) ** 2 // 2 for text in distinct)
    if size <= _LOOK_UP_AT_MOST and all(map(_ONE_FORM.fullmatch, distinct)):
        parts = {text[i:j] for text in distinct for i, j in combinations(range(len(text) + 1), 2)}
        padded = {" ".join(part) for part in parts if len(part) == 2}
        return _people_among(db, parts | padded)
    whole = fold_text("\n".join(distinct))
    return _people_among(db, (name for name in _everything_named(db) if fold_text(name) in whole))


def without_names(
    db: Connection, value: Value, projects: Iterable[Project] = (), names: Iterable[str] = ()
) -> Value:
    """Mask the names of people in every text within a value; see :func:`find_masker`."""
    return find_masker(db, value, projects, names).within(value)


def find_masker(
    db: Connection, value: object, projects: Iterable[Project] = (), names: Iterable[str] = ()
) -> NameMasker:
    """Return a masker of the names of people that occur in any text within a value.

    The names are those in the ledger and in ``names``. A name that occurs in the contract of one of
    ``projects`` is not masked.
    """
    return NameMasker((*find_names(db, texts_in(value)), *names), projects)


def _everything_named(db: Connection) -> list[str]:
    """Read the names of all people and groups."""
    rows = db.execute(
        # The recursion needs one index seek for each name; DISTINCT would read every row.
        "WITH RECURSIVE named(name) AS (SELECT min(name) FROM participant UNION ALL "
        "SELECT (SELECT min(p.name) FROM participant AS p WHERE p.name > named.name) "
        "FROM named WHERE named.name IS NOT NULL) "
        "SELECT name FROM person UNION SELECT name FROM named WHERE name IS NOT NULL"
    )
    return [name for (name,) in rows]


def _people_among(db: Connection, words: Iterable[str]) -> frozenset[str]:
    """Return the words that are names of people."""
    people: set[str] = set()
    for some in batches(words):
        rows = db.execute(
            f"WITH word(name) AS (VALUES {', '.join('(?)' for _ in some)}) "  # noqa: S608
            "SELECT w.name FROM word AS w "
            "WHERE EXISTS (SELECT 1 FROM person AS o WHERE o.name = w.name) "
            "OR EXISTS (SELECT 1 FROM participant AS p WHERE p.name = w.name "
            "AND NOT EXISTS (SELECT 1 FROM amount AS m WHERE m.activity_id = p.activity_id "
            f"AND m.unit IN ({marks(GROUPS)})))",
            (*some, *GROUPS),
        )
        people.update(name for (name,) in rows)
    return frozenset(people)
