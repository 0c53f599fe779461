"""Reads the issued briefs, and the entries that no issued brief has reported yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from sgtrack.ledger.entry_reads import read_entries, read_entries_by_id, read_lineage
from sgtrack.model.entries import Entry, EntryFilter
from sgtrack.model.figures import from_hundredths
from sgtrack.model.issued import Correction, IssuedBrief, IssuedFile, UnreportedChanges
from sgtrack.store.connection import Connection

_COLUMNS = (
    "id, community, number, month, first_day, last_day, due, issued, submission, head, context, "
    "early, part"
)


def read_issued_briefs(db: Connection, community: str) -> tuple[IssuedBrief, ...]:
    """Read the issued briefs of a community that were not withdrawn, oldest first.

    If several laptops issued the same brief, only the first one is read.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS}, '' FROM standing_brief AS b WHERE community = ? AND NOT EXISTS "  # noqa: S608
        "(SELECT 1 FROM standing_brief AS f WHERE f.community = b.community AND f.month = b.month "
        "AND f.part = b.part AND f.id < b.id) ORDER BY last_day, part, id",
        (community,),
    ).fetchall()
    return tuple(_issued_brief(db, *row) for row in rows)


def read_withdrawn_briefs(db: Connection, community: str) -> tuple[IssuedBrief, ...]:
    """Read the withdrawn briefs of a community, oldest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS}, (SELECT w.reason FROM brief_withdrawal AS w "  # noqa: S608
        "WHERE w.brief_id = b.id ORDER BY w.id LIMIT 1) FROM issued_brief AS b "
        "WHERE community = ? AND id NOT IN (SELECT id FROM standing_brief) ORDER BY id",
        (community,),
    ).fetchall()
    return tuple(_issued_brief(db, *row) for row in rows)


def read_standing_submissions(db: Connection, brief: IssuedBrief) -> dict[str, str | None]:
    """Map the ids of a brief in force to the ids of the entries of its submission.

    The brief has several ids if several laptops issued it.
    """
    sql = (
        "SELECT id, submission FROM standing_brief "
        "WHERE community = ? AND month = ? AND part = ? ORDER BY id"
    )
    return dict(db.execute(sql, (brief.community, brief.month, brief.part)).fetchall())


def _issued_brief(db: Connection, brief_id: str, *columns: Any) -> IssuedBrief:
    slug, number, month, *days, submission, head, context, early, part, withdrawn = columns
    first_day, last_day, due, issued = (date.fromisoformat(day) for day in days)
    figures = db.execute(
        "SELECT item, kind, unit, per, gain, total FROM issued_figure WHERE brief_id = ?",
        (brief_id,),
    ).fetchall()
    files = db.execute(
        "SELECT format, sha256, size FROM issued_file WHERE brief_id = ? ORDER BY format",
        (brief_id,),
    )
    return IssuedBrief(
        id=brief_id,
        community=slug,
        number=number,
        month=month,
        first_day=first_day,
        last_day=last_day,
        due=due,
        issued=issued,
        submission=submission,
        head=head,
        context=context,
        gains={tuple(key): from_hundredths(gain) for *key, gain, _ in figures},
        totals={tuple(key): from_hundredths(total) for *key, _, total in figures},
        files=tuple(IssuedFile(*file) for file in files),
        early=early,
        withdrawn=withdrawn,
        part=part,
    )


def read_last_reported_day(db: Connection, community: str) -> date | None:
    """Read the last day that any issued brief of a community covers; None if there is no brief."""
    return _read_day(db, "SELECT max(last_day) FROM standing_brief WHERE community = ?", community)


def is_late(db: Connection, entry: Entry) -> bool:
    """Return whether an activity was logged after the brief for its day had been issued."""
    first = read_lineage(db, entry.id)[-1]
    sql = "SELECT 1 FROM standing_brief WHERE community = ? AND last_day >= ? AND id < ? LIMIT 1"
    activity = entry.activity
    row = db.execute(sql, (activity.community, activity.day.isoformat(), first)).fetchone()
    return row is not None


def read_first_day(db: Connection, community: str) -> date | None:
    """Read the day of the earliest entry that counts in a community; None if there is none."""
    return _read_day(db, "SELECT min(day) FROM current_activity WHERE community = ?", community)


def _read_day(db: Connection, sql: str, community: str) -> date | None:
    (day,) = db.execute(sql, (community,)).fetchone()
    return date.fromisoformat(day) if day else None


def read_unreported_changes(db: Connection, community: str, until: date) -> UnreportedChanges:
    """Read the entries, corrections and voids of a community that no issued brief has reported.

    Entries after the day ``until`` are left out. A correction of a reported entry is included even
    if it moves the activity to a later day, because it reduces the reported figures.
    """
    entries: list[Entry] = []
    corrections: list[Correction] = []
    for entry in read_entries(db, EntryFilter((community,), unreported=True)):
        old = _find_reported(db, entry.id) if entry.replaces else None
        if old is not None:
            corrections.append(Correction(old, entry, entry.reason, entry.id))
        elif entry.activity.day <= until:
            entries.append(entry)
    voids = db.execute(
        "SELECT v.id, v.activity_id, v.reason FROM void AS v "
        "JOIN activity AS a ON a.id = v.activity_id "
        "JOIN ruling AS g ON g.entry_id = a.id AND g.decision = v.id WHERE a.community = ? "
        "AND NOT EXISTS (SELECT 1 FROM reported_entry AS i WHERE i.entry_id = v.id) ORDER BY v.id",
        (community,),
    ).fetchall()
    for void_id, activity_id, reason in voids:
        old = _find_reported(db, activity_id)
        if old is not None:
            corrections.append(Correction(old, None, reason, void_id))
    return UnreportedChanges(tuple(entries), tuple(corrections), tuple(row[0] for row in voids))


def read_new_entries(db: Connection, community: str, start: date, until: date) -> tuple[Entry, ...]:
    """Read the unreported entries of some days, except corrections of reported entries."""
    wanted = EntryFilter((community,), start=start, end=until, unreported=True)
    return tuple(
        entry
        for entry in read_entries(db, wanted)
        if not entry.replaces or _find_reported(db, entry.id) is None
    )


def _find_reported(db: Connection, entry_id: str) -> Entry | None:
    """Return the newest version of an entry that an issued brief has reported, or None.

    The versions are the entry itself and all entries that it replaces.
    """
    for older in read_lineage(db, entry_id):
        if db.execute("SELECT 1 FROM reported_entry WHERE entry_id = ?", (older,)).fetchone():
            return read_entries_by_id(db, (older,))[0]
    return None
