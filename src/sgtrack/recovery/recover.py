"""Makes a new ledger of what a damaged one still tells, and says what is missing.

Records are only ever added, so the newest good backup and the readable rows of the damaged ledger
can be put together without asking which is right. The chain of hashes decides what counts as saved:
a record whose rows do not give its digest is not whole, and is left out and named. The chain itself
is taken over as it was read, so that ``verify`` goes on saying what was lost.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sgtrack.ledger import chain, rollups
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location
from sgtrack.model.record_kinds import ALL_KINDS
from sgtrack.recovery import backups, salvage
from sgtrack.recovery.backups import Backup, journal_path
from sgtrack.recovery.salvage import TableRows
from sgtrack.store import dialect, schema_versions
from sgtrack.store.chain_links import SaltedDigest, begin_chain
from sgtrack.store.opening import reading, rewriting
from sgtrack.store.schema_versions import check_version, newest_version
from sgtrack.store.sqlite import build, expected_schema
from sgtrack.store.sqlite_files import APPLICATION_ID


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that is not whole: its kind, its id and what can still be read of it."""

    kind: str
    record_id: str
    readable: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of a damaged ledger.

    ``saved`` records are whole, ``only_in_backup`` of them could no longer be read in the ledger
    itself; ``lost`` ones are known to have been there, ``nameless`` is how many more there were of
    which not even the id is left. ``unproven`` ones were read but have nothing to be held against;
    ``chained`` says whether the history goes on from the old one.
    """

    saved: int
    only_in_backup: int
    lost: tuple[Lost, ...]
    nameless: int
    unproven: tuple[Lost, ...]
    chained: bool
    base: Backup | None


def recover(ledger: Path, scratch: Path) -> tuple[Path, Recovered]:
    """Put together what can be read.

    Args:
        ledger: the damaged ledger, which is only copied.
        scratch: an empty folder to work in.

    Returns:
        The new ledger, in ``scratch``, and what is in it.

    Raises:
        Refused: nothing can be read, or the ledger has a schema that this program does not know.
    """
    damaged = scratch / "damaged.db"
    shutil.copyfile(ledger, damaged)
    if journal_path(ledger).exists():
        shutil.copyfile(journal_path(ledger), journal_path(damaged))
    copies = [one for one in backups.list_backups(ledger) if backups.is_sound(one)]
    tables = _rows(damaged)
    if not tables and copies:
        salvage.graft_schema(damaged, copies[0].path)
        tables = _rows(damaged)
    version = salvage.read_version(damaged) or newest_version()
    check_version(f"台账 {ledger} ", version, _fingerprint(tables, version))
    base, known = _base(copies, tables, version)
    if not tables and base is None:
        raise Refused(
            f"{ledger} 里一条记录也读不出来，也没有可用的备份", "把它原样留着，请懂数据恢复的人看"
        )
    target = scratch / "recovered.db"
    with closing(sqlite3.connect(target, isolation_level=None)) as db:
        _fill(db, version, known, tables)
        recovered = _weigh(db, tables, base)
        rollups.rebuild(db)
        _guard(db, version)
        if not recovered.chained:
            begin_chain(db)
    return target, recovered


def is_altered(ledger: Path) -> bool:
    """Whether tables, views or guards of a sound ledger are not those of this program."""
    with reading(ledger) as db:
        return dialect.read_schema(db) != expected_schema()


def repair_rollups(place: Location) -> tuple[rollups.Month, ...]:
    """Recompute the roll-ups of a sound ledger where they are wrong; return the wrong months."""
    # A wrong roll-up may contain a name, which SQLite then erases.
    with rewriting(place, erase=False) as db:
        wrong = rollups.find_differences(db)
        if wrong:
            rollups.rebuild(db)
        db.execute("COMMIT")
    return wrong


def _fingerprint(tables: dict[str, TableRows], version: int) -> str:
    """The fingerprint stored in a ledger, or the expected one where its row cannot be read."""
    migrations = tables.get("migration", TableRows((), ()))
    for row in migrations.rows:
        stored = dict(zip(migrations.columns, row, strict=True))
        if stored.get("number") == version:
            return str(stored.get("fingerprint", ""))
    return schema_versions.VERSIONS[min(version, newest_version()) - 1][1]


def _rows(path: Path) -> dict[str, TableRows]:
    """What can be read of a file, but for what is computed from it."""
    return salvage.read_tables(path, besides=rollups.ALL)


def _base(
    copies: list[Backup], tables: dict[str, TableRows], version: int
) -> tuple[Backup | None, dict[str, TableRows]]:
    """The newest good copy that is an earlier state of the same ledger, and its rows."""
    own = _links(tables)
    for one in copies:
        if salvage.read_version(one.path) != version:
            continue
        known = _rows(one.path)
        # After a restore, older copies hold what was given up then: the same places, other records.
        if all(own.get(place, found) == found for place, found in _links(known).items()):
            return one, known
    return None, {}


def _links(tables: dict[str, TableRows]) -> dict[tuple[object, ...], object]:
    """The hash at each place of the chain."""
    found = tables.get("link")
    if found is None or not found.columns:
        return {}
    source, seq, hashed = (found.columns.index(name) for name in ("source", "seq", "hash"))
    return {(row[source], row[seq]): row[hashed] for row in found.rows}


def _fill(
    db: sqlite3.Connection,
    version: int,
    known: dict[str, TableRows],
    read: dict[str, TableRows],
) -> None:
    """Make the tables without their guards, and put in every row of the copy and the ledger."""
    build(db, version)
    db.execute("PRAGMA foreign_keys = OFF")
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    own = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    db.execute("BEGIN")
    for table in own:
        db.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of the schema
        # The first of a key stays: of records the copy's, of the end of the chain the newer one.
        for source in (read, known) if table == "head" else (known, read):
            found = _only(db, table, source.get(table, TableRows((), ())))
            columns = ", ".join(found.columns)
            marks = ", ".join("?" for _ in found.columns)
            # The ledger holds texts and integers; anything else is what the damage left.
            rows = [row for row in found.rows if not any(isinstance(v, bytes) for v in row)]
            if rows:
                db.executemany(
                    f'INSERT OR IGNORE INTO "{table}" ({columns}) VALUES ({marks})',  # noqa: S608
                    rows,
                )
    db.execute("COMMIT")


def _only(db: sqlite3.Connection, table: str, found: TableRows) -> TableRows:
    """Rows without columns that another program added to their table."""
    own = {row[1] for row in db.execute(f'PRAGMA table_info("{table}")')}
    if own.issuperset(found.columns):
        return found
    places = [n for n, column in enumerate(found.columns) if column in own]
    return TableRows(
        tuple(found.columns[n] for n in places),
        tuple(tuple(row[n] for n in places) for row in found.rows),
    )


def _weigh(db: sqlite3.Connection, read: dict[str, TableRows], base: Backup | None) -> Recovered:
    """Leave out what is not whole, by the chain, and count."""
    lost: dict[tuple[str, str], Lost] = {}
    while fresh := {one: _lost(db, *one) for one in _broken(db) if one not in lost}:
        lost |= fresh
        for kind, record_id in fresh:
            if kind in ALL_KINDS:
                key = ALL_KINDS[kind].key
                db.execute(f"DELETE FROM {kind} WHERE {key} = ?", (record_id,))  # noqa: S608
        _drop_dangling(db)
    chained = _repair_chain(db)
    linked = set(db.execute("SELECT kind, record_id FROM link"))
    present = set(db.execute("SELECT kind, record_id FROM content WHERE kind <> 'migration'"))
    missing = db.execute(
        "SELECT max(seq) - (SELECT count(*) FROM link AS l WHERE l.source = h.source) "
        "FROM head AS h GROUP BY source"
    )
    return Recovered(
        saved=len(present & linked),
        only_in_backup=len(present - _ids(read)),
        lost=tuple(lost.values()),
        nameless=sum(max(count, 0) for (count,) in missing),
        unproven=tuple(_lost(db, *one) for one in sorted(present - linked)),
        chained=chained,
        base=base,
    )


def _broken(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Every record of the chain that is gone or whose rows do not give a digest it is held to.

    How a merged ledger was upgraded is no part of this one.
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


def _drop_dangling(db: sqlite3.Connection) -> None:
    """Leave out rows that belong to a record that is gone, such as its amounts."""
    while dangling := db.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, *_ in dangling:
            db.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))  # noqa: S608


def _repair_chain(db: sqlite3.Connection) -> bool:
    """Make the chain such that it can go on; False where nothing of it is left to go on from."""
    if not db.execute("SELECT 1 FROM link").fetchone():
        db.execute("DELETE FROM ledger")
        db.execute("DELETE FROM head")
        return False
    if not db.execute("SELECT 1 FROM ledger").fetchone():
        db.execute("INSERT INTO ledger SELECT source FROM link ORDER BY rowid DESC LIMIT 1")
    # A head in the file may be older than the newest link that could be read, or gone; one beyond
    # the newest link says that something is lost.
    leaves = chain.find_leaves(db)
    inner = set(db.execute("SELECT source, seq, hash FROM link")) - leaves
    db.executemany("DELETE FROM head WHERE source = ? AND seq = ? AND hash = ?", inner)
    db.executemany(
        "INSERT OR REPLACE INTO head SELECT ?1, ?2, ?3 WHERE NOT EXISTS "
        "(SELECT 1 FROM head AS h WHERE h.source = ?1 AND h.seq > ?2)",
        leaves,
    )
    return True


def _guard(db: sqlite3.Connection, version: int) -> None:
    """Put the guards back, and see that the new ledger is sound."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as pattern:
        build(pattern, version)
        for (sql,) in pattern.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(sql)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
    db.execute(f"PRAGMA user_version = {version:d}")
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok" or db.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.DatabaseError(f"the recovered ledger is not sound: {found}")


def _ids(tables: dict[str, TableRows]) -> set[tuple[str, str]]:
    """The records whose own row was read in a source."""
    records: set[tuple[str, str]] = set()
    for kind in ALL_KINDS.values():
        table = tables.get(kind.name, TableRows((), ()))
        if kind.key in table.columns:
            place = table.columns.index(kind.key)
            records.update((kind.name, str(row[place])) for row in table.rows)
    return records


def _lost(db: sqlite3.Connection, kind: str, record_id: str) -> Lost:
    """What can be read of a record, for whoever has to enter it again."""
    if kind not in ALL_KINDS:  # a damaged link
        return Lost(kind, record_id, "")
    about = {
        "activity": "day || ' ' || item || ' ' || title || coalesce((SELECT ' ' || group_concat("
        "printf('%g', hundredths / 100.0) || unit, ' ') FROM amount WHERE activity_id = id), '')",
        "evidence": "kind || ' ' || name",
        "issued_brief": "community || ' ' || month",
    }.get(kind, "''")
    row = db.execute(
        f"SELECT {about} FROM {kind} WHERE {ALL_KINDS[kind].key} = ?",  # noqa: S608 - fixed words
        (record_id,),
    ).fetchone()
    return Lost(kind, record_id, str(row[0] or "").strip() if row else "")
