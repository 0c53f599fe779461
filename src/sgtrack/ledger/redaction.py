"""Redacts a name in a ledger: replaces it everywhere, records that in the chain, leaves no trace.

This is the one place where what was entered is rewritten. It happens in one transaction, in which
the guards of the database are taken away and put back as they were; whatever interrupts it leaves
the ledger as it was. Nothing but the standard library is used, because backups are rewritten too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sgtrack.ledger import chain, rollups
from sgtrack.model.entries import Origin
from sgtrack.model.errors import Refused
from sgtrack.model.ids import new_id
from sgtrack.model.location import Location, Server
from sgtrack.model.masking import NameReplacer, Pseudonym
from sgtrack.model.record_kinds import JSON_COLUMNS, RECORD_KINDS
from sgtrack.store import dialect
from sgtrack.store.chain_links import append_records, destroy_salts, make_digest
from sgtrack.store.connection import Connection
from sgtrack.store.ledger_copies import explain_copy_error
from sgtrack.store.opening import reading
from sgtrack.store.sqlite import bring_up_to_date
from sgtrack.store.sqlite_connection import connect, damaged, translated

Record = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RedactionCounts:
    """The number of rewritten records of each kind, and of longer names that contain the name."""

    records: Mapping[str, int]
    longer: int


def read_pseudonyms(place: Location) -> dict[str, str]:
    """The pseudonyms of a ledger, and whatever else looks like one: tags by their words."""
    if isinstance(place, Server):
        with reading(place) as shared:
            return dict(shared.execute("SELECT pseudonym, tag FROM forgetting"))
    with translated(place), closing(sqlite3.connect(place)) as db:
        return dict(db.execute("SELECT pseudonym, tag FROM forgetting"))


def redact_name(
    place: Location,
    name: str,
    pseudonym: Pseudonym,
    origin: Origin,
    reason: str,
    *,
    keep: bool = True,
    copy_first: bool = True,
) -> RedactionCounts:
    """Replace a name in a ledger; on disk, and nowhere else on it, when this returns.

    Args:
        place: the ledger.
        name: the name as the ledger has it.
        pseudonym: what takes its place.
        origin: who forgets, when and by which command.
        reason: why.
        keep: whether it is to last; without it everything is done, and undone.
        copy_first: whether a ledger of an older version is backed up before it is upgraded.

    Raises:
        Refused: the ledger is damaged, was altered or cannot be written; nothing was changed.
    """
    if isinstance(place, Server):
        with _alone_in_database(place, sweep=keep) as shared:
            found = _rewritten(shared, name, pseudonym, origin, reason)
            shared.execute("COMMIT" if keep and found.records else "ROLLBACK")
        return found
    with _alone_in_file(place, copy_first=copy_first) as db:
        try:
            found = _rewritten(db, name, pseudonym, origin, reason)
        except BaseException:
            if db.in_transaction:  # a full disk makes SQLite undo it by itself
                db.execute("ROLLBACK")
            raise
        db.execute("COMMIT" if keep and found.records else "ROLLBACK")
        if keep:
            _clear_freed(db)
    return found


@contextmanager
def _alone_in_file(path: Path, *, copy_first: bool) -> Iterator[sqlite3.Connection]:
    """Open a sound ledger file for writing; SQLite erases what is overwritten."""
    with translated(path):
        bring_up_to_date(path, copy_first=copy_first)
        with closing(connect(path, make=False)) as db:
            if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise damaged(path)
            db.execute("PRAGMA secure_delete = ON")
            db.execute("BEGIN IMMEDIATE")
            yield db


@contextmanager
def _alone_in_database(place: Server, *, sweep: bool) -> Iterator[Connection]:
    """Open a database for writing; with ``sweep``, rewrite its tables afterwards.

    What the server's log, its replicas and its backups have of the old rows stays there.
    """
    from sgtrack.store import postgresql  # noqa: PLC0415 - only where a database was named

    with postgresql.writing(place) as db:
        postgresql.take_turn(db, place)
        yield db
        if sweep:
            postgresql.rewrite_tables(db)


def _clear_freed(db: sqlite3.Connection) -> None:
    """Erase the free pages of the file."""
    try:
        db.execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise Refused(
            f"姓名已经换掉，可是旧的内容还没有从文件里清掉（{explain_copy_error(error)}）",
            "腾出和台账一样大的空间，把同样的命令再运行一次，备份也到那时改",
        ) from error


def _rewritten(
    db: Connection, name: str, pseudonym: Pseudonym, origin: Origin, reason: str
) -> RedactionCounts:
    if chain.verify_chain(db).faults:
        raise Refused(
            "台账被别的程序改动过，这时隐去姓名会把改动盖住",
            "先运行 sgtrack verify 看改动在哪里",
        )
    known = db.execute("SELECT name FROM person UNION SELECT name FROM participant").fetchall()
    replacing = NameReplacer(name, pseudonym.words, (row[0] for row in known))
    # An altered roll-up may contain the name although no entry does.
    rollups.rebuild(db)
    schema, amounts = dialect.schema(db), _amounts(db)
    with dialect.unguarded(db):
        touched = rewrite_texts(db, replacing)
        if touched:
            _record(db, touched, pseudonym, origin, replacing, reason)
    # An activity that listed the person under both names now lists one participant less.
    affected = (rollups.find_affected_entries(db, *record) for record in touched)
    rollups.refresh(db, set().union(*affected))
    _insist(db, schema, amounts)
    counted: dict[str, int] = {}
    for kind, _ in touched:
        counted[kind] = counted.get(kind, 0) + 1
    return RedactionCounts(counted, len(replacing.longer))


class Rewriting(Protocol):
    """A change to every text that people wrote."""

    def text(self, text: str) -> str:
        """Return the changed text."""

    def json(self, text: str) -> str:
        """As :meth:`text`, for texts in JSON."""


def rewrite_texts(db: Connection, replacing: Rewriting) -> list[Record]:
    """Rewrite every text that contains the name; return the records of these texts, sorted."""
    touched: set[Record] = set()
    for kind in RECORD_KINDS.values():
        for part in kind.tables:
            for column in part.words:
                change = replacing.json if column in JSON_COLUMNS else replacing.text
                for record, text in db.execute(
                    f"SELECT {part.key}, {column} FROM {part.table}"  # noqa: S608
                ).fetchall():
                    changed = change(text) if text else text
                    if changed != text:
                        _change(db, part.table, (part.key, record), (column, text), changed)
                        touched.add((kind.name, record))
    return sorted(touched)


def _change(
    db: Connection, table: str, owner: tuple[str, str], was: tuple[str, str], text: str
) -> None:
    """Replace a text; merge two participants of one activity that become the same.

    Args:
        db: the connection.
        table: where it stands.
        owner: the column that says whose rows they are, and whose this one is.
        was: the column, and the text that is there.
        text: what is to be there.
    """
    (key, record), (column, old) = owner, was
    where = f'WHERE "{key}" = ? AND "{column}" = ?'
    if (
        table == "participant"
        and db.execute(
            f'SELECT 1 FROM "{table}" {where}',  # noqa: S608 - names of the schema
            (record, text),
        ).fetchone()
    ):
        db.execute(f'DELETE FROM "{table}" {where}', (record, old))  # noqa: S608
        return
    db.execute(f'UPDATE "{table}" SET "{column}" = ? {where}', (text, record, old))  # noqa: S608


def _record(
    db: Connection,
    touched: list[Record],
    pseudonym: Pseudonym,
    origin: Origin,
    replacing: NameReplacer,
    reason: str,
) -> None:
    """Write the redaction with the new digest of each rewritten record."""
    newest = db.execute("SELECT max(record_id) FROM link WHERE length(record_id) = 26").fetchone()
    forgetting = new_id(origin.at, newest[0])
    db.execute(
        "INSERT INTO forgetting VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(forgetting, pseudonym.words, pseudonym.tag, replacing.text(reason)),
            *(origin.at.isoformat(timespec="seconds"), replacing.text(origin.by)),
            replacing.text(origin.command),
        ),
    )
    for kind, record_id in touched:
        (body,) = db.execute(
            "SELECT body FROM content WHERE kind = ? AND record_id = ?", (kind, record_id)
        ).fetchone()
        now, before = make_digest(body), chain.read_current_digest(db, kind, record_id)
        destroy_salts(db, kind, record_id)
        db.execute(
            "INSERT INTO forgotten VALUES (?, ?, ?, ?, ?, ?)",
            (forgetting, kind, record_id, before, now.digest, now.salt),
        )
    append_records(db, "forgetting", forgetting)


def _insist(db: Connection, schema: set[tuple[str, str]], amounts: list[object]) -> None:
    """Check that only texts changed, before anything is committed."""
    if dialect.schema(db) != schema or _amounts(db) != amounts:
        raise AssertionError("forgetting changed more than words")
    if chain.verify_chain(db).faults or dialect.lost_rows(db):
        raise AssertionError("forgetting broke the history")


def _amounts(db: Connection) -> list[object]:
    return db.execute(
        "SELECT community, items, day, unit, sum(hundredths), for_month, evidence "
        "FROM amount_by_day GROUP BY 1, 2, 3, 4, 6, 7 ORDER BY 1, 2, 3, 4, 6, 7"
    ).fetchall()
