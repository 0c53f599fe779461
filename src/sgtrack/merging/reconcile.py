"""Records that both ledgers have, and in which one of them has replaced names since.

A record has a version: the forgettings that rewrote it, and whether its names were left out (then
the seal it is held to has no salt). A later version goes before an earlier one, names go before
their absence. Where two ledgers each forgot a name in the same record, neither version will do: a
text that both rewrote differently is given up, so that no forgotten name comes back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sgtrack.ledger.transaction import Transaction
from sgtrack.merging.copy_missing import Record
from sgtrack.model.entries import Origin
from sgtrack.model.record_kinds import JSON_COLUMNS, RECORD_KINDS
from sgtrack.privacy.redact_workspace import PSEUDONYM
from sgtrack.store.chain_links import SaltedDigest, append_records, make_digest
from sgtrack.store.connection import Connection
from sgtrack.store.dialect import lift_guards

GIVEN_UP = "（姓名已隐去）"
"""What is put in the place of a text that two ledgers rewrote differently."""


@dataclass(frozen=True, slots=True)
class Version:
    """How a ledger has a record: its seals by the forgetting that made them, the link's first.

    ``abridged`` are the digests of the forms without names that it may be in.
    """

    seals: Mapping[str, SaltedDigest]
    abridged: frozenset[str] = frozenset()

    @property
    def forgettings(self) -> frozenset[str]:
        """Which forgettings rewrote it."""
        return frozenset(self.seals) - {""}

    @property
    def newest(self) -> str:
        """The forgetting that says what it is held to; empty for the link itself."""
        return max(self.seals)

    @property
    def has_names(self) -> bool:
        """Whether it is whole, with its names."""
        return bool(self.seals[self.newest].salt)


def version_of(db: Connection, record: Record) -> Version:
    """The version a ledger has of a record."""
    where = "WHERE kind = ? AND record_id = ?"
    row = db.execute(f"SELECT digest, salt FROM link {where}", record).fetchone()  # noqa: S608
    seals = {"": SaltedDigest(*row)}
    for forgetting, digest, salt in db.execute(
        f"SELECT forgetting_id, new_digest, salt FROM forgotten {where}",  # noqa: S608
        record,
    ):
        seals[forgetting] = SaltedDigest(digest, salt)
    forms = db.execute(f"SELECT digest FROM abridgement {where}", record)  # noqa: S608
    return Version(seals, frozenset(row[0] for row in forms))


def differing(db: Connection, other: Connection) -> dict[Record, tuple[Version, Version]]:
    """The records of both ledgers that may be there in different versions, before any is added."""
    rewritten = set(other.execute("SELECT kind, record_id FROM forgotten"))
    rewritten |= set(db.execute("SELECT kind, record_id FROM abridgement"))
    if not rewritten:
        return {}
    linked = "SELECT kind, record_id FROM link WHERE kind <> 'migration'"
    rewritten &= set(other.execute(linked)) & set(db.execute(linked))
    pairs = {one: (version_of(db, one), version_of(other, one)) for one in sorted(rewritten)}
    return {record: pair for record, pair in pairs.items() if pair[0] != pair[1]}


def bring_together(
    transaction: Transaction,
    other: Connection,
    both: Mapping[Record, tuple[Version, Version]],
    origin: Origin,
) -> tuple[Record, ...]:
    """Rewrite what the other ledger has a later version of; which records were rewritten.

    Args:
        transaction: where the records of the other ledger have been added already.
        other: the other ledger.
        both: the versions as they were before.
        origin: who merges, when and by which command.
    """
    db = transaction.fresh_db()
    rewritten: list[Record] = []
    split: list[Record] = []
    with lift_guards(db):
        for record, (ours, theirs) in both.items():
            if theirs.forgettings == ours.forgettings:
                later = _fuller(db, other, record, ours, theirs)
            else:
                later = theirs.forgettings > ours.forgettings
            if later:
                _take(db, other, record, theirs)
                rewritten.append(record)
            elif not theirs.forgettings <= ours.forgettings:
                _join(db, other, record, ours, theirs)
                split.append(record)
        if split:
            _announce(transaction, split, both, origin)
    return (*rewritten, *split)


def _fuller(
    db: Connection,
    other: Connection,
    record: Record,
    ours: Version,
    theirs: Version,
) -> bool:
    """Whether the other ledger has more of a record that the same forgettings rewrote.

    Of two forms without names, as of two laptops with different keys, the one in which more was
    replaced is taken, and else always the same one.
    """
    if ours.has_names or theirs.has_names:
        return theirs.has_names and not ours.has_names
    if theirs.abridged <= ours.abridged:
        return False
    mine, yours = body_of(db, record), body_of(other, record)
    return (len(PSEUDONYM.findall(yours)), yours) > (len(PSEUDONYM.findall(mine)), mine)


def body_of(db: Connection, record: Record) -> str:
    """What a record says, as its digest is made of it."""
    row = db.execute("SELECT body FROM content WHERE kind = ? AND record_id = ?", record)
    return str(row.fetchone()[0])


def _texts(db: Connection, record: Record) -> dict[str, str]:
    kind, record_id = record
    words = RECORD_KINDS[kind].words
    row = db.execute(
        f"SELECT {', '.join(words)} FROM {kind} WHERE id = ?",  # noqa: S608 - names of the schema
        (record_id,),
    ).fetchone()
    return dict(zip(words, row, strict=True))


def _names(db: Connection, record: Record) -> list[str]:
    if record[0] != "activity":
        return []
    rows = db.execute(
        "SELECT name FROM participant WHERE activity_id = ? ORDER BY rowid", (record[1],)
    )
    return [row[0] for row in rows]


def _write(db: Connection, record: Record, texts: Mapping[str, str], names: Iterable[str]) -> None:
    kind, record_id = record
    changes = ", ".join(f"{column} = ?" for column in texts)
    db.execute(
        f"UPDATE {kind} SET {changes} WHERE id = ?",  # noqa: S608 - names of the schema
        (*texts.values(), record_id),
    )
    if kind == "activity":
        db.execute("DELETE FROM participant WHERE activity_id = ?", (record_id,))
        db.executemany(
            "INSERT INTO participant VALUES (?, ?)", [(record_id, name) for name in names]
        )


def _seal(db: Connection, record: Record, version: Version) -> None:
    """Keep exactly the salts of a version."""
    db.execute("UPDATE forgotten SET salt = '' WHERE kind = ? AND record_id = ?", record)
    for forgetting, one in version.seals.items():
        if forgetting:
            db.execute(
                "UPDATE forgotten SET salt = ? "
                "WHERE forgetting_id = ? AND kind = ? AND record_id = ?",
                (one.salt, forgetting, *record),
            )
    db.execute(
        "UPDATE link SET salt = ? WHERE kind = ? AND record_id = ?",
        (version.seals[""].salt, *record),
    )


def _take(db: Connection, other: Connection, record: Record, version: Version) -> None:
    _write(db, record, _texts(other, record), _names(other, record))
    _seal(db, record, version)


def _join(
    db: Connection,
    other: Connection,
    record: Record,
    ours: Version,
    theirs: Version,
) -> None:
    """Write words in which no name is left that either side has forgotten.

    A form without any names has none of them left as it is.
    """
    if ours.has_names != theirs.has_names:
        if not theirs.has_names:
            _write(db, record, _texts(other, record), _names(other, record))
        _seal(db, record, _unsealed(ours, theirs))
        return
    mine, yours = _texts(db, record), _texts(other, record)
    texts = {
        column: _joined_json(text, yours[column])
        if column in JSON_COLUMNS
        else joined(text, yours[column])
        for column, text in mine.items()
    }
    _write(db, record, texts, joined_names(_names(db, record), _names(other, record)))
    _seal(db, record, _unsealed(ours, theirs))


def _unsealed(ours: Version, theirs: Version) -> Version:
    return Version(dict.fromkeys({*ours.seals, *theirs.seals}, SaltedDigest("", "")))


def joined(one: str, other: str) -> str:
    """A text of which each side may have replaced names; the order does not matter."""
    if one == other:
        return one
    if PSEUDONYM.fullmatch(one) and PSEUDONYM.fullmatch(other):
        return min(one, other)
    rewritten = [text for text in (one, other) if PSEUDONYM.search(text)]
    return rewritten[0] if len(rewritten) == 1 and GIVEN_UP not in (one, other) else GIVEN_UP


def joined_names(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """The names that both sides left, and every pseudonym that either put in."""
    mine, yours = set(one), set(other)
    return sorted(mine & yours | {name for name in mine | yours if PSEUDONYM.fullmatch(name)})


def _joined_json(one: str, other: str) -> str:
    return json.dumps(
        _joined_value(json.loads(one), json.loads(other)), ensure_ascii=False, sort_keys=True
    )


def _joined_value(one: Any, other: Any) -> Any:
    if isinstance(one, str) and isinstance(other, str):
        return joined(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return [_joined_value(a, b) for a, b in zip(one, other, strict=True)]
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _joined_value(one[key], other.get(key, one[key])) for key in one}
    return one


def _announce(
    transaction: Transaction,
    split: list[Record],
    both: Mapping[Record, tuple[Version, Version]],
    origin: Origin,
) -> None:
    """Write the forgetting that says what became of records that two ledgers rewrote."""
    db = transaction.fresh_db()
    forgetting = transaction.next_id(origin)
    db.execute(
        "INSERT INTO forgetting VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(forgetting, GIVEN_UP, "0" * 32, "合并的台账各自隐去过姓名"),
            *(origin.at.isoformat(timespec="seconds"), origin.by, origin.command),
        ),
    )
    for kind, record_id in split:
        ours = both[kind, record_id][0]
        now = make_digest(body_of(db, (kind, record_id)))
        db.execute(
            "INSERT INTO forgotten VALUES (?, ?, ?, ?, ?, ?)",
            (forgetting, kind, record_id, ours.seals[ours.newest].digest, now.digest, now.salt),
        )
    append_records(db, "forgetting", forgetting)
