"""Reads the commands that wrote to the ledger; the origin of a record identifies its command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sgtrack.model.entries import Origin
from sgtrack.store.connection import Connection, marks

UNDO = "sgtrack undo"
"""The command line in the origin of all records that undo a command."""
_LINKS_AT_ONCE = 200

Record = tuple[str, str]
"""The kind and the id of a record."""


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """A command with the records that it wrote, in the order in which they were written."""

    origin: Origin
    records: tuple[Record, ...]

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of the command's records of one kind."""
        return tuple(record_id for record_kind, record_id in self.records if record_kind == kind)


def read_commands(db: Connection, user: str) -> Iterator[RecordedCommand]:
    """Yield the commands of a user that wrote to this ledger, newest first."""
    origin: Origin | None = None
    records: list[Record] = []
    for record, recorded in _read_own_records(db):
        if recorded.by != user:
            continue
        if origin is not None and (recorded != origin or not _follow(record[1], records[0][1])):
            yield RecordedCommand(origin, tuple(records))
            records = []
        origin = recorded
        records.insert(0, record)
    if origin is not None:
        yield RecordedCommand(origin, tuple(records))


def _follow(earlier: str, later: str) -> bool:
    """Return whether the same command wrote two records with equal origins.

    Successive ids of one command differ by at most a millisecond. If the same command line is run
    twice within a second, the origins are equal, but the ids differ by more.
    """
    from ulid import ULID  # noqa: PLC0415 - saves start-up time of commands that only read

    first, second = (ULID.from_str(record_id).milliseconds for record_id in (earlier, later))
    return second - first <= 1


def _read_own_records(db: Connection) -> Iterator[tuple[Record, Origin]]:
    """Yield the records of this ledger itself with their origins, newest first."""
    newest = 1 + (db.execute("SELECT max(seq) FROM link").fetchone()[0] or 0)
    while links := db.execute(
        "SELECT l.seq, l.kind, l.record_id FROM link AS l JOIN ledger ON ledger.id = l.source "
        "WHERE l.kind <> 'migration' AND l.seq < ? ORDER BY l.seq DESC LIMIT ?",
        (newest, _LINKS_AT_ONCE),
    ).fetchall():
        newest = links[-1][0]
        origins = {}
        for kind in {kind for _, kind, _ in links}:
            ids = [record_id for _, of_kind, record_id in links if of_kind == kind]
            origins.update(_read_origins(db, kind, ids))
        for _, kind, record_id in links:
            if record_id in origins:  # another program may have deleted the record
                yield (kind, record_id), origins[record_id]


def _read_origins(db: Connection, kind: str, ids: Sequence[str]) -> dict[str, Origin]:
    rows = db.execute(
        f"SELECT id, recorded_at, recorded_by, command FROM {kind} "  # noqa: S608
        f"WHERE id IN ({marks(ids)})",
        ids,
    )
    return {
        record_id: Origin(datetime.fromisoformat(at), by, words)
        for record_id, at, by, words in rows
    }
