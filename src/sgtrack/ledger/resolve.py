"""Writes which of several decisions on an entry is to count."""

from __future__ import annotations

from sgtrack.ledger.conflicts import conflict_on
from sgtrack.ledger.open_decisions import open_decisions
from sgtrack.ledger.transaction import Transaction, origin_columns
from sgtrack.model.entries import Origin
from sgtrack.model.errors import Refused
from sgtrack.model.ids import short
from sgtrack.model.merge_conflicts import Conflict
from sgtrack.store.tables import ResolutionRow, ResolvedRow


def resolve(transaction: Transaction, chosen: str, origin: Origin, reason: str) -> Conflict:
    """Let one of several decisions count; all of them stay in the ledger.

    Args:
        transaction: what it is written in.
        chosen: the id of a correction or void in conflict, or the end of it.
        origin: who resolves, when and by which command.
        reason: why.

    Returns:
        The conflict as it was.

    Raises:
        Refused: it is no decision in conflict, or could be several.
    """
    db = transaction.fresh_db()
    open_ones = [conflict_on(db, one) for one in open_decisions(db)]
    found = [
        (conflict, decision)
        for conflict in open_ones
        for decision in (*(one.id for one in conflict.corrections), *conflict.voids)
        if decision.endswith(chosen)
    ]
    if len(found) != 1 or not chosen:
        which = "可以指几条" if len(found) > 1 else "不是冲突里的更正或作废"
        listed = "、".join(
            short(one)
            for conflict in open_ones
            for one in (*(entry.id for entry in conflict.corrections), *conflict.voids)
        )
        raise Refused(f"“{chosen}”{which}", f"写其中一条：{listed}" if listed else "现在没有冲突")
    ((conflict, decision),) = found
    resolution = transaction.next_id(origin)
    row = ResolutionRow(
        id=resolution,
        entry_id=conflict.entry.id,
        chosen=decision,
        reason=reason,
        **origin_columns(origin),
    )
    weighed = (
        *(one.id for one in conflict.corrections),
        *conflict.voids,
        *conflict.resolutions,
    )
    parts = [ResolvedRow(resolution_id=resolution, decision_id=one) for one in weighed]
    transaction.write("resolution", resolution, [row, *parts])
    return conflict
