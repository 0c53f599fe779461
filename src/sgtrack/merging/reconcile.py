"""Reconciles records that two ledgers share but whose texts differ because of redactions.

The version of a record consists of the redactions that rewrote it, and of whether a bundle replaced
its names by pseudonyms. The digest of a pseudonymized record has no salt. A version with additional
redactions replaces the other. If the redactions are equal, a version with names replaces a
pseudonymized one. If each ledger has a redaction that the other lacks, the texts are combined. A
text that both rewrote differently is blanked, so that no redacted name returns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sgtrack.ledger.transaction import Transaction
from sgtrack.merging.name_differences import BLANKED, REPLACEMENT, differ_in_names
from sgtrack.model.entries import Origin, short_id
from sgtrack.model.errors import Refused
from sgtrack.model.record_kinds import JSON_COLUMNS, KIND_LABELS, RECORD_KINDS
from sgtrack.privacy.redact_workspace import PSEUDONYM
from sgtrack.store.chain_links import Record, SaltedDigest, make_digest
from sgtrack.store.connection import Connection
from sgtrack.store.dialect import lift_guards

_DIGESTS = {"link": "digest", "forgotten": "new_digest", "abridgement": "digest"}
"""The tables with salts, and the column with the digest that each salt belongs to."""
_WHERE = "WHERE kind = ? AND record_id = ?"


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """The version of a record in one ledger.

    ``digests`` maps the id of each redaction to the digest it recorded; an empty id stands for the
    link. ``pseudonymized`` are the digests of the record's pseudonymized forms.
    """

    digests: Mapping[str, SaltedDigest]
    pseudonymized: frozenset[str]

    @property
    def _newest(self) -> str:
        """The redaction that wrote the present text, or an empty id for the link.

        Only the digest of the present text has a salt. If no digest has one, because the record is
        pseudonymized, the newest redaction is returned.
        """
        salted = [redaction for redaction, digest in self.digests.items() if digest.salt]
        return max(salted or self.digests)

    @property
    def redactions(self) -> frozenset[str]:
        """The ids of the redactions that changed the record."""
        return frozenset(self.digests) - {""} - {key for key in self.digests if key > self._newest}

    @property
    def newest(self) -> SaltedDigest:
        """The digest of the present text, unless the record is pseudonymized."""
        return self.digests[self._newest]

    @property
    def has_names(self) -> bool:
        """Whether the record contains its names; a bundle may have replaced them by pseudonyms."""
        return bool(self.newest.salt)


Differing = Mapping[Record, tuple[RecordVersion, RecordVersion]]
"""The two versions of each differing record: in this ledger and in the other one."""


def find_differing(db: Connection, other: Connection) -> Differing:
    """Find the records whose versions differ between this ledger and the other one."""
    rewritten = set(other.execute("SELECT kind, record_id FROM forgotten"))
    rewritten |= set(db.execute("SELECT kind, record_id FROM abridgement"))
    if not rewritten:
        return {}
    linked = "SELECT kind, record_id FROM link WHERE kind <> 'migration'"
    rewritten &= set(other.execute(linked)) & set(db.execute(linked))
    pairs = {
        record: (_read_version(db, record), _read_version(other, record))
        for record in sorted(rewritten)
    }
    return {record: pair for record, pair in pairs.items() if pair[0] != pair[1]}


def _read_version(db: Connection, record: Record) -> RecordVersion:
    link = db.execute(f"SELECT digest, salt FROM link {_WHERE}", record).fetchone()  # noqa: S608
    digests = {"": SaltedDigest(*link)}
    for redaction_id, digest, salt in db.execute(
        f"SELECT forgetting_id, new_digest, salt FROM forgotten {_WHERE}",  # noqa: S608
        record,
    ):
        digests[redaction_id] = SaltedDigest(digest, salt)
    forms = db.execute(f"SELECT digest FROM abridgement {_WHERE}", record)  # noqa: S608
    return RecordVersion(digests, frozenset(row[0] for row in forms))


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The result of :func:`reconcile`.

    ``rewritten`` are the records of this ledger that were rewritten. ``unchanged`` are records that
    this ledger wrote itself and only the other ledger redacted. They stay as they are, because only
    a redaction in this ledger may rewrite them.
    """

    rewritten: tuple[Record, ...] = ()
    unchanged: tuple[Record, ...] = ()


def reconcile(
    transaction: Transaction, other: Connection, differing: Differing, origin: Origin
) -> Reconciled:
    """Rewrite records, either to the other version or to a combination of both versions.

    ``differing`` must be read before the records of the other ledger are added.

    Raises:
        Refused: the other version differs in more than replaced names.
    """
    db = transaction.fresh_db()
    replaced: list[Record] = []
    unchanged: list[Record] = []
    combined: dict[Record, str] = {}
    with lift_guards(db):
        for record, (ours, theirs) in differing.items():
            if ours.redactions == theirs.redactions:
                is_later = _is_fuller(db, other, record, ours, theirs)
            else:
                is_later = theirs.redactions > ours.redactions
            is_combined = not is_later and not theirs.redactions <= ours.redactions
            if not is_later and not is_combined:
                continue
            if _is_own_record(db, record, theirs.redactions - ours.redactions):
                unchanged.append(record)
                continue
            _check_only_names_differ(db, other, record, ours, is_later=is_later)
            if is_later:
                _write(db, record, _read_texts(other, record), _read_participants(other, record))
                _store_salts(db, record, theirs.digests)
                replaced.append(record)
            else:
                _combine(db, other, record, ours, theirs)
                _store_salts(db, record, {})
                combined[record] = ours.newest.digest
        if combined:
            _record_redaction(transaction, combined, origin)
    return Reconciled((*replaced, *combined), tuple(unchanged))


def _is_own_record(db: Connection, record: Record, redactions: Iterable[str]) -> bool:
    """Return whether this ledger wrote a record but made none of the given ``redactions``.

    The redactions are already in the chain. A copy of this ledger has the same id, and its
    redactions count as this ledger's.
    """
    own_link = (
        "SELECT 1 FROM link JOIN ledger ON ledger.id = source WHERE kind = ? AND record_id = ?"
    )
    return (
        bool(redactions)
        and not any(
            db.execute(own_link, ("forgetting", redaction_id)).fetchone()
            for redaction_id in redactions
        )
        and db.execute(own_link, record).fetchone() is not None
    )


def _check_only_names_differ(
    db: Connection, other: Connection, record: Record, ours: RecordVersion, *, is_later: bool
) -> None:
    """Check that two versions of a record differ only in names and their replacements.

    Normally, either version may have a replacement where the other has a name. If ``is_later`` is
    true and our version has names, only the other version may have additional replacements.

    Raises:
        Refused: another text was changed under the pretext of a redaction.
    """
    either = not (is_later and ours.has_names)
    our_names, their_names = _read_participants(db, record), _read_participants(other, record)
    added = [name for name in their_names if name not in our_names]
    are_masked = all(map(REPLACEMENT.fullmatch, added)) or (
        either and len(their_names) <= len(our_names)
    )
    our_texts, their_texts = _read_texts(db, record), _read_texts(other, record)
    for column, text in our_texts.items():
        read = json.loads if column in JSON_COLUMNS else str
        are_masked = are_masked and differ_in_names(read(text), read(their_texts[column]), either)
    if not are_masked:
        raise Refused(
            f"一条{KIND_LABELS[record[0]]}（{short_id(record[1])}）借隐去姓名改了别的内容",
            "有一份台账不是 sgtrack 写的；没有合并",
        )


def _is_fuller(
    db: Connection, other: Connection, record: Record, ours: RecordVersion, theirs: RecordVersion
) -> bool:
    """Return whether the other version takes precedence, if both have the same redactions.

    A version with names takes precedence over a pseudonymized one. Of two pseudonymized versions,
    the one with more pseudonyms takes precedence. If the numbers are equal, the order of the texts
    decides, so that every ledger chooses the same version.
    """
    if ours.has_names or theirs.has_names:
        return theirs.has_names and not ours.has_names
    if theirs.pseudonymized <= ours.pseudonymized:
        return False
    our_body, their_body = _read_body(db, record), _read_body(other, record)
    return (len(PSEUDONYM.findall(their_body)), their_body) > (
        len(PSEUDONYM.findall(our_body)),
        our_body,
    )


def _read_body(db: Connection, record: Record) -> str:
    """Read the text from which the digest of a record is computed."""
    return str(db.execute(f"SELECT body FROM content {_WHERE}", record).fetchone()[0])  # noqa: S608


def _read_texts(db: Connection, record: Record) -> dict[str, str]:
    kind, record_id = record
    columns = RECORD_KINDS[kind].words
    sql = f"SELECT {', '.join(columns)} FROM {kind} WHERE id = ?"  # noqa: S608 - names of the schema
    return dict(zip(columns, db.execute(sql, (record_id,)).fetchone(), strict=True))


def _read_participants(db: Connection, record: Record) -> list[str]:
    if record[0] != "activity":
        return []
    sql = "SELECT name FROM participant WHERE activity_id = ? ORDER BY rowid"
    return [row[0] for row in db.execute(sql, (record[1],))]


def _write(
    db: Connection, record: Record, texts: Mapping[str, str], participants: Iterable[str]
) -> None:
    kind, record_id = record
    changes = ", ".join(f"{column} = ?" for column in texts)
    db.execute(
        f"UPDATE {kind} SET {changes} WHERE id = ?",  # noqa: S608 - names of the schema
        (*texts.values(), record_id),
    )
    if kind == "activity":
        db.execute("DELETE FROM participant WHERE activity_id = ?", (record_id,))
        rows = [(record_id, name) for name in participants]
        db.executemany("INSERT INTO participant VALUES (?, ?)", rows)


def _store_salts(db: Connection, record: Record, digests: Mapping[str, SaltedDigest]) -> None:
    """Store the salts of a record's digests in ``link`` and ``forgotten``; erase all others."""
    link = digests.get("", SaltedDigest("", ""))
    db.execute(f"UPDATE link SET salt = ? {_WHERE}", (link.salt, *record))  # noqa: S608
    db.execute(f"UPDATE forgotten SET salt = '' {_WHERE}", record)  # noqa: S608
    db.executemany(
        f"UPDATE forgotten SET salt = ? {_WHERE} AND forgetting_id = ?",  # noqa: S608
        [(digest.salt, *record, redaction_id) for redaction_id, digest in digests.items()],
    )


def erase_outdated_salts(db: Connection, records: Iterable[Record]) -> None:
    """Erase the salts of all digests that do not match the present texts of records.

    A merge adds digests of versions that this ledger does not use.
    """
    with lift_guards(db):
        for record in records:
            body = _read_body(db, record)
            for table, column in _DIGESTS.items():
                rows = db.execute(
                    f"SELECT {column}, salt FROM {table} {_WHERE} AND salt <> ''",  # noqa: S608
                    record,
                ).fetchall()
                outdated = [row for row in rows if not SaltedDigest(*row).fits(body)]
                db.executemany(
                    f"UPDATE {table} SET salt = '' {_WHERE} AND {column} = ? AND salt = ?",  # noqa: S608
                    [(*record, *row) for row in outdated],
                )


def _combine(
    db: Connection, other: Connection, record: Record, ours: RecordVersion, theirs: RecordVersion
) -> None:
    """Combine two versions of a record; no name that either ledger redacted is in the result.

    If only one version is pseudonymized, that version is used unchanged, because it has no names.
    """
    texts, participants = _read_texts(other, record), _read_participants(other, record)
    if ours.has_names == theirs.has_names:
        combined = {
            column: _combine_json(text, texts[column])
            if column in JSON_COLUMNS
            else _combine_texts(text, texts[column])
            for column, text in _read_texts(db, record).items()
        }
        ours_only = _read_participants(db, record)
        _write(db, record, combined, _combine_participants(ours_only, participants))
    elif not theirs.has_names:
        _write(db, record, texts, participants)


def _combine_texts(one: str, other: str) -> str:
    """Combine two versions of a text; exchanging the two gives the same result."""
    if one == other:
        return one
    if PSEUDONYM.fullmatch(one) and PSEUDONYM.fullmatch(other):
        return min(one, other)
    rewritten = [text for text in (one, other) if PSEUDONYM.search(text)]
    return rewritten[0] if len(rewritten) == 1 and BLANKED not in (one, other) else BLANKED


def _combine_participants(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """Return the names that both lists contain, and all pseudonyms."""
    names, other_names = set(one), set(other)
    pseudonyms = {name for name in names | other_names if PSEUDONYM.fullmatch(name)}
    return sorted(names & other_names | pseudonyms)


def _combine_json(one: str, other: str) -> str:
    combined = _combine_values(json.loads(one), json.loads(other))
    return json.dumps(combined, ensure_ascii=False, sort_keys=True)


def _combine_values(one: Any, other: Any) -> Any:
    if isinstance(one, str) and isinstance(other, str):
        return _combine_texts(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return [_combine_values(a, b) for a, b in zip(one, other, strict=True)]
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _combine_values(one[key], other.get(key, one[key])) for key in one}
    return one


def _record_redaction(
    transaction: Transaction, combined: Mapping[Record, str], origin: Origin
) -> None:
    """Append a redaction with the new digest of each combined record.

    ``combined`` maps each record to its digest before it was combined.
    """
    db = transaction.fresh_db()
    redaction_id = transaction.next_id(origin)
    db.execute(
        "INSERT INTO forgetting VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(redaction_id, BLANKED, "0" * 32, "合并的台账各自隐去过姓名"),
            *(origin.at.isoformat(timespec="seconds"), origin.by, origin.command),
        ),
    )
    for record, old_digest in combined.items():
        new = make_digest(_read_body(db, record))
        db.execute(
            "INSERT INTO forgotten VALUES (?, ?, ?, ?, ?, ?)",
            (redaction_id, *record, old_digest, new.digest, new.salt),
        )
    transaction.append_to_chain([("forgetting", redaction_id)])
