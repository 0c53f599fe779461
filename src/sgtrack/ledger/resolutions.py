"""Writes the officer's choice between conflicting corrections and voids of an entry."""

from __future__ import annotations

from dataclasses import replace

from sgtrack.ledger.append import add_version
from sgtrack.ledger.conflicts import read_conflict, read_open_decisions
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import Conflict, Entry, Origin, short_id
from sgtrack.model.errors import Refused
from sgtrack.store.merge_tables import ResolutionRow, ResolvedRow


def resolve(transaction: Transaction, typed: str, origin: Origin, reason: str) -> Conflict:
    """Write the choice of a correction or void; return the conflict as it was before.

    ``typed`` is the id of a correction or void in conflict, or the last characters of that id.

    Raises:
        Refused: ``typed`` matches no correction or void in conflict, or more than one.
    """
    db = transaction.fresh_db()
    decisions = [
        (conflict, decision)
        for conflict in (read_conflict(db, entry_id) for entry_id in read_open_decisions(db))
        for decision in (*(entry.id for entry in conflict.corrections), *conflict.voids)
    ]
    matches = [pair for pair in decisions if pair[1].endswith(typed)]
    if len(matches) != 1 or not typed:
        which = "可以指几条" if len(matches) > 1 else "不是冲突里的更正或作废"
        listed = "、".join(short_id(decision) for _, decision in decisions)
        raise Refused(f"“{typed}”{which}", f"写其中一条：{listed}" if listed else "现在没有冲突")
    ((conflict, chosen),) = matches
    _choose(transaction, conflict, chosen, origin, reason)
    return conflict


def revive(transaction: Transaction, voided: Entry, origin: Origin, reason: str) -> Entry:
    """Write a new version of a voided entry, and the choice that it counts instead of the void.

    Raises:
        Refused: another laptop corrected the entry, so that the officer must choose.
    """
    conflict = read_conflict(transaction.fresh_db(), voided.id)
    if conflict.corrections:
        raise Refused(
            f"{short_id(voided.id)} 在另一台电脑上还更正过",
            f"先决定用哪一个：sgtrack resolve {short_id(voided.id)} -r 原因",
        )
    entry = add_version(transaction, voided.activity, origin, voided.id, reason)
    _choose(transaction, replace(conflict, corrections=(entry,)), entry.id, origin, reason)
    return replace(entry, evidence=voided.evidence)


def _choose(
    transaction: Transaction, conflict: Conflict, chosen: str, origin: Origin, reason: str
) -> None:
    weighed = (*(entry.id for entry in conflict.corrections), *conflict.voids)
    transaction.write_record(
        origin,
        ResolutionRow,
        lambda resolution_id: [
            ResolvedRow(resolution_id=resolution_id, decision_id=decision)
            for decision in (*weighed, *conflict.resolutions)
        ],
        entry_id=conflict.entry.id,
        chosen=chosen,
        reason=reason,
    )
