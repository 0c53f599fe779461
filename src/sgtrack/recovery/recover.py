"""Builds a new ledger from the readable rows of a damaged one, and reports the lost records.

Unreadable rows are taken from the newest backup of the same ledger. Records are only ever added, so
the backup and the damaged ledger never contradict each other. A record is saved if its rows match
its digest in the chain. A record with another digest is left out and reported. A record without a
link in the chain is saved and reported. The chain is copied as it was read, so that ``verify``
keeps reporting the loss.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sgtrack.ledger import chain, rollups
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location
from sgtrack.model.masking import NameMasker
from sgtrack.model.record_kinds import ALL_KINDS
from sgtrack.recovery import backups, salvage
from sgtrack.recovery.backups import Backup
from sgtrack.recovery.salvage import NO_ROWS, Tables
from sgtrack.store import dialect, schema_versions
from sgtrack.store.added_objects import find_added_objects
from sgtrack.store.chain_links import SaltedDigest, begin_chain, restore_heads
from sgtrack.store.connection import COMMITS, marks
from sgtrack.store.opening import open_ledger, reading
from sgtrack.store.schema_versions import check_version, newest_version
from sgtrack.store.sqlite import build, expected_schema
from sgtrack.store.sqlite_files import APPLICATION_ID


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that is incomplete or cannot be verified.

    ``readable`` is a short description of the record, as far as it is readable.
    """

    kind: str
    record_id: str
    readable: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """The result of a recovery.

    ``saved`` counts the complete records with a link. ``only_in_backup`` counts the records that
    were read only from the backup ``base``. ``lost`` are the incomplete records; ``nameless``
    counts further lost records whose id is unreadable. ``unproven`` are saved records without a
    link to verify them. ``chained`` says whether the new chain continues the old one.
    """

    saved: int
    only_in_backup: int
    lost: tuple[Lost, ...]
    nameless: int
    unproven: tuple[Lost, ...]
    chained: bool
    base: Backup | None


def recover(ledger: Path, damaged: Path) -> tuple[Path, Recovered]:
    """Write every readable record to a new ledger, in the folder of ``damaged``.

    Return the path of the new ledger and a report in which all names are masked. ``damaged`` is a
    copy of ``ledger``; SQLite may change the copy.

    Raises:
        Refused: nothing can be read and no backup can be used, or this program does not know the
            schema of the ledger.
    """
    sound_backups = [backup for backup in backups.list_backups(ledger) if backups.is_sound(backup)]
    tables = _read_tables(damaged)
    if not tables and sound_backups:
        salvage.graft_schema(damaged, sound_backups[0].path)
        tables = _read_tables(damaged)
    version = salvage.read_version(damaged) or newest_version()
    check_version(f"台账 {ledger} ", version, _fingerprint(tables, version))
    base, base_tables = _find_base(sound_backups, tables, version)
    if not tables and base is None:
        raise Refused(
            f"{ledger} 里一条记录也读不出来，也没有可用的备份", "把它原样留着，请懂数据恢复的人看"
        )
    target = damaged.with_name("recovered.db")
    with closing(sqlite3.connect(target, isolation_level=None)) as db:
        _build_unguarded(db, version)
        _insert_rows(db, base_tables, tables)
        # The participants of lost activities are deleted below.
        named = db.execute("SELECT name FROM person UNION SELECT name FROM participant")
        masker = NameMasker(name for (name,) in named if isinstance(name, str))
        recovered = _remove_incomplete(db, tables, base)
        rollups.rebuild(db)
        _restore_guards(db, version)
        if not recovered.chained:
            begin_chain(db)
    return target, replace(
        recovered, lost=masker.within(recovered.lost), unproven=masker.within(recovered.unproven)
    )


def is_altered(ledger: Path) -> bool:
    """Return whether the schema of a sound ledger differs from the schema of this program."""
    expected = expected_schema()
    with reading(ledger) as db:
        return dialect.read_schema(db) - find_added_objects(db, expected) != expected


def repair_rollups(place: Location) -> tuple[rollups.Month, ...]:
    """Recompute all roll-ups of a sound ledger if any is wrong; return the wrong months."""
    # A wrong roll-up may contain a name, so SQLite must erase the overwritten rows.
    with open_ledger(place) as ledger, ledger.rewriting(copy_first=True, erase=False) as db:
        wrong = rollups.find_differences(db)
        if not wrong:
            db.execute("ROLLBACK")
            return ()
        rollups.rebuild(db)
        with COMMITS.commit():
            db.execute("COMMIT")
    return wrong


def repair_heads(place: Location) -> bool:
    """Restore the ends of chains that another program deleted; return whether any was missing."""
    with open_ledger(place) as ledger, ledger.rewriting(copy_first=True, erase=False) as db:
        if not restore_heads(db):
            db.execute("ROLLBACK")
            return False
        with COMMITS.commit():
            db.execute("COMMIT")
    return True


def _fingerprint(tables: Tables, version: int) -> str:
    """Return the schema fingerprint in a ledger, or the expected one if its row is unreadable."""
    for row in tables.get("migration", NO_ROWS).as_dicts():
        if row.get("number") == version:
            return str(row.get("fingerprint", ""))
    return schema_versions.VERSIONS[min(version, newest_version()) - 1][1]


def _read_tables(path: Path) -> Tables:
    return salvage.read_tables(path, besides=rollups.ALL)


def _find_base(
    sound_backups: list[Backup], tables: Tables, version: int
) -> tuple[Backup | None, Tables]:
    """Find the newest backup that is an earlier state of the same ledger, and read its rows."""
    hashes = _hashes(tables)
    for backup in sound_backups:
        if salvage.read_version(backup.path) != version:
            continue
        base_tables = _read_tables(backup.path)
        # After a restore, an older backup may have different links with the same numbers.
        if all(hashes.get(place, link) == link for place, link in _hashes(base_tables).items()):
            return backup, base_tables
    return None, {}


def _hashes(tables: Tables) -> dict[tuple[object, object], object]:
    """Map the source and sequence number of each link to its hash."""
    links = tables.get("link", NO_ROWS).as_dicts()
    return {(link["source"], link["seq"]): link["hash"] for link in links}


def _build_unguarded(db: sqlite3.Connection, version: int) -> None:
    """Create all tables, empty and without triggers."""
    build(db, version)
    db.execute("PRAGMA foreign_keys = OFF")
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    for table in dialect.list_tables(db):
        db.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of the schema


def _insert_rows(db: sqlite3.Connection, base: Tables, tables: Tables) -> None:
    """Insert the rows of the backup and of the damaged ledger."""
    db.execute("BEGIN")
    for table in dialect.list_tables(db):
        types = {row[1]: row[2] for row in db.execute(f'PRAGMA table_info("{table}")')}
        # INSERT OR IGNORE keeps the first row of a key, so the newer heads are inserted first.
        for source in (tables, base) if table == "head" else (base, tables):
            rows = source.get(table, NO_ROWS)
            # Columns that another program added are left out.
            columns = [column for column in rows.columns if column in types]
            values = (tuple(row[column] for column in columns) for row in rows.as_dicts())
            sound = (row for row in values if _has_types(row, [types[c] for c in columns]))
            if columns:
                db.executemany(
                    f'INSERT OR IGNORE INTO "{table}" ({", ".join(columns)}) '  # noqa: S608
                    f"VALUES ({marks(columns)})",
                    sound,
                )
    db.execute("COMMIT")


def _has_types(row: Sequence[object], types: Sequence[str]) -> bool:
    """Return whether values have the types of their columns; a row with others is damaged."""
    return all(
        value is None or isinstance(value, int if kind == "INTEGER" else str)
        for value, kind in zip(row, types, strict=True)
    )


def _remove_incomplete(db: sqlite3.Connection, tables: Tables, base: Backup | None) -> Recovered:
    """Delete the records that do not match the chain, and return the result of the recovery."""
    lost: dict[tuple[str, str], Lost] = {}
    while incomplete := {key: _describe(db, *key) for key in _incomplete(db) if key not in lost}:
        lost |= incomplete
        for kind, record_id in incomplete:
            if kind in ALL_KINDS:
                key = ALL_KINDS[kind].key
                db.execute(f"DELETE FROM {kind} WHERE {key} = ?", (record_id,))  # noqa: S608
        _delete_dangling_rows(db)
    chained = _repair_chain(db)
    linked = set(db.execute("SELECT kind, record_id FROM link"))
    present = set(db.execute("SELECT kind, record_id FROM content WHERE kind <> 'migration'"))
    missing = db.execute(
        "SELECT max(seq) - (SELECT count(*) FROM link AS l WHERE l.source = h.source) "
        "FROM head AS h GROUP BY source"
    )
    return Recovered(
        saved=len(present & linked),
        only_in_backup=len(present - _ids(tables)),
        lost=tuple(lost.values()),
        nameless=sum(max(count, 0) for (count,) in missing),
        unproven=tuple(_describe(db, *key) for key in sorted(present - linked)),
        chained=chained,
        base=base,
    )


def _incomplete(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the records of the chain that are missing or do not match their digest.

    Migrations of merged ledgers are skipped, because merging does not copy them.
    """
    expected = chain.ExpectedDigests(db)
    own = db.execute("SELECT id FROM ledger").fetchone()
    for source, kind, record_id, salt, digest, body in db.execute(
        "SELECT l.source, l.kind, l.record_id, l.salt, l.digest, c.body FROM link AS l "
        "LEFT JOIN content AS c ON c.kind = l.kind AND c.record_id = l.record_id"
    ).fetchall():
        if kind == "migration" and own and source != own[0]:
            continue
        linked = SaltedDigest(digest, salt)
        if body is None or not expected.fits(kind, record_id, linked, body):
            yield kind, record_id


def _delete_dangling_rows(db: sqlite3.Connection) -> None:
    """Delete the rows that refer to missing records, such as amounts of a lost activity."""
    while dangling := db.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, *_ in dangling:
            db.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))  # noqa: S608


def _repair_chain(db: sqlite3.Connection) -> bool:
    """Repair the heads of the chain; return False if there is no link left to continue."""
    if not db.execute("SELECT 1 FROM link").fetchone():
        db.execute("DELETE FROM ledger")
        db.execute("DELETE FROM head")
        return False
    if not db.execute("SELECT 1 FROM ledger").fetchone():
        db.execute("INSERT INTO ledger SELECT source FROM link ORDER BY rowid DESC LIMIT 1")
    # A digest that belongs to no merge was written by another program.
    db.execute(
        "DELETE FROM abridgement WHERE merge_id NOT IN "
        "(SELECT record_id FROM link WHERE kind = 'merge')"
    )
    # A head may be missing or older than the newest readable link. A head after that link stays,
    # because it shows that links were lost.
    leaves = chain.find_leaves(db)
    inner = set(db.execute("SELECT source, seq, hash FROM link")) - leaves
    db.executemany("DELETE FROM head WHERE source = ? AND seq = ? AND hash = ?", inner)
    db.executemany(
        "INSERT OR REPLACE INTO head SELECT ?1, ?2, ?3 WHERE NOT EXISTS "
        "(SELECT 1 FROM head AS h WHERE h.source = ?1 AND h.seq > ?2)",
        leaves,
    )
    return True


def _restore_guards(db: sqlite3.Connection, version: int) -> None:
    """Create the triggers, and check that the new ledger is sound.

    Raises:
        sqlite3.DatabaseError: the new ledger is not sound.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as pattern:
        build(pattern, version)
        for (sql,) in pattern.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(sql)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
    db.execute(f"PRAGMA user_version = {version:d}")
    fault = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if fault != "ok" or db.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.DatabaseError(f"the recovered ledger is not sound: {fault}")


def _ids(tables: Tables) -> set[tuple[str, str]]:
    """Return the kind and the id of every record in these tables."""
    return {
        (kind.name, str(row[kind.key]))
        for kind in ALL_KINDS.values()
        for row in tables.get(kind.name, NO_ROWS).as_dicts()
        if kind.key in row
    }


_SUMMARIES = {
    "activity": "day || ' ' || item || ' ' || title || coalesce((SELECT ' ' || group_concat("
    "printf('%g', hundredths / 100.0) || unit, ' ') FROM amount WHERE activity_id = id), '')",
    "evidence": "kind || ' ' || name",
    "issued_brief": "community || ' ' || month",
}
"""SQL expressions by kind of record; each gives a short description of a record.

The officer can enter the record again from the description. Other kinds have none.
"""


def _describe(db: sqlite3.Connection, kind: str, record_id: str) -> Lost:
    """Summarize the readable columns of a record; a damaged link may have an unknown kind."""
    row = None
    if kind in _SUMMARIES:
        sql = f"SELECT {_SUMMARIES[kind]} FROM {kind} WHERE id = ?"  # noqa: S608
        row = db.execute(sql, (record_id,)).fetchone()
    return Lost(kind, record_id, str(row[0] or "").strip() if row else "")
