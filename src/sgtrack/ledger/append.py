"""Appends records to the ledger; existing records are never changed or removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sgtrack.ledger.entry_reads import read_duplicate_keys, read_newest_contract
from sgtrack.ledger.entry_rows import (
    Values,
    activity_columns,
    evidence_row,
    month_of,
    origin_columns,
    part_columns,
    rows_of_entry,
    with_ids,
)
from sgtrack.ledger.known_people import find_names
from sgtrack.ledger.rollups import Month
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import (
    Activity,
    Entry,
    Evidence,
    Origin,
    duplicate_key,
    short_id,
)
from sgtrack.model.errors import Refused, Unconfirmed
from sgtrack.model.masking import NameMasker
from sgtrack.store.connection import Connection, batches
from sgtrack.store.tables import (
    ActivityRow,
    AnnotationRow,
    ContractRow,
    EvidenceVoidRow,
    Table,
    VoidRow,
)


def add(
    transaction: Transaction,
    activity: Activity,
    origin: Origin,
    *,
    again: bool = False,
    reason: str = "",
    evidence: tuple[Evidence, ...] = (),
) -> Entry:
    """Write an activity that was already checked against the contract.

    ``again`` permits a second activity with the same item, day and title. ``reason`` explains a
    late entry. ``evidence`` are files that are already in the evidence store; new ids are made for
    them.

    Raises:
        Refused: the ledger already has this activity, and ``again`` is false.
    """
    if not again:
        refuse_duplicate(transaction.db, activity)
    return add_version(transaction, activity, origin, None, reason, evidence)


def add_many(
    transaction: Transaction,
    activities: Iterable[Activity],
    origin: Origin,
    advance: Callable[[], None] = lambda: None,
    *,
    reason: str = "",
) -> None:
    """Write activities like :func:`add`, but faster; ``advance`` is called after each activity.

    ``reason`` explains late entries; it is written to all activities.

    Raises:
        Refused: the ledger already has one of the activities, or ``activities`` has duplicates.
    """
    keys: dict[str, set[bytes]] = {}
    recorded = origin_columns(origin)
    for batch in batches(activities):
        entries: dict[str, Month] = {}
        rows: dict[type[Table], Values] = {}
        ids = transaction.next_ids(origin, len(batch))
        for entry_id, activity in zip(ids, batch, strict=True):
            if activity.community not in keys:
                keys[activity.community] = read_duplicate_keys(
                    transaction.fresh_db(), activity.community
                )
            key = duplicate_key(activity)
            if key in keys[activity.community]:
                transaction.write_many(entries, rows)
                refuse_duplicate(transaction.db, activity)
            keys[activity.community].add(key)
            entries[entry_id] = month_of(activity)
            first = activity_columns(activity, reason=reason) | {"id": entry_id} | recorded
            rows.setdefault(ActivityRow, []).append(first)
            for table, values in part_columns(entry_id, activity).items():
                rows.setdefault(table, []).extend(values)
            advance()
        transaction.write_many(entries, rows)


def amend(
    transaction: Transaction,
    old: Entry,
    activity: Activity,
    origin: Origin,
    reason: str,
    *,
    again: bool = False,
) -> Entry:
    """Write a correction that replaces the entry ``old`` and keeps the evidence of ``old``.

    ``again`` permits a second activity with the same item, day and title.

    Raises:
        Refused: ``old`` no longer counts, or the ledger already has the corrected activity and
            ``again`` is false.
    """
    _refuse_replaced(transaction, old)
    if not again and duplicate_key(activity) != duplicate_key(old.activity):
        refuse_duplicate(transaction.db, activity, except_id=old.id)
    entry = add_version(transaction, activity, origin, old.id, reason)
    kept = {name: getattr(old, name) for name in ("evidence", "effect", "late_reason")}
    return replace(entry, **kept)


def void(transaction: Transaction, entry: Entry, origin: Origin, reason: str) -> None:
    """Write a void, which takes an entry out of the figures.

    Raises:
        Refused: the entry no longer counts.
    """
    _refuse_replaced(transaction, entry)
    transaction.write_record(origin, VoidRow, activity_id=entry.id, reason=reason)


def add_evidence(
    transaction: Transaction, entry: Entry, evidence: tuple[Evidence, ...], origin: Origin
) -> tuple[Evidence, ...]:
    """Record files from the evidence store as evidence of an entry.

    Raises:
        Refused: the entry no longer counts.
    """
    _refuse_replaced(transaction, entry)
    added = with_ids(evidence, transaction.next_ids(origin, len(evidence)))
    if added:
        transaction.write(
            [("evidence", file.id) for file in added],
            [evidence_row(entry.id, file, origin) for file in added],
        )
    return added


def void_evidence(
    transaction: Transaction, evidence: Evidence, origin: Origin, reason: str
) -> None:
    """Record that a file no longer proves its activity; the file stays in the evidence store."""
    transaction.write_record(origin, EvidenceVoidRow, evidence_id=evidence.id, reason=reason)


def annotate(
    transaction: Transaction, entry: Entry, subject: str, text: str, origin: Origin
) -> None:
    """Record a text on an entry; ``subject`` is ``effect`` or ``late_reason``.

    The entry itself does not change and no figure is affected.

    Raises:
        Refused: the entry no longer counts.
    """
    _refuse_replaced(transaction, entry)
    transaction.write_record(
        origin, AnnotationRow, activity_id=entry.id, subject=subject, text=text
    )


def note_contract(transaction: Transaction, community: str, content: str, origin: Origin) -> None:
    """Record the contract targets of a community, unless they equal those recorded last."""
    if read_newest_contract(transaction.db, community) != content:
        add_contract(transaction, community, content, origin)


def add_contract(transaction: Transaction, community: str, content: str, origin: Origin) -> None:
    """Record the contract targets of a community."""
    transaction.write_record(origin, ContractRow, community=community, content=content)


def add_version(
    transaction: Transaction,
    activity: Activity,
    origin: Origin,
    replaces: str | None,
    reason: str,
    evidence: tuple[Evidence, ...] = (),
) -> Entry:
    """Write an activity, which is a correction if ``replaces`` is the id of an entry."""
    entry_id, *evidence_ids = transaction.next_ids(origin, 1 + len(evidence))
    added = with_ids(evidence, evidence_ids)
    entry = Entry(entry_id, activity, origin, replaces=replaces, reason=reason, evidence=added)
    transaction.write(
        [("activity", entry_id), *(("evidence", file.id) for file in added)],
        [*rows_of_entry(entry), *(evidence_row(entry_id, file, origin) for file in added)],
        None if replaces else {entry_id: month_of(activity)},
    )
    return entry


def _fetch_first(transaction: Transaction, sql: str, values: Mapping[str, str | int]) -> Any:
    """Return the first row of a query or None, without refreshing stale roll-ups."""
    return transaction.db.execute(sql, values).fetchone()


def refuse_duplicate(db: Connection, activity: Activity, except_id: str = "") -> None:
    """Refuse an activity with the item, day and title of an entry that counts.

    Stale roll-ups do not matter. ``except_id`` is the id of an entry to ignore.
    """
    duplicate = db.execute(
        "SELECT a.id FROM activity AS a WHERE a.community = :community AND a.item = :item "
        "AND a.day = :day AND a.title = :title AND a.id <> :except_id "
        # Two sessions of a group on one day differ only in their numbers.
        "AND (a.session IS NULL OR :session = 0 OR a.session = :session) AND EXISTS "
        "(SELECT 1 FROM computed_entry AS c WHERE c.activity_id = a.id)",
        {
            "community": activity.community,
            "item": activity.item,
            "day": activity.day.isoformat(),
            "title": activity.title,
            "session": activity.session or 0,
            "except_id": except_id,
        },
    ).fetchone()
    if duplicate is not None:
        names = (*find_names(db, [activity.title]), *activity.participants)
        shown = NameMasker(names).text(activity.title)
        title = f"“{shown}”" if shown else "没有标题的活动"
        raise Unconfirmed(
            f"{activity.day} 已经记过 {activity.item} {title}（编号 {short_id(duplicate[0])}）",
            "确实是另一场就加 --again，或用 -t 写上不同的标题",
            question="确实是另一场吗",
            allowing="again",
        )


def _refuse_replaced(transaction: Transaction, entry: Entry) -> None:
    """Raise :class:`Refused` if an entry no longer counts."""
    key = {"id": entry.id}
    if _fetch_first(transaction, "SELECT 1 FROM void WHERE activity_id = :id", key):
        raise Refused(f"{short_id(entry.id)} 已经作废", "需要的话重新 sgtrack log 一条")
    newer = _fetch_first(transaction, "SELECT id FROM activity WHERE replaces = :id", key)
    if newer:
        raise Refused(
            f"{short_id(entry.id)} 已经更正过，现在的记录是 {short_id(newer[0])}",
            f"改用新的编号 {short_id(newer[0])}",
        )
    if entry.set_aside is not None:
        raise Refused(
            f"{short_id(entry.id)} 和另一台电脑上的更正冲突，现在不计数",
            f"先决定用哪一个：sgtrack resolve {short_id(entry.id)} -r 原因",
        )
