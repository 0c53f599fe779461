"""Appends records about the rosters: who joins, who leaves, and who was entered by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import Origin, Person
from sgtrack.model.errors import Refused
from sgtrack.store.roster_tables import PersonLeaveRow, PersonRow, PersonVoidRow


def add_people(transaction: Transaction, people: list[Person], origin: Origin) -> None:
    """Add people to rosters; their ids are ignored and new ones are made.

    Raises:
        Refused: a roster already has one of the names.
    """
    for number, person in enumerate(people, start=1):
        columns: dict[str, Any] = {
            "community": person.community,
            "role": person.role,
            "name": person.name,
        }
        since = person.since.isoformat()
        sql = (
            "SELECT last_day FROM current_person WHERE community = :community AND role = :role "
            "AND name = :name AND (last_day IS NULL OR last_day >= :since)"
        )
        same = transaction.db.execute(sql, columns | {"since": since}).fetchone()
        if same is not None and same[0]:
            raise Refused(
                f"第 {number} 个人到 {same[0]} 为止还在{person.role}名册里",
                "离开以后又回来的，加 --since 写明从哪天起",
            )
        if same is not None:
            raise Refused(
                f"第 {number} 个人已经在{person.role}名册里", "同名的人请加以区分，如 张伟（南街）"
            )
        person_id = transaction.write_record(origin, PersonRow, since=since, **columns)
        if person.last_day is not None:
            set_last_day(transaction, replace(person, id=person_id), person.last_day, origin)


def void_person(transaction: Transaction, person: Person, origin: Origin, reason: str) -> None:
    """Take a person off a roster; activities that name the person do not change."""
    transaction.write_record(origin, PersonVoidRow, person_id=person.id, reason=reason)


def set_last_day(
    transaction: Transaction, person: Person, last_day: date | None, origin: Origin
) -> None:
    """Record the last day of a person on a roster; None means that the person stays."""
    day = None if last_day is None else last_day.isoformat()
    transaction.write_record(origin, PersonLeaveRow, person_id=person.id, last_day=day)
