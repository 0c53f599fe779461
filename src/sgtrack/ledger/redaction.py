"""Redacts a name in a ledger: replaces it everywhere and records that in the chain.

Only this module rewrites entries. It does so in one transaction without the guards of the database,
so that an interruption leaves the ledger as it was. Backups are rewritten in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sgtrack.ledger import chain, rollups
from sgtrack.model.entries import Origin, new_id
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location
from sgtrack.model.masking import NameReplacer, Pseudonym
from sgtrack.model.record_kinds import JSON_COLUMNS, RECORD_KINDS
from sgtrack.store import dialect
from sgtrack.store.chain_links import append_records, destroy_salts, make_digest
from sgtrack.store.connection import Connection
from sgtrack.store.opening import reading, rewriting

Record = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RedactionCounts:
    """The number of rewritten records of each kind, and of longer names that contain the name."""

    records: Mapping[str, int]
    longer: int


def read_pseudonyms(place: Location) -> dict[str, str]:
    """Read the tags of the pseudonyms in a ledger of any version."""
    with reading(place, upgrade=False) as db:
        return dict(db.execute("SELECT pseudonym, tag FROM forgetting"))


def redact_name(
    place: Location,
    name: str,
    pseudonym: Pseudonym,
    origin: Origin,
    reason: str,
    *,
    dry_run: bool = False,
    copy_first: bool = True,
) -> RedactionCounts:
    """Replace a name in a ledger, and erase it from the disk.

    Args:
        place: the ledger.
        name: the name as the ledger has it.
        pseudonym: the replacement.
        origin: who redacts, when and by which command.
        reason: why.
        dry_run: undo everything at the end.
        copy_first: whether a ledger of an older version is backed up before it is upgraded.

    Raises:
        Refused: the ledger is damaged, was altered or cannot be written; nothing was changed.
    """
    with rewriting(place, copy_first=copy_first, erase=not dry_run) as db:
        counts = _redact(db, name, pseudonym, origin, reason)
        db.execute("ROLLBACK" if dry_run or not counts.records else "COMMIT")
    return counts


def _redact(
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
    schema, amounts = dialect.read_schema(db), _amounts(db)
    with dialect.lift_guards(db):
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
    if dialect.read_schema(db) != schema or _amounts(db) != amounts:
        raise AssertionError("forgetting changed more than words")
    if chain.verify_chain(db).faults or dialect.find_dangling_rows(db):
        raise AssertionError("forgetting broke the history")


def _amounts(db: Connection) -> list[object]:
    return db.execute(
        "SELECT community, items, day, unit, sum(hundredths), for_month, evidence "
        "FROM amount_by_day GROUP BY 1, 2, 3, 4, 6, 7 ORDER BY 1, 2, 3, 4, 6, 7"
    ).fetchall()
