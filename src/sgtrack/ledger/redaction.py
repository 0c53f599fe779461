"""Redacts a name in a ledger: replaces it by a pseudonym and records the redaction in the chain.

One transaction rewrites all records while the triggers that forbid updates are off. An interruption
therefore leaves the ledger unchanged. Backups are redacted in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sgtrack.ledger import chain, rollups
from sgtrack.model.entries import Origin, new_id
from sgtrack.model.errors import Refused
from sgtrack.model.location import Location
from sgtrack.model.masking import NameReplacer, Pseudonym
from sgtrack.model.record_kinds import JSON_COLUMNS, RECORD_KINDS, RecordPart
from sgtrack.store import dialect
from sgtrack.store.added_objects import find_added_objects
from sgtrack.store.chain_links import (
    Record,
    append_records,
    destroy_salts,
    make_digest,
    read_bodies,
)
from sgtrack.store.connection import COMMITS, Connection, insert_rows
from sgtrack.store.opening import open_ledger, reading
from sgtrack.store.sqlite import expected_schema


@dataclass(frozen=True, slots=True)
class RedactionCounts:
    """The result of redacting a name in a ledger.

    ``records`` counts the rewritten records by kind. ``longer`` counts the names that contain the
    redacted name; the redaction does not change them.
    """

    records: Mapping[str, int]
    longer: int


def read_pseudonyms(place: Location) -> dict[str, str]:
    """Read the pseudonyms of a ledger with their tags; do not upgrade an older ledger."""
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
    """Replace a name in a ledger by a pseudonym, and erase the name from the disk.

    ``dry_run`` undoes everything at the end. ``copy_first`` backs up a ledger of an older version
    before it is upgraded.

    Raises:
        Refused: the ledger is damaged, was altered or cannot be written; nothing was changed.
    """
    with (
        open_ledger(place) as ledger,
        ledger.rewriting(copy_first=copy_first, erase=not dry_run) as db,
    ):
        counts = _redact(db, name, pseudonym, origin, reason)
        if dry_run or not counts.records:
            db.execute("ROLLBACK")
        else:
            with COMMITS.commit():
                db.execute("COMMIT")
    return counts


def _redact(
    db: Connection, name: str, pseudonym: Pseudonym, origin: Origin, reason: str
) -> RedactionCounts:
    if chain.verify_chain(db).faults:
        raise Refused(
            "台账被其他程序改动过，这时隐去姓名会把改动盖住",
            "先运行 sgtrack verify 看改动在哪里",
        )
    names = db.execute("SELECT name FROM person UNION SELECT name FROM participant").fetchall()
    replacer = NameReplacer(name, pseudonym.words, (row[0] for row in names))
    for view, sql in find_added_objects(db, expected_schema()):
        if replacer.text(sql) != sql:
            raise Refused(f"台账里自己加的视图 {view} 写有这个姓名", f"先删掉它：DROP VIEW {view}")
    # Another program may have put the name into a roll-up, although no entry contains it.
    rollups.rebuild(db)
    schema, amounts = dialect.read_schema(db), _read_amounts(db)
    with dialect.lift_guards(db):
        records = rewrite_texts(db, replacer)
        if records:
            _append_redaction(db, records, pseudonym, origin, replacer, reason)
    # An activity that listed both the name and the pseudonym now has one participant less.
    rollups.refresh(db, rollups.find_affected_entries(db, records))
    _check_result(db, schema, amounts)
    return RedactionCounts(Counter(kind for kind, _ in records), len(replacer.longer))


class TextRewriter(Protocol):
    """An object that rewrites the texts that people wrote."""

    def text(self, text: str) -> str:
        """Return the rewritten text."""

    def json(self, text: str) -> str:
        """Return the JSON document with every text in it rewritten."""


def rewrite_texts(db: Connection, rewriter: TextRewriter) -> list[Record]:
    """Rewrite every text that people wrote; return the changed records, sorted."""
    records: set[Record] = set()
    for kind in RECORD_KINDS.values():
        for part in kind.tables:
            for column in part.words:
                change = rewriter.json if column in JSON_COLUMNS else rewriter.text
                sql = f"SELECT {part.key}, {column} FROM {part.table}"  # noqa: S608
                for record_id, old in db.execute(sql).fetchall():
                    new = change(old) if old else old
                    if new != old:
                        _replace(db, part, column, record_id, old, new)
                        records.add((kind.name, record_id))
    return sorted(records)


def _replace(
    db: Connection, part: RecordPart, column: str, record_id: str, old: str, new: str
) -> None:
    """Replace a text; delete a participant whose new name the activity already lists."""
    where = f'WHERE "{part.key}" = ? AND "{column}" = ?'
    if (
        part.table == "participant"
        and db.execute(
            f"SELECT 1 FROM participant {where}",  # noqa: S608
            (record_id, new),
        ).fetchone()
    ):
        db.execute(f"DELETE FROM participant {where}", (record_id, old))  # noqa: S608
    else:
        sql = f'UPDATE "{part.table}" SET "{column}" = ? {where}'  # noqa: S608
        db.execute(sql, (new, record_id, old))


def _append_redaction(
    db: Connection,
    records: list[Record],
    pseudonym: Pseudonym,
    origin: Origin,
    replacer: NameReplacer,
    reason: str,
) -> None:
    """Append a redaction with the new digest of each rewritten record."""
    newest = db.execute("SELECT max(record_id) FROM link WHERE length(record_id) = 26").fetchone()
    redaction_id = new_id(origin.at, newest[0])
    columns = (
        *(redaction_id, pseudonym.words, pseudonym.tag, replacer.text(reason)),
        *(origin.at.isoformat(timespec="seconds"), replacer.text(origin.by)),
        replacer.text(origin.command),
    )
    insert_rows(db, "forgetting", [columns])
    for kind, record_id in records:
        body = read_bodies(db, kind, [record_id])[record_id]
        new, old_digest = make_digest(body), chain.read_current_digest(db, kind, record_id)
        destroy_salts(db, kind, record_id)
        row = (redaction_id, kind, record_id, old_digest, new.digest, new.salt)
        insert_rows(db, "forgotten", [row])
    append_records(db, "forgetting", redaction_id)


def _check_result(db: Connection, schema: set[tuple[str, str]], amounts: list[object]) -> None:
    """Check before the commit that only texts changed and that the chain is valid.

    Raises:
        AssertionError: something else changed, or the chain is broken.
    """
    if dialect.read_schema(db) != schema or _read_amounts(db) != amounts:
        raise AssertionError("redaction changed more than texts")
    if chain.verify_chain(db).faults or dialect.find_dangling_rows(db):
        raise AssertionError("redaction broke the history")


def _read_amounts(db: Connection) -> list[object]:
    return db.execute(
        "SELECT community, items, day, unit, sum(hundredths), for_month, evidence "
        "FROM amount_by_day GROUP BY 1, 2, 3, 4, 6, 7 ORDER BY 1, 2, 3, 4, 6, 7"
    ).fetchall()
