"""Appends issued briefs and their withdrawals."""

from __future__ import annotations

from typing import Any

from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import Origin
from sgtrack.model.issued import IssuedBrief
from sgtrack.store.brief_tables import (
    BriefWithdrawalRow,
    IssuedBriefRow,
    IssuedEntryRow,
    IssuedFigureRow,
    IssuedFileRow,
)


def add_issued_brief(
    transaction: Transaction, brief: IssuedBrief, reported: tuple[str, ...], origin: Origin
) -> None:
    """Write an issued brief with its frozen figures and its files.

    ``brief.id`` is ignored and a new id is made. ``reported`` are the ids of the entries and voids
    that the brief reports.
    """
    figures: list[dict[str, Any]] = [
        {
            **dict(zip(("item", "kind", "unit", "per"), key, strict=True)),
            "gain": int(brief.gains[key] * 100),
            "total": int(total * 100),
        }
        for key, total in brief.totals.items()
    ]
    files: list[dict[str, Any]] = [
        {"format": f.format, "sha256": f.sha256, "size": f.size} for f in brief.files
    ]
    transaction.write_record(
        origin,
        IssuedBriefRow,
        lambda brief_id: [
            *(IssuedFigureRow(brief_id=brief_id, **columns) for columns in figures),
            *(IssuedEntryRow(brief_id=brief_id, entry_id=entry_id) for entry_id in reported),
            *(IssuedFileRow(brief_id=brief_id, **columns) for columns in files),
        ],
        community=brief.community,
        number=brief.number,
        month=brief.month,
        part=brief.part,
        first_day=brief.first_day.isoformat(),
        last_day=brief.last_day.isoformat(),
        due=brief.due.isoformat(),
        issued=brief.issued.isoformat(),
        submission=brief.submission,
        head=brief.head,
        context=brief.context,
        early=brief.early,
    )


def add_withdrawal(transaction: Transaction, brief_id: str, reason: str, origin: Origin) -> None:
    """Write that an issued brief is withdrawn; its entries count as unreported again."""
    transaction.write_record(origin, BriefWithdrawalRow, brief_id=brief_id, reason=reason)
