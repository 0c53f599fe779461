"""Adds entries to the ledger. Nothing is changed and nothing removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, create_engine

from sgtrack.errors import Refused
from sgtrack.ledger.database import bring_up_to_date, connect, refusal, translated
from sgtrack.ledger.ids import new_id, short
from sgtrack.ledger.records import Activity, Entry, Origin, Person
from sgtrack.ledger.tables import (
    ActivityRow,
    AlsoRow,
    AmountRow,
    ParticipantRow,
    PersonRow,
    Table,
    VoidRow,
)


def add(path: Path, activity: Activity, origin: Origin, *, again: bool = False) -> Entry:
    """Write an activity; it is on disk when this returns.

    Args:
        path: the ledger's file.
        activity: what happened, already checked against the contract.
        origin: who writes it, when and by which command.
        again: write it although the same item, day and title are there already.

    Raises:
        Refused: the same activity is there already, or the ledger cannot be written.
    """
    with _writing(path) as session:
        if not again:
            _refuse_twin(session, activity, besides=None)
        entry_id = _next_id(session, origin)
        _add_rows(session, _rows(entry_id, activity, origin, None, ""))
    return Entry(entry_id, activity, origin)


def amend(path: Path, old: Entry, activity: Activity, origin: Origin, reason: str) -> Entry:
    """Write a correction that replaces an entry.

    Raises:
        Refused: the entry was replaced or voided in the meantime, the corrected activity is there
            already, or the ledger cannot be written.
    """
    with _writing(path) as session:
        _refuse_gone(session, old)
        if _twin_key(activity) != _twin_key(old.activity):
            _refuse_twin(session, activity, besides=old.id)
        entry_id = _next_id(session, origin)
        _add_rows(session, _rows(entry_id, activity, origin, old.id, reason))
    return Entry(entry_id, activity, origin, replaces=old.id, reason=reason)


def void(path: Path, entry: Entry, origin: Origin, reason: str) -> None:
    """Take an entry out of the count.

    Raises:
        Refused: it was replaced or voided already, or the ledger cannot be written.
    """
    with _writing(path) as session:
        _refuse_gone(session, entry)
        _add_rows(
            session,
            [
                VoidRow(
                    id=_next_id(session, origin),
                    activity_id=entry.id,
                    reason=reason,
                    **_origin_columns(origin),
                )
            ],
        )


def add_people(path: Path, people: list[Person], origin: Origin) -> None:
    """Write people into rosters, all of them or none; the ids of ``people`` are not used.

    Raises:
        Refused: a roster has one of the names already, or the ledger cannot be written.
    """
    with _writing(path) as session:
        for person in people:
            known = session.connection().execute(
                text("SELECT 1 FROM person WHERE community = :c AND role = :r AND name = :n"),
                {"c": person.community, "r": person.role, "n": person.name},
            )
            if known.first() is not None:
                raise Refused(
                    f"{person.role}名册里已经有“{person.name}”",
                    "同名的人请加以区分，如 张伟（南街）",
                )
            _add_rows(
                session,
                [
                    PersonRow(
                        id=_next_id(session, origin),
                        community=person.community,
                        name=person.name,
                        role=person.role,
                        since=person.since.isoformat(),
                        **_origin_columns(origin),
                    )
                ],
            )


@contextmanager
def _writing(path: Path) -> Iterator[Session]:
    """A session whose work is written whole, or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            f"台账 {path} 写不进去（{error.strerror or error}）", "检查文件夹的权限"
        ) from error
    with translated(path):
        bring_up_to_date(path)
    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    try:
        with Session(engine) as session, session.begin():
            yield session
    except DBAPIError as error:
        raise refusal(path, error.orig or error) from error
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    finally:
        engine.dispose()


def _next_id(session: Session, origin: Origin) -> str:
    newest = session.connection().execute(
        text(
            "SELECT max(id) FROM (SELECT max(id) AS id FROM activity "
            "UNION ALL SELECT max(id) FROM void UNION ALL SELECT max(id) FROM person) AS newest"
        )
    )
    return new_id(origin.at, newest.scalar())


def _add_rows(session: Session, rows: list[Table]) -> None:
    session.add_all(rows)
    session.flush()


def _rows(
    entry_id: str, activity: Activity, origin: Origin, replaces: str | None, reason: str
) -> list[Table]:
    return [
        ActivityRow(
            id=entry_id,
            community=activity.community,
            item=activity.item,
            day=activity.day.isoformat(),
            title=activity.title,
            place=activity.place,
            kind=activity.kind,
            note=activity.note,
            replaces=replaces,
            reason=reason,
            **_origin_columns(origin),
        ),
        *(
            AmountRow(activity_id=entry_id, unit=unit, hundredths=int(amount * 100))
            for unit, amount in activity.amounts.items()
        ),
        *(ParticipantRow(activity_id=entry_id, name=name) for name in activity.names),
        *(AlsoRow(activity_id=entry_id, item=item) for item in activity.also),
    ]


def _origin_columns(origin: Origin) -> dict[str, str]:
    return {
        "recorded_at": origin.at.isoformat(timespec="seconds"),
        "recorded_by": origin.by,
        "command": origin.command,
    }


def _twin_key(activity: Activity) -> tuple[str, str, str]:
    return activity.item, activity.day.isoformat(), activity.title


def _refuse_twin(session: Session, activity: Activity, besides: str | None) -> None:
    twin = session.connection().execute(
        text(
            "SELECT id FROM current_activity WHERE community = :c AND item = :i AND day = :d "
            "AND title = :t AND id <> :besides"
        ),
        {
            "c": activity.community,
            **dict(zip("idt", _twin_key(activity), strict=True)),
            "besides": besides or "",
        },
    )
    found = twin.first()
    if found is not None:
        title = f"“{activity.title}”" if activity.title else "没有标题的活动"
        raise Refused(
            f"{activity.day} 已经记过 {activity.item} {title}（编号 {short(found[0])}）",
            "确实是另一场就加 --again，或用 -t 写上不同的标题",
        )


def _refuse_gone(session: Session, entry: Entry) -> None:
    connection = session.connection()
    if connection.execute(
        text("SELECT 1 FROM void WHERE activity_id = :id"), {"id": entry.id}
    ).first():
        raise Refused(f"{short(entry.id)} 已经作废", "需要的话重新 sgtrack log 一条")
    newer = connection.execute(
        text("SELECT id FROM activity WHERE replaces = :id"), {"id": entry.id}
    ).first()
    if newer:
        raise Refused(
            f"{short(entry.id)} 已经更正过，现在的记录是 {short(newer[0])}",
            f"改用新的编号 {short(newer[0])}",
        )
