"""Reads entries, evidence and contract versions through the views of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    Void,
    key_of_duplicates,
    normalize_id,
)
from sgtrack.model.errors import Refused
from sgtrack.model.figures import from_hundredths
from sgtrack.store.connection import Connection, batches, marks


def count_by_community(db: Connection) -> tuple[tuple[str, int], ...]:
    """The communities that have entries, each with its number of entries."""
    return tuple(
        db.execute("SELECT community, count(*) FROM activity GROUP BY community ORDER BY 1")
    )


def read_entries(db: Connection, wanted: EntryFilter) -> tuple[Entry, ...]:
    """Read the entries that match a filter, by date and then in the order they were made."""
    where, values = _conditions(wanted)
    source = _source(wanted)
    if wanted.last is not None:
        # Select ids first, or SQLite looks up the decisions on all entries that are left out.
        where = (
            f"e.id IN (SELECT e.id FROM {source} AS e WHERE {where} "  # noqa: S608
            f"ORDER BY e.day DESC, e.id DESC LIMIT {wanted.last:d})"
        )
    return _entries_where(db, where, values, source)


def count_entries(db: Connection, entry_filter: EntryFilter) -> int:
    """The number of entries that match a filter, whatever its limit."""
    where, values = _conditions(entry_filter)
    row = db.execute(
        f"SELECT count(*) FROM {_source(entry_filter)} AS e WHERE {where}",  # noqa: S608
        values,
    ).fetchone()
    return int(row[0])


def _source(wanted: EntryFilter) -> str:
    return "entry" if wanted.everything else "current_activity"


def read_entries_by_id(db: Connection, ids: tuple[str, ...]) -> tuple[Entry, ...]:
    """The entries with these ids, over an open connection."""
    return _entries_where(db, f"e.id IN ({marks(ids)})", list(ids))


def find_evidence(db: Connection, typed: str) -> Evidence:
    """The evidence whose id equals, or ends with, the typed text.

    Raises:
        Refused: no evidence matches, or several do.
    """
    suffix = normalize_id(typed)
    matches: list[Evidence] = []
    if 4 <= len(suffix) <= ID_LENGTH and suffix.isalnum() and suffix.isascii():
        matches = [
            Evidence(*row)
            for row in db.execute(
                "SELECT DISTINCT id, sha256, size, name, kind FROM entry_evidence WHERE id LIKE ?",
                (f"%{suffix}",),
            )
        ]
    if len(matches) == 1:
        return matches[0]
    what = "可以指几份佐证材料，多写几位" if matches else "不是佐证材料的编号"
    raise Refused(f"“{typed}”{what}", "用 sgtrack evidence list 查材料编号")


def find_entry(db: Connection, typed: str) -> Entry:
    """The entry whose id equals, or ends with, the typed text.

    Raises:
        Refused: no entry matches, or several do.
    """
    suffix = normalize_id(typed)
    if len(suffix) < 4:
        raise Refused(f"编号“{typed}”太短", "至少写最后 4 位，sgtrack list 里可以看到")
    matches: tuple[Entry, ...] = ()
    if len(suffix) <= ID_LENGTH and suffix.isalnum() and suffix.isascii():
        matches = _entries_where(db, "e.id LIKE ?", [f"%{suffix}"])
    if len(matches) == 1:
        return matches[0]
    if matches:
        longer = "、".join(entry.id[-SHORT_ID_LENGTH - 4 :] for entry in matches[:5])
        raise Refused(f"有 {len(matches)} 条记录的编号以“{typed}”结尾：{longer}", "多写几位")
    raise Refused(f"没有编号为“{typed}”的记录", "用 sgtrack list 查编号")


def read_lineage(db: Connection, entry_id: str) -> tuple[str, ...]:
    """An entry and those it replaces, the newest first."""
    return tuple(
        row[0]
        for row in db.execute(
            "WITH RECURSIVE up(id) AS (SELECT id FROM activity WHERE id = ? UNION ALL "
            "SELECT a.replaces FROM up "
            "JOIN activity AS a ON a.id = up.id WHERE a.replaces IS NOT NULL) SELECT id FROM up",
            (entry_id,),
        )
    )


def read_contract_versions(db: Connection, community: str) -> tuple[str, ...]:
    """What a community's target file asked for at each change, the oldest first."""
    return tuple(
        content
        for (content,) in db.execute(
            "SELECT content FROM contract WHERE community = ? ORDER BY id", (community,)
        )
    )


def read_duplicate_keys(db: Connection, community: str) -> set[bytes]:
    """The key of every activity of a community that counts."""
    return {
        key_of_duplicates(*row)
        for row in db.execute(
            "SELECT item, day, title FROM current_activity WHERE community = ?", (community,)
        )
    }


def read_amounts_by_key(db: Connection, community: str) -> dict[bytes, dict[str, Decimal]]:
    """The amounts of every activity that counts, by its key; of duplicates, those of the last."""
    amounts_by_key: dict[bytes, dict[str, Decimal]] = {}
    last = None
    for entry_id, item, day, title, unit, hundredths in db.execute(
        "SELECT a.id, a.item, a.day, a.title, m.unit, m.hundredths FROM current_activity AS a "
        "LEFT JOIN amount AS m ON m.activity_id = a.id WHERE a.community = ? "
        "ORDER BY a.day, a.id, m.rowid",
        (community,),
    ):
        if entry_id != last:
            amounts = amounts_by_key[key_of_duplicates(item, day, title)] = {}
            last = entry_id
        if unit is not None:
            amounts[unit] = from_hundredths(hundredths)
    return amounts_by_key


def _conditions(wanted: EntryFilter) -> tuple[str, list[str]]:
    parts, values = ["1 = 1"], list[str]()
    where = ""
    if wanted.communities:
        where = f" AND a.community IN ({marks(wanted.communities)})"
    if wanted.items:
        # In this form SQLite starts with the index over items, which narrows more than days.
        items = marks(wanted.items)
        parts.append(
            f"e.id IN (SELECT a.id FROM activity AS a WHERE a.item IN ({items}){where} "  # noqa: S608
            "UNION SELECT o.activity_id FROM also AS o JOIN activity AS a ON a.id = o.activity_id "
            f"WHERE o.item IN ({items}){where})"
        )
        values += [*wanted.items, *wanted.communities] * 2
    elif wanted.communities:
        parts.append(f"e.community IN ({marks(wanted.communities)})")
        values += wanted.communities
    if wanted.start is not None:
        parts.append("e.day >= ?")
        values.append(wanted.start.isoformat())
    if wanted.end is not None:
        parts.append("e.day <= ?")
        values.append(wanted.end.isoformat())
    if wanted.text:
        parts.append("instr(lower(e.title || ' ' || e.place || ' ' || e.note), lower(?)) > 0")
        values.append(wanted.text)
    if wanted.unreported:
        parts.append("NOT EXISTS (SELECT 1 FROM told_entry AS i WHERE i.entry_id = e.id)")
    return " AND ".join(parts), values


def _entries_where(
    db: Connection, where: str, values: list[str], source: str = "entry"
) -> tuple[Entry, ...]:
    """Entries of the view ``entry``, or of ``current_activity``, which has those that count."""
    found = db.execute(
        f"SELECT e.* FROM {source} AS e WHERE {where} ORDER BY e.day, e.id",  # noqa: S608
        values,
    )
    named = [column[0] for column in found.description]
    rows = [dict(zip(named, row, strict=True)) for row in found]
    ids = [row["id"] for row in rows]
    amounts: dict[str, dict[str, Decimal]] = {}
    for i, unit, hundredths in _of_each(
        db,
        "SELECT activity_id, unit, hundredths FROM amount WHERE activity_id IN ({}) ORDER BY rowid",
        ids,
    ):
        amounts.setdefault(i, {})[unit] = from_hundredths(hundredths)
    names: dict[str, list[str]] = {}
    also: dict[str, list[str]] = {}
    for table, column, target in (("participant", "name", names), ("also", "item", also)):
        query = f"SELECT activity_id, {column} FROM {table} "  # noqa: S608
        for i, word in _of_each(db, query + "WHERE activity_id IN ({}) ORDER BY rowid", ids):
            target.setdefault(i, []).append(word)
    evidence: dict[str, list[Evidence]] = {}
    for i, *one in _of_each(
        db,
        "SELECT activity_id, id, sha256, size, name, kind FROM entry_evidence "
        "WHERE activity_id IN ({}) ORDER BY id",
        ids,
    ):
        evidence.setdefault(i, []).append(Evidence(*one))
    read = _entry if source == "current_activity" else _with_decisions
    return tuple(
        read(
            row,
            amounts.get(row["id"], {}),
            names.get(row["id"], []),
            also.get(row["id"], []),
            evidence.get(row["id"], []),
        )
        for row in rows
    )


def _of_each(db: Connection, query: str, ids: list[str]) -> Iterator[tuple[Any, ...]]:
    """Run a query for entries, one batch of ids at a time."""
    for some in batches(ids):
        yield from db.execute(query.format(marks(some)), some)


def _entry(
    row: Mapping[str, Any],
    amounts: dict[str, Decimal],
    names: list[str],
    also: list[str],
    evidence: list[Evidence],
) -> Entry:
    """An entry that counts."""
    return Entry(
        id=row["id"],
        activity=Activity(
            community=row["community"],
            item=row["item"],
            day=date.fromisoformat(row["day"]),
            title=row["title"],
            place=row["place"],
            activity_type=row["kind"],
            note=row["note"],
            amounts=amounts,
            participants=tuple(names),
            also=tuple(also),
            closes=bool(row["closes"]),
            for_month=row["for_month"],
        ),
        origin=_origin(row, "recorded_at", "recorded_by", "command"),
        replaces=row["replaces"],
        reason=row["reason"],
        evidence=tuple(evidence),
    )


def _with_decisions(
    row: Mapping[str, Any],
    amounts: dict[str, Decimal],
    names: list[str],
    also: list[str],
    evidence: list[Evidence],
) -> Entry:
    """Any entry, with the decisions on it."""
    void = None
    if row["void_id"] is not None:
        void = Void(
            row["void_id"], row["void_reason"], _origin(row, "void_at", "void_by", "void_command")
        )
    return replace(
        _entry(row, amounts, names, also, evidence),
        replaced_by=row["replaced_by"],
        void=void,
        set_aside=row["set_aside"],
    )


def _origin(row: Mapping[str, Any], at: str, by: str, command: str) -> Origin:
    return Origin(datetime.fromisoformat(row[at]), row[by], row[command])
