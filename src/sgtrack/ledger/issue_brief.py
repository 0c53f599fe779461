"""Writes an issued brief: its frozen figures, what it told of and its files."""

from __future__ import annotations

from sgtrack.ledger.transaction import Transaction, origin_columns
from sgtrack.model.entries import Origin
from sgtrack.model.issued import IssuedBrief
from sgtrack.store.tables import (
    IssuedBriefRow,
    IssuedEntryRow,
    IssuedFigureRow,
    IssuedFileRow,
)


def issue(
    transaction: Transaction, brief: IssuedBrief, told: tuple[str, ...], origin: Origin
) -> None:
    """Write an issued brief.

    Args:
        transaction: what it is written in.
        brief: the brief; its id is not used.
        told: the ids of the entries and voids that it tells of.
        origin: who issues it, when and by which command.
    """
    brief_id = transaction.next_id(origin)
    row = IssuedBriefRow(
        id=brief_id,
        community=brief.community,
        number=brief.number,
        month=brief.month,
        first_day=brief.first_day.isoformat(),
        last_day=brief.last_day.isoformat(),
        due=brief.due.isoformat(),
        issued=brief.issued.isoformat(),
        submission=brief.submission,
        head=brief.head,
        context=brief.context,
        **origin_columns(origin),
    )
    figures = [
        IssuedFigureRow(
            brief_id=brief_id,
            item=key[0],
            kind=key[1],
            unit=key[2],
            per=key[3],
            gain=int(brief.gains[key] * 100),
            total=int(total * 100),
        )
        for key, total in brief.totals.items()
    ]
    entries = [IssuedEntryRow(entry_id=one, brief_id=brief_id) for one in told]
    files = [
        IssuedFileRow(brief_id=brief_id, format=f.format, sha256=f.sha256, size=f.size)
        for f in brief.files
    ]
    transaction.write("issued_brief", brief_id, [row, *figures, *entries, *files])
