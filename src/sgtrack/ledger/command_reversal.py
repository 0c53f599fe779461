"""Finds what a command wrote into the ledger, and takes it back with further records.

A command is recognised by the origin of its records. Records of ``sgtrack undo`` take back the
newest change that is still in force, so that changes and undoings nest like brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sgtrack.ledger.append import (
    add_evidence,
    add_people,
    amend,
    void,
    void_evidence,
    void_person,
)
from sgtrack.ledger.entry_reads import read_entries_by_id, read_lineage
from sgtrack.ledger.known_people import read_people_by_id, read_roster
from sgtrack.ledger.resolutions import revive
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import Activity, Entry, Evidence, Origin, Person, short_id
from sgtrack.model.errors import Refused
from sgtrack.model.record_kinds import KIND_LABELS, RECORD_KINDS
from sgtrack.store.connection import Connection, batches, marks

UNDO = "sgtrack undo"
"""The command line in the origin of all records that undo a command."""
REASON = "撤销"
_LINKS_AT_ONCE = 200
_UNDOABLE = {"activity", "void", "evidence", "evidence_void", "person", "person_void"}
_HINTS = {
    "issued_brief": "发出的简报不再改动；写错的活动用 sgtrack amend 或 void，下一期简报会写明",
    "merge": "用 sgtrack backup list 找合并以前的备份，再用 sgtrack restore 恢复",
    "forgetting": "隐去的姓名找不回来",
    "resolution": "用 sgtrack amend 或 void 更正现在计数的那一条",
}
"""What to do instead, by the kind of a record that cannot be taken back."""

Record = tuple[str, str]
"""The kind and the id of a record."""


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """A command with the records that it wrote, in the order in which they were written."""

    origin: Origin
    records: tuple[Record, ...]

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of its records of a kind."""
        return tuple(record_id for record_kind, record_id in self.records if record_kind == kind)


@dataclass(frozen=True, slots=True)
class Reversal:
    """What has to be written to take back a command.

    Fields that need an explanation:
        voided: the entries to void.
        reverted: entries to correct, each with the activity as it was before.
        revived: voided entries that count again.
        removed: evidence to remove, each with its entry.
        returned: removed evidence to add again, each with its entry.
        left: people to take off their rosters.
        rejoined: people to put on their rosters again.
    """

    origin: Origin
    voided: tuple[Entry, ...] = ()
    reverted: tuple[tuple[Entry, Activity], ...] = ()
    revived: tuple[Entry, ...] = ()
    removed: tuple[tuple[Entry, Evidence], ...] = ()
    returned: tuple[tuple[Entry, Evidence], ...] = ()
    left: tuple[Person, ...] = ()
    rejoined: tuple[Person, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries whose figures or evidence change, each once."""
        changed = (
            *self.voided,
            *(entry for entry, _ in self.reverted),
            *self.revived,
            *(entry for entry, _ in (*self.removed, *self.returned)),
        )
        return tuple({entry.id: entry for entry in changed}.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the command is in force any more."""
        return not (self.entries or self.left or self.rejoined)


def find_reversal(db: Connection, user: str) -> Reversal:
    """Find the newest command of a user that is still in force, and how to take it back.

    Only commands that wrote to this ledger itself are considered, not those of merged ledgers.

    Raises:
        Refused: there is no such command, it cannot be taken back, or somebody corrected its
            entries since.
    """
    for command in _read_commands(db, user):
        if command.origin.command == UNDO:
            continue
        kinds = [kind for kind, _ in command.records if kind != "contract"]
        for kind in kinds:
            if kind not in _UNDOABLE:
                raise Refused(
                    f"上一个命令是 {_named(command)}，{KIND_LABELS[kind]}不能撤销",
                    _HINTS.get(kind, "用 sgtrack restore 恢复到以前的备份"),
                )
        reversal = _reverse(db, command)
        if not reversal.is_empty:
            return reversal
    raise Refused("没有可以撤销的命令", "用 sgtrack list 查记录，用 sgtrack void 编号 作废")


def take_back(transaction: Transaction, reversal: Reversal, origin: Origin) -> None:
    """Write what takes back a command, with the reason 撤销."""
    origin = replace(origin, command=UNDO)
    for _, file in reversal.removed:
        void_evidence(transaction, file, origin, REASON)
    for entry in reversal.voided:
        void(transaction, entry, origin, REASON)
    for entry, activity in reversal.reverted:
        amend(transaction, entry, activity, origin, REASON, again=True)
    for entry in reversal.revived:
        revive(transaction, entry, origin, REASON)
    for entry, file in reversal.returned:
        add_evidence(transaction, entry, (file,), origin)
    for person in reversal.left:
        void_person(transaction, person, origin, REASON)
    if reversal.rejoined:
        add_people(transaction, list(reversal.rejoined), origin)


def _named(command: RecordedCommand) -> str:
    words = command.origin.command
    return f"{words[:60]}…" if len(words) > 60 else words


def _read_commands(db: Connection, user: str) -> Iterator[RecordedCommand]:
    """Yield the commands of a user that wrote to this ledger, newest first."""
    origin: Origin | None = None
    records: list[Record] = []
    for record, recorded in _read_own_records(db):
        if recorded.by != user:
            continue
        if origin is not None and (recorded != origin or not _follow(record[1], records[0][1])):
            yield RecordedCommand(origin, tuple(records))
            records = []
        origin = recorded
        records.insert(0, record)
    if origin is not None:
        yield RecordedCommand(origin, tuple(records))


def _follow(earlier: str, later: str) -> bool:
    """Return whether one command wrote two records, if their origins are equal.

    The ids of one command follow each other by a millisecond. The same words typed twice within a
    second have equal origins, but more time between their ids.
    """
    from ulid import ULID  # noqa: PLC0415 - saves start-up time of commands that only read

    first, second = (ULID.from_str(record_id).milliseconds for record_id in (earlier, later))
    return second - first <= 1


def _read_own_records(db: Connection) -> Iterator[tuple[Record, Origin]]:
    """Yield the records of this ledger itself with their origins, newest first."""
    newest = 1 + (db.execute("SELECT max(seq) FROM link").fetchone()[0] or 0)
    while links := db.execute(
        "SELECT l.seq, l.kind, l.record_id FROM link AS l JOIN ledger ON ledger.id = l.source "
        "WHERE l.kind <> 'migration' AND l.seq < ? ORDER BY l.seq DESC LIMIT ?",
        (newest, _LINKS_AT_ONCE),
    ).fetchall():
        newest = links[-1][0]
        origins = {}
        for kind in {kind for _, kind, _ in links}:
            ids = [record_id for _, of_kind, record_id in links if of_kind == kind]
            origins.update(_read_origins(db, kind, ids))
        for _, kind, record_id in links:
            if record_id in origins:  # another program may have deleted the record
                yield (kind, record_id), origins[record_id]


def _read_origins(db: Connection, kind: str, ids: Sequence[str]) -> dict[str, Origin]:
    rows = db.execute(
        f"SELECT id, recorded_at, recorded_by, command FROM {RECORD_KINDS[kind].name} "  # noqa: S608
        f"WHERE id IN ({marks(ids)})",
        ids,
    )
    return {
        record_id: Origin(datetime.fromisoformat(at), by, words)
        for record_id, at, by, words in rows
    }


def _reverse(db: Connection, command: RecordedCommand) -> Reversal:
    voided: list[Entry] = []
    reverted: list[tuple[Entry, Activity]] = []
    revived: list[Entry] = []
    for record_id, history in _read_changes(db, command):
        if not history.can_take_back(record_id):
            continue
        below = history.version_below(record_id)
        if all(record_id != version.id for version in history.versions):
            revived.append(history.current)
        elif below is None:
            voided.append(history.current)
        else:
            reverted.append((history.current, below.activity))
    left, rejoined = _reverse_people(db, command)
    return Reversal(
        command.origin,
        tuple(voided),
        tuple(reverted),
        tuple(revived),
        tuple(_find_added_evidence(db, command)),
        tuple(_find_removed_evidence(db, command)),
        left,
        rejoined,
    )


@dataclass(frozen=True, slots=True)
class _History:
    """The versions of an activity, oldest first, with the changes of it that are in force.

    ``in_force`` are the ids of versions and voids that no undoing took back, oldest first.
    """

    versions: tuple[Entry, ...]
    in_force: tuple[str, ...]

    @property
    def current(self) -> Entry:
        """The newest version, which is voided if the activity is."""
        return self.versions[-1]

    def can_take_back(self, record_id: str) -> bool:
        """Return whether a change is in force, and was not voided later.

        Raises:
            Refused: the entry was corrected later, or is in conflict with another laptop.
        """
        if record_id not in self.in_force:
            return False
        if record_id != self.in_force[-1]:
            if self.current.void is not None:
                return False
            raise Refused(
                f"{short_id(record_id)} 后来又由 {self.current.origin.by} 更正过，不能撤销",
                f"用 sgtrack show {short_id(self.current.id)} 看经过，不要了就用 sgtrack void",
            )
        if self.current.set_aside is not None:
            raise Refused(
                f"{short_id(self.current.id)} 和另一台电脑上的更正冲突",
                f"先决定用哪一个：sgtrack resolve {short_id(self.current.id)} -r 原因",
            )
        return True

    def version_below(self, record_id: str) -> Entry | None:
        """Return the version that was in force before a change; None before the first one."""
        below = self.in_force[: self.in_force.index(record_id)]
        return next((v for v in reversed(self.versions) if v.id in below), None)


def _read_changes(db: Connection, command: RecordedCommand) -> Iterator[tuple[str, _History]]:
    """Yield each activity, correction and void of a command, with the history of its activity."""
    for ids in batches(command.ids("activity")):
        for entry in read_entries_by_id(db, tuple(ids)):
            if entry.replaces is None and entry.counts:  # saves statements for a large import
                yield entry.id, _History((entry,), (entry.id,))
            else:
                yield entry.id, _read_history(db, entry.id)
    for ids in batches(command.ids("void")):
        for void_id, entry_id in db.execute(
            f"SELECT id, activity_id FROM void WHERE id IN ({marks(ids)})",  # noqa: S608
            ids,
        ).fetchall():
            yield void_id, _read_history(db, entry_id)


def _read_history(db: Connection, entry_id: str) -> _History:
    versions = list(read_entries_by_id(db, read_lineage(db, entry_id)[-1:]))
    while (newer := versions[-1].replaced_by) is not None:
        versions += read_entries_by_id(db, (newer,))
    changes = {version.id: version.origin.command for version in versions}
    for version, newer_version in zip(versions, [*versions[1:], None], strict=True):
        first = db.execute(
            "SELECT id, command FROM void WHERE activity_id = ? ORDER BY id LIMIT 1", (version.id,)
        ).fetchone()
        is_revived = newer_version is not None and newer_version.origin.command == UNDO
        if first is not None and (version.void is not None or is_revived):
            changes[first[0]] = first[1]
    in_force: list[str] = []
    for change_id in sorted(changes):
        if changes[change_id] == UNDO:
            in_force = in_force[:-1]
        else:
            in_force.append(change_id)
    return _History(tuple(versions), tuple(in_force))


def _find_added_evidence(
    db: Connection, command: RecordedCommand
) -> Iterator[tuple[Entry, Evidence]]:
    """Yield the evidence that a command added to older entries, unless it was removed since."""
    logged = command.ids("activity")
    for entry_id, file in _read_evidence(db, "evidence AS e", command.ids("evidence")):
        if entry_id not in logged:
            entry = _read_history(db, entry_id).current
            same = (other for other in entry.evidence if other.sha256 == file.sha256)
            yield from ((entry, other) for other in same if entry.counts)


def _find_removed_evidence(
    db: Connection, command: RecordedCommand
) -> Iterator[tuple[Entry, Evidence]]:
    """Yield the evidence that a command removed from entries, unless they have it again."""
    source = "evidence_void AS v JOIN evidence AS e ON e.id = v.evidence_id"
    for entry_id, file in _read_evidence(db, source, command.ids("evidence_void"), "v.id"):
        entry = _read_history(db, entry_id).current
        if entry.counts and all(other.sha256 != file.sha256 for other in entry.evidence):
            yield entry, file


def _read_evidence(
    db: Connection, source: str, ids: Sequence[str], key: str = "e.id"
) -> list[tuple[str, Evidence]]:
    return [
        (entry_id, Evidence(*columns))
        for batch in batches(ids)
        for entry_id, *columns in db.execute(
            "SELECT e.activity_id, e.id, e.sha256, e.size, e.name, e.kind "  # noqa: S608
            f"FROM {source} WHERE {key} IN ({marks(batch)}) ORDER BY {key}",
            batch,
        ).fetchall()
    ]


def _reverse_people(
    db: Connection, command: RecordedCommand
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Return the people to take off their rosters, and those to put on them again."""
    added = read_people_by_id(db, "person", command.ids("person"))
    removed = read_people_by_id(db, "person_void", command.ids("person_void"))
    now = {
        (person.community, person.role, person.name): person
        for community in {person.community for person in (*added, *removed)}
        for person in read_roster(db, community)
    }
    keys = [(person.community, person.role, person.name) for person in added]
    left = tuple(now[key] for key in keys if key in now)
    return left, tuple(p for p in removed if (p.community, p.role, p.name) not in now)
