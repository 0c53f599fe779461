"""Turns an entry into the rows of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sgtrack.ledger.rollups import Month
from sgtrack.model.entries import Activity, Entry, Evidence, Origin
from sgtrack.store.tables import (
    ActivityRow,
    AlsoRow,
    AmountRow,
    EvidenceRow,
    ParticipantRow,
    Table,
)

Values = list[dict[str, Any]]
"""Rows to insert, each a mapping from column names to values."""


def rows_of_entry(entry: Entry) -> Iterator[Table]:
    """Yield the rows of an entry, without those of its evidence."""
    columns = activity_columns(entry.activity, entry.replaces, entry.reason)
    yield ActivityRow(id=entry.id, **columns | origin_columns(entry.origin))
    for table, parts in part_columns(entry.id, entry.activity).items():
        for part in parts:
            yield table(**part)


def activity_columns(
    activity: Activity, replaces: str | None = None, reason: str = ""
) -> dict[str, Any]:
    """Return the columns of a row of ``activity``, except its id and origin."""
    return {
        "community": activity.community,
        "item": activity.item,
        "day": activity.day.isoformat(),
        "title": activity.title,
        "place": activity.place,
        "kind": activity.activity_type,
        "note": activity.note,
        "replaces": replaces,
        "reason": reason,
        "closes": int(activity.closes),
        "for_month": activity.for_month,
        "source": activity.source,
        "session": activity.session,
        "attendance": activity.attendance,
    }


def part_columns(entry_id: str, activity: Activity) -> dict[type[Table], Values]:
    """Return the rows of an activity's child tables, grouped by table."""
    return {
        AmountRow: [
            {"activity_id": entry_id, "unit": unit, "hundredths": int(amount * 100)}
            for unit, amount in activity.amounts.items()
        ],
        ParticipantRow: [{"activity_id": entry_id, "name": name} for name in activity.participants],
        AlsoRow: [{"activity_id": entry_id, "item": item} for item in activity.also],
    }


def evidence_row(entry_id: str, evidence: Evidence, origin: Origin) -> EvidenceRow:
    """Return the row of a piece of evidence of an entry."""
    return EvidenceRow(
        id=evidence.id,
        activity_id=entry_id,
        sha256=evidence.sha256,
        size=evidence.size,
        name=evidence.name,
        kind=evidence.kind,
        **origin_columns(origin),
    )


def with_ids(evidence: Iterable[Evidence], ids: Iterable[str]) -> tuple[Evidence, ...]:
    """Return pieces of evidence, each with its new id."""
    return tuple(
        replace(file, id=evidence_id) for file, evidence_id in zip(evidence, ids, strict=True)
    )


def origin_columns(origin: Origin) -> dict[str, str]:
    """Return the columns that say when, by whom and with which command a record was written."""
    return {
        "recorded_at": origin.at.isoformat(timespec="seconds"),
        "recorded_by": origin.by,
        "command": origin.command,
    }


def month_of(activity: Activity) -> Month:
    """Return the month whose roll-ups count an activity."""
    return activity.community, activity.day.isoformat()[:7]
