"""Reads entries, evidence and recorded contract targets from the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sgtrack.model.entries import (
    ID_LENGTH,
    SHORT_ID_LENGTH,
    Activity,
    Entry,
    EntryFilter,
    Evidence,
    Origin,
    SeriesSession,
    Void,
    key_of_duplicates,
    normalize_id,
)
from sgtrack.model.errors import Refused
from sgtrack.model.figures import from_hundredths
from sgtrack.store.connection import Connection, batches, marks

_SHORTEST_SUFFIX = 4
"""The minimum number of characters of an id that the officer must type."""


def count_by_community(db: Connection) -> tuple[tuple[str, int], ...]:
    """Count the entries of each community, including replaced and voided ones."""
    return tuple(
        db.execute("SELECT community, count(*) FROM activity GROUP BY community ORDER BY 1")
    )


def read_entries(db: Connection, entry_filter: EntryFilter) -> tuple[Entry, ...]:
    """Read the entries that match a filter, sorted by day and then by id."""
    where, values = _conditions(entry_filter)
    source = _source(entry_filter)
    if entry_filter.last is not None:
        # Selecting ids first keeps SQLite from looking up the corrections and voids of all entries.
        where = (
            f"e.id IN (SELECT e.id FROM {source} AS e WHERE {where} "  # noqa: S608
            f"ORDER BY e.day DESC, e.id DESC LIMIT {entry_filter.last:d})"
        )
    return _entries_where(db, where, values, source)


def read_sessions(db: Connection, entry_filter: EntryFilter) -> tuple[SeriesSession, ...]:
    """Read the entries that match a filter as sessions of groups or cases, sorted by day."""
    where, values = _conditions(entry_filter)
    return tuple(
        SeriesSession(entry_id, date.fromisoformat(day), title, bool(closes), number)
        for entry_id, day, title, closes, number in db.execute(
            f"SELECT e.id, e.day, e.title, e.closes, e.session FROM {_source(entry_filter)} AS e "  # noqa: S608
            f"WHERE {where} ORDER BY e.day, e.id",
            values,
        )
    )


def count_entries(db: Connection, entry_filter: EntryFilter) -> int:
    """Count the entries that match a filter; ignore ``entry_filter.last``."""
    where, values = _conditions(entry_filter)
    sql = f"SELECT count(*) FROM {_source(entry_filter)} AS e WHERE {where}"  # noqa: S608
    return int(db.execute(sql, values).fetchone()[0])


def _source(entry_filter: EntryFilter) -> str:
    return "entry" if entry_filter.everything else "current_activity"


def read_entries_by_id(db: Connection, ids: tuple[str, ...]) -> tuple[Entry, ...]:
    """Read the entries with these ids."""
    return _entries_where(db, f"e.id IN ({marks(ids)})", list(ids))


def find_evidence(db: Connection, typed: str) -> Evidence:
    """Find the evidence whose id ends with the typed text.

    Raises:
        Refused: no evidence matches, or several files do.
    """
    sql = "SELECT DISTINCT id, sha256, size, name, kind FROM entry_evidence WHERE id LIKE ?"
    pattern = _id_pattern(typed)
    matches = [Evidence(*row) for row in db.execute(sql, (pattern,))] if pattern else []
    if len(matches) == 1:
        return matches[0]
    what = "可以指几份佐证材料，多写几位" if matches else "不是佐证材料的编号"
    raise Refused(f"“{typed}”{what}", "用 sgtrack evidence list 查材料编号")


def find_entry(db: Connection, typed: str) -> Entry:
    """Find the entry whose id ends with the typed text.

    Raises:
        Refused: no entry matches, or several do.
    """
    if len(normalize_id(typed)) < _SHORTEST_SUFFIX:
        raise Refused(f"编号“{typed}”太短", "至少写最后 4 位，sgtrack list 里可以看到")
    pattern = _id_pattern(typed)
    matches = _entries_where(db, "e.id LIKE ?", [pattern]) if pattern else ()
    if len(matches) == 1:
        return matches[0]
    if matches:
        longer = "、".join(entry.id[-SHORT_ID_LENGTH - 4 :] for entry in matches[:5])
        raise Refused(f"有 {len(matches)} 条记录的编号以“{typed}”结尾：{longer}", "多写几位")
    raise Refused(f"没有编号为“{typed}”的记录", "用 sgtrack list 查编号")


def _id_pattern(typed: str) -> str:
    """Return a LIKE pattern for the ids that end with a text; empty if no id can end with it."""
    suffix = normalize_id(typed)
    can_match = _SHORTEST_SUFFIX <= len(suffix) <= ID_LENGTH and suffix.isascii()
    return f"%{suffix}" if can_match and suffix.isalnum() else ""


def read_texts(db: Connection, entry: Entry, subject: str) -> frozenset[str]:
    """Read all texts that an entry ever had on a subject, such as its effect."""
    rows = _rows_by_entry(db, "subject, text", "entry_annotation", "id", [entry.id])
    texts = rows.get(entry.id, ())
    return frozenset(str(text) for _, of_subject, text in texts if of_subject == subject)


def read_lineage(db: Connection, entry_id: str) -> tuple[str, ...]:
    """Read the ids of an entry and of all entries it replaces, newest first."""
    rows = db.execute(
        "WITH RECURSIVE up(id) AS (SELECT id FROM activity WHERE id = ? UNION ALL "
        "SELECT a.replaces FROM up "
        "JOIN activity AS a ON a.id = up.id WHERE a.replaces IS NOT NULL) SELECT id FROM up",
        (entry_id,),
    )
    return tuple(older for (older,) in rows)


def read_contract_versions(db: Connection, community: str) -> tuple[str, ...]:
    """Read all recorded contract targets of a community, oldest first."""
    sql = "SELECT content FROM contract WHERE community = ? ORDER BY id"
    return tuple(content for (content,) in db.execute(sql, (community,)))


def read_newest_contract(db: Connection, community: str) -> str | None:
    """Read the newest contract targets of a community; None if none are recorded."""
    sql = "SELECT content FROM contract WHERE community = ? ORDER BY id DESC LIMIT 1"
    row = db.execute(sql, (community,)).fetchone()
    return None if row is None else str(row[0])


def read_duplicate_keys(db: Connection, community: str) -> set[bytes]:
    """Read the duplicate keys of all entries that count in a community."""
    sql = "SELECT item, day, title, session FROM current_activity WHERE community = ?"
    return {key_of_duplicates(*row) for row in db.execute(sql, (community,))}


def read_amounts_by_key(db: Connection, community: str) -> dict[bytes, dict[str, Decimal]]:
    """Map the duplicate key of each entry that counts to the amounts of the entry by unit.

    If several entries have the same key, only the amounts of the last one are returned.
    """
    amounts_by_key: dict[bytes, dict[str, Decimal]] = {}
    last = None
    for entry_id, item, day, title, session, unit, hundredths in db.execute(
        "SELECT a.id, a.item, a.day, a.title, a.session, m.unit, m.hundredths "
        "FROM current_activity AS a LEFT JOIN amount AS m ON m.activity_id = a.id "
        "WHERE a.community = ? ORDER BY a.day, a.id, m.rowid",
        (community,),
    ):
        if entry_id != last:
            amounts = amounts_by_key[key_of_duplicates(item, day, title, session)] = {}
            last = entry_id
        if unit is not None:
            amounts[unit] = from_hundredths(hundredths)
    return amounts_by_key


def read_replaced_keys(db: Connection, community: str) -> dict[bytes, str]:
    """Map the duplicate key of each corrected or voided entry of a community to the entry's id."""
    rows = db.execute(
        "SELECT a.id, a.item, a.day, a.title, a.session FROM activity AS a "
        "WHERE a.community = ? AND a.id IN "
        "(SELECT replaces FROM activity WHERE replaces IS NOT NULL "
        "UNION SELECT activity_id FROM void) ORDER BY a.id",
        (community,),
    )
    return {key_of_duplicates(*row): entry_id for entry_id, *row in rows}


def read_sources(
    db: Connection, community: str, beginning: str
) -> dict[str, list[tuple[str, bytes]]]:
    """Map each source that begins with a text to the ids and duplicate keys of its entries.

    Only entries that count are read.
    """
    rows = db.execute(
        "SELECT source, id, item, day, title, session FROM current_activity "  # noqa: S608
        f"WHERE community = ? AND substr(source, 1, {len(beginning):d}) = ?",
        (community, beginning),
    )
    sources: dict[str, list[tuple[str, bytes]]] = {}
    for source, entry_id, *row in rows:
        sources.setdefault(source, []).append((entry_id, key_of_duplicates(*row)))
    return sources


def read_ids_until(db: Connection, community: str, day: date) -> tuple[str, ...]:
    """Read the ids of the entries of a community that count, up to a day."""
    sql = "SELECT id FROM current_activity WHERE community = ? AND day <= ? ORDER BY day, id"
    return tuple(entry_id for (entry_id,) in db.execute(sql, (community, day.isoformat())))


def read_current(db: Connection, entry: Entry) -> Entry:
    """Return the newest correction of an entry, or the entry itself if there is none."""
    while entry.replaced_by is not None:
        (entry,) = read_entries_by_id(db, (entry.replaced_by,))
    return entry


def _conditions(entry_filter: EntryFilter) -> tuple[str, list[str]]:
    parts, values = ["1 = 1"], list[str]()
    where = ""
    if entry_filter.communities:
        where = f" AND a.community IN ({marks(entry_filter.communities)})"
    if entry_filter.items:
        # This subquery makes SQLite use the index over items, which selects fewer rows.
        items = marks(entry_filter.items)
        parts.append(
            f"e.id IN (SELECT a.id FROM activity AS a WHERE a.item IN ({items}){where} "  # noqa: S608
            "UNION SELECT o.activity_id FROM also AS o JOIN activity AS a ON a.id = o.activity_id "
            f"WHERE o.item IN ({items}){where})"
        )
        values += [*entry_filter.items, *entry_filter.communities] * 2
    elif entry_filter.communities:
        parts.append(f"e.community IN ({marks(entry_filter.communities)})")
        values += entry_filter.communities
    if entry_filter.start is not None:
        parts.append("e.day >= ?")
        values.append(entry_filter.start.isoformat())
    if entry_filter.end is not None:
        parts.append("e.day <= ?")
        values.append(entry_filter.end.isoformat())
    if entry_filter.text:
        parts.append("instr(lower(e.title || ' ' || e.place || ' ' || e.note), lower(?)) > 0")
        values.append(entry_filter.text)
    if entry_filter.unreported:
        parts.append("NOT EXISTS (SELECT 1 FROM reported_entry AS i WHERE i.entry_id = e.id)")
    return " AND ".join(parts), values


_COLUMNS = (
    "id, community, item, day, title, place, kind, note, closes, for_month, "
    "source, session, attendance, "
    "recorded_at, recorded_by, command, replaces, reason"
)
_DECISIONS = "replaced_by, set_aside, void_id, void_reason, void_at, void_by, void_command"


def _entries_where(
    db: Connection, where: str, values: list[str], source: str = "entry"
) -> tuple[Entry, ...]:
    """Read the entries of a view that meet a condition.

    The view ``entry`` has all entries, ``current_activity`` only those that count.
    """
    columns = f"{_COLUMNS}, {_DECISIONS}" if source == "entry" else _COLUMNS
    sql = f"SELECT {columns} FROM {source} AS e WHERE {where} ORDER BY e.day, e.id"  # noqa: S608
    rows = db.execute(sql, values).fetchall()
    ids = [row[0] for row in rows]
    amounts = _rows_by_entry(db, "unit, hundredths", "amount", "rowid", ids)
    names = _rows_by_entry(db, "name", "participant", "rowid", ids)
    also = _rows_by_entry(db, "item", "also", "rowid", ids)
    evidence = _rows_by_entry(db, "id, sha256, size, name, kind", "entry_evidence", "id", ids)
    texts = _rows_by_entry(db, "subject, text", "entry_annotation", "id", ids)
    entries = []
    for entry_id, community, item, day, title, place, kind, note, *rest in rows:
        closes, for_month, source, session, attendance, *decided = rest
        activity = Activity(
            community,
            item,
            date.fromisoformat(day),
            title,
            place,
            kind,
            note,
            {unit: from_hundredths(value) for _, unit, value in amounts.get(entry_id, ())},
            tuple([name for _, name in names.get(entry_id, ())]),
            tuple([code for _, code in also.get(entry_id, ())]),
            bool(closes),
            for_month,
            source,
            session,
            attendance,
        )
        at, by, command, replaces, reason, *decisions = decided
        entry = Entry(
            entry_id,
            activity,
            Origin(datetime.fromisoformat(at), by, command),
            replaces,
            reason,
            evidence=tuple([Evidence(*row[1:]) for row in evidence.get(entry_id, ())]),
            effect=_newest_text(texts, entry_id, "effect"),
            late_reason=_newest_text(texts, entry_id, "late_reason"),
        )
        entries.append(_with_decisions(entry, *decisions) if decisions else entry)
    return tuple(entries)


def _newest_text(texts: dict[str, list[Any]], entry_id: str, subject: str) -> str:
    """Return the newest text of an entry on a subject; the texts are sorted by id."""
    rows = reversed(texts.get(entry_id, ()))
    return next((str(text) for _, of_subject, text in rows if of_subject == subject), "")


def _rows_by_entry(
    db: Connection, columns: str, table: str, order: str, ids: list[str]
) -> dict[str, list[Any]]:
    """Read rows of a child table, grouped by entry id; each row begins with that id."""
    rows: dict[str, list[Any]] = {}
    for batch in batches(ids):
        for row in db.execute(
            f"SELECT activity_id, {columns} FROM {table} "  # noqa: S608
            f"WHERE activity_id IN ({marks(batch)}) ORDER BY {order}",
            batch,
        ):
            rows.setdefault(row[0], []).append(row)
    return rows


def _with_decisions(
    entry: Entry, replaced_by: str | None, set_aside: str | None, void_id: str | None, *void: str
) -> Entry:
    if void_id is not None:
        reason, at, by, command = void
        origin = Origin(datetime.fromisoformat(at), by, command)
        entry = replace(entry, void=Void(void_id, reason, origin))
    return replace(entry, replaced_by=replaced_by, set_aside=set_aside)
