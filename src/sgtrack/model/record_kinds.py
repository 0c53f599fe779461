"""The kinds of records a ledger holds, each described once.

The content that the chain hashes, the guards of the tables, redaction, merging, recovery, roll-ups
and the labels on the screen all follow from this registry. To add a kind, add its tables to
``store/tables.py`` and one :class:`RecordKind` here, then run ``make docs``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

JSON_COLUMNS = frozenset({"context"})
"""Text columns with JSON."""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """A child table: its rows belong to a record and are hashed with it.

    ``key`` is the column that refers to the record, ``words`` the text columns in which people
    write, ``unhashed`` the columns that may change later and so are no part of the digest.
    """

    table: str
    key: str
    words: tuple[str, ...] = ()
    unhashed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record; ``name`` is also the name of its table.

    ``label`` is its name on the screen, ``words`` are the text columns in which people write and
    which may hold names. ``entries`` are the columns that name the entries whose figures a record
    can change; where ``through`` is given, they are columns of the record that it refers to: a
    column of this table, and the table it refers to.
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
        """All tables of the kind, its own first."""
        return (RecordPart(self.name, self.key, self.words), *self.parts)


_SIGNED = ("recorded_by", "command")
_REASONED = ("reason", *_SIGNED)

MIGRATION = RecordKind("migration", "结构升级记录", (), key="number")
"""The one kind that is not merged: each ledger has its own."""
RECORD_KINDS = {
    kind.name: kind
    for kind in (
        RecordKind(
            "activity",
            "活动记录",
            ("title", "place", "note", *_REASONED),
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
            ("context", *_SIGNED),
            (
                RecordPart("issued_figure", "brief_id"),
                RecordPart("issued_entry", "brief_id"),
                RecordPart("issued_file", "brief_id"),
            ),
        ),
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
"""Every kind that has an id of the ledger's own, by name, in the order in which rows are copied."""
ALL_KINDS = {**RECORD_KINDS, MIGRATION.name: MIGRATION}
"""Every kind the chain has links for."""
KIND_LABELS = {kind.name: kind.label for kind in ALL_KINDS.values()}
"""The label of each kind on the screen."""
HISTORY_TABLES = ("ledger", "link")
"""The append-only tables of the chain of hashes."""


def guarded_tables() -> Iterator[str]:
    """Yield the append-only tables, whose rows nobody updates or deletes."""
    yield from HISTORY_TABLES
    for kind in RECORD_KINDS.values():
        yield from (part.table for part in kind.tables)
