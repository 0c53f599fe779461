"""The registry of the kinds of records in a ledger.

The hash chain, the table guards, redaction, merging, recovery, roll-ups and screen labels all use
it. To add a kind, add its tables to ``store/tables.py`` and one :class:`RecordKind` here, then run
``make docs``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

JSON_COLUMNS = frozenset({"context"})
"""The text columns that contain JSON."""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """A child table, whose rows belong to a record and are hashed together with the record.

    ``key`` is the column that refers to the record. ``words`` are the columns with text that people
    write. ``unhashed`` columns are left out of the digest, because they may change later.
    """

    table: str
    key: str
    words: tuple[str, ...] = ()
    unhashed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record, and how it is stored.

    Fields that need an explanation:
        name: the name of the kind and of its table.
        label: the name on the screen.
        words: the columns with text that people write, which may contain names of persons.
        parts: the child tables.
        entries: the columns with the ids of entries whose figures a record can change.
        through: a foreign key of this table and the table that it references, if ``entries`` are
            columns of that other table; otherwise None.
        key: the column of the primary key.
    """

    name: str
    label: str
    words: tuple[str, ...]
    parts: tuple[RecordPart, ...] = ()
    entries: tuple[str, ...] = ()
    through: tuple[str, str] | None = None
    key: str = "id"

    @property
    def tables(self) -> tuple[RecordPart, ...]:
        """All tables of the kind: its main table, then its child tables."""
        return (RecordPart(self.name, self.key, self.words), *self.parts)


_SIGNED = ("recorded_by", "command")
_REASONED = ("reason", *_SIGNED)

MIGRATION = RecordKind("migration", "结构升级记录", (), key="number")
"""Records of schema migrations, which are never merged because each ledger has its own."""
RECORD_KINDS = {
    kind.name: kind
    for kind in (
        RecordKind(
            "activity",
            "活动记录",
            ("title", "place", "note", "source", *_REASONED),
            (
                RecordPart("amount", "activity_id"),
                RecordPart("participant", "activity_id", ("name",)),
                RecordPart("also", "activity_id"),
            ),
            entries=("id", "replaces"),
        ),
        RecordKind("void", "作废记录", _REASONED, entries=("activity_id",)),
        RecordKind("person", "名册", ("name", *_SIGNED)),
        RecordKind("person_void", "名册更正", _REASONED),
        RecordKind("person_leave", "离开名册", _SIGNED),
        RecordKind("annotation", "成效和补记原因", ("text", *_SIGNED)),
        RecordKind("evidence", "佐证材料", ("name", *_SIGNED), entries=("activity_id",)),
        RecordKind(
            "evidence_void",
            "佐证材料更正",
            _REASONED,
            entries=("activity_id",),
            through=("evidence_id", "evidence"),
        ),
        RecordKind(
            "issued_brief",
            "已发出的简报",
            ("context", "early", *_SIGNED),
            (
                RecordPart("issued_figure", "brief_id"),
                RecordPart("issued_entry", "brief_id"),
                RecordPart("issued_file", "brief_id"),
            ),
        ),
        RecordKind("brief_withdrawal", "撤回简报的记录", _REASONED),
        RecordKind("contract", "合同目标的存档", _SIGNED),
        RecordKind(
            "forgetting",
            "隐去姓名的记录",
            _REASONED,
            (RecordPart("forgotten", "forgetting_id", unhashed=("salt",)),),
        ),
        RecordKind(
            "merge",
            "合并记录",
            _SIGNED,
            (RecordPart("abridgement", "merge_id", unhashed=("salt",)),),
        ),
        RecordKind(
            "resolution",
            "冲突的决定",
            _REASONED,
            (RecordPart("resolved", "resolution_id"),),
            entries=("entry_id",),
        ),
    )
}
"""All kinds whose records have a ULID, by name. Rows are copied in this order."""
ALL_KINDS = {**RECORD_KINDS, MIGRATION.name: MIGRATION}
"""Every kind whose records have links in the hash chain, by name."""
KIND_LABELS = {kind.name: kind.label for kind in ALL_KINDS.values()}
"""The label of each kind on the screen."""
HISTORY_TABLES = ("ledger", "link")
"""The append-only tables of the hash chain."""


def guarded_tables() -> Iterator[str]:
    """Yield the append-only tables, in which the database refuses UPDATE and DELETE."""
    yield from HISTORY_TABLES
    for kind in RECORD_KINDS.values():
        yield from (part.table for part in kind.tables)
