"""Undoes a command by writing further records that take back its changes.

``sgtrack undo`` always takes back the newest change that is still in force. Several undos in a row
therefore go back in time, one change after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sgtrack.ledger.append import (
    add_evidence,
    amend,
    annotate,
    void,
    void_evidence,
)
from sgtrack.ledger.entry_reads import read_entries_by_id, read_lineage
from sgtrack.ledger.known_people import read_people_by_id, read_roster
from sgtrack.ledger.recorded_commands import UNDO, RecordedCommand, read_commands
from sgtrack.ledger.resolutions import revive
from sgtrack.ledger.roster_records import add_people, set_last_day, void_person
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import Activity, Entry, Evidence, Origin, Person, short_id
from sgtrack.model.errors import Refused
from sgtrack.model.record_kinds import KIND_LABELS
from sgtrack.store.connection import Connection, batches, marks

REASON = "撤销"
_UNDOABLE = {
    *("activity", "void", "annotation", "evidence", "evidence_void"),
    *("person", "person_void", "person_leave"),
}
_HINTS = {
    "issued_brief": (
        "发错了用 sgtrack brief withdraw 撤回；写错的活动用 sgtrack amend 或 void，下一期简报会写明"
    ),
    "brief_withdrawal": "撤回的简报用 sgtrack brief --month 月份 --issue 重新发出",
    "merge": "用 sgtrack backup list 找合并以前的备份，再用 sgtrack restore 恢复",
    "forgetting": "隐去的姓名找不回来",
    "resolution": "用 sgtrack amend 或 void 更正现在计数的那一条",
}
"""Advice for each kind of record that cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """The changes to write in order to take back a command.

    Fields that need an explanation:
        voided: the entries to void.
        reverted: entries to correct, each with the activity as it was before.
        revived: voided entries to make count again.
        removed: evidence to remove, each with its entry.
        returned: removed evidence to add again, each with its entry.
        texts: annotations to write: the entry, the subject and the text as it was before.
        left: people to take off their rosters.
        rejoined: people to put on their rosters again.
        last_days: people whose last day to change back, each with the earlier last day or None.
    """

    origin: Origin
    voided: tuple[Entry, ...] = ()
    reverted: tuple[tuple[Entry, Activity], ...] = ()
    revived: tuple[Entry, ...] = ()
    removed: tuple[tuple[Entry, Evidence], ...] = ()
    returned: tuple[tuple[Entry, Evidence], ...] = ()
    left: tuple[Person, ...] = ()
    rejoined: tuple[Person, ...] = ()
    texts: tuple[tuple[Entry, str, str], ...] = ()
    last_days: tuple[tuple[Person, date | None], ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries whose figures or evidence change, each once."""
        changed = (
            *self.voided,
            *(entry for entry, _ in self.reverted),
            *self.revived,
            *(entry for entry, _ in (*self.removed, *self.returned)),
            *(entry for entry, _, _ in self.texts),
        )
        return tuple({entry.id: entry for entry in changed}.values())

    @property
    def moves(self) -> tuple[tuple[Entry, Entry], ...]:
        """The entry that the command moved to another community, and its voided original."""
        if len(self.voided) != 1 or len(self.revived) != 1:
            return ()
        (moved,), (back,) = self.voided, self.revived
        return ((moved, back),) if moved.activity.community != back.activity.community else ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the command is in force any more."""
        return not (self.entries or self.left or self.rejoined or self.last_days)


def find_reversal(db: Connection, user: str) -> Reversal:
    """Find the newest command of a user that is still in force, and how to take it back.

    Only commands that wrote to this ledger itself are considered, not those of merged ledgers.

    Raises:
        Refused: there is no such command, it cannot be taken back, or somebody corrected its
            entries since.
    """
    for command in read_commands(db, user):
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
    """Write the records that take back a command, with the reason 撤销."""
    origin = replace(origin, command=UNDO)
    for _, file in reversal.removed:
        void_evidence(transaction, file, origin, REASON)
    for entry, subject, text in reversal.texts:
        annotate(transaction, entry, subject, text, origin)
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
    for person, last_day in reversal.last_days:
        set_last_day(transaction, person, last_day, origin)
    if reversal.rejoined:
        add_people(transaction, list(reversal.rejoined), origin)


def _named(command: RecordedCommand) -> str:
    words = command.origin.command
    return f"{words[:60]}…" if len(words) > 60 else words


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
        tuple(_find_texts(db, command)),
        tuple(_find_last_days(db, command)),
    )


@dataclass(frozen=True, slots=True)
class _History:
    """The versions of an activity, oldest first, and its changes that are in force.

    ``in_force`` are the ids of versions and voids that no undo took back, oldest first.
    """

    versions: tuple[Entry, ...]
    in_force: tuple[str, ...]

    @property
    def current(self) -> Entry:
        """The newest version, which is voided if the activity is."""
        return self.versions[-1]

    def can_take_back(self, record_id: str) -> bool:
        """Return whether a change is in force, and its entry was not voided later.

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
        """Return the version that was in force before a change, or None if there was none."""
        below = self.in_force[: self.in_force.index(record_id)]
        return next((v for v in reversed(self.versions) if v.id in below), None)


def _read_changes(db: Connection, command: RecordedCommand) -> Iterator[tuple[str, _History]]:
    """Yield each activity, correction and void of a command, with the history of its activity."""
    for ids in batches(command.ids("activity")):
        for entry in read_entries_by_id(db, tuple(ids)):
            # A large import has many such entries, which need no query for their history.
            if entry.replaces is None and entry.counts:
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
    in_force = _in_force((change_id, changes[change_id]) for change_id in sorted(changes))
    return _History(tuple(versions), in_force)


def _in_force(changes: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the ids of the changes that no undo took back; each change has an id and a command."""
    ids: list[str] = []
    for change_id, command in changes:
        if command == UNDO:
            ids = ids[:-1]
        else:
            ids.append(change_id)
    return tuple(ids)


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
    """Yield the evidence that a command removed from entries, unless it was added again."""
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


def _find_texts(db: Connection, command: RecordedCommand) -> Iterator[tuple[Entry, str, str]]:
    """Yield each annotation that a command wrote on an older entry.

    Each is given as the entry, the subject and the text that the annotation replaced.
    """
    logged = command.ids("activity")
    for ids in batches(command.ids("annotation")):
        for text_id, entry_id, subject in db.execute(
            f"SELECT id, activity_id, subject FROM annotation WHERE id IN ({marks(ids)})",  # noqa: S608
            ids,
        ).fetchall():
            history = _read_history(db, entry_id)
            lineage = tuple(version.id for version in history.versions)
            texts = db.execute(
                "SELECT id, text, command FROM annotation WHERE subject = ? "  # noqa: S608
                f"AND activity_id IN ({marks(lineage)}) ORDER BY id",
                (subject, *lineage),
            ).fetchall()
            in_force = _in_force((other_id, words) for other_id, _, words in texts)
            is_newest = in_force[-1:] == (text_id,)
            if history.current.counts and is_newest and lineage[0] not in logged:
                before = {other_id: text for other_id, text, _ in texts}
                yield history.current, subject, before[in_force[-2]] if in_force[1:] else ""


def _find_last_days(
    db: Connection, command: RecordedCommand
) -> Iterator[tuple[Person, date | None]]:
    """Yield the people whose last day a command set, each with the earlier last day or None."""
    leave_ids = command.ids("person_leave")
    people = read_people_by_id(db, "person_leave", leave_ids)
    for leave_id, person in zip(leave_ids, people, strict=True):
        on_roster = [now for now in read_roster(db, person.community) if _are_same(now, person)]
        days = _read_last_days(db, person)
        in_force = _in_force((other_id, words) for other_id, _, words in days)
        if on_roster and in_force[-1:] == (leave_id,):
            before = dict(row[:2] for row in days)[in_force[-2]] if in_force[1:] else None
            yield on_roster[0], None if before is None else date.fromisoformat(before)


def _are_same(person: Person, other: Person) -> bool:
    """Return whether two records describe the same stay of a person on a roster."""
    first, second = ((p.community, p.role, p.name, p.since) for p in (person, other))
    return first == second


def _read_last_days(db: Connection, person: Person) -> list[tuple[str, str | None, str]]:
    """Read the ids, days and commands that set the last day of a person, oldest first.

    ``undo`` brings a removed person back as a new record and copies the last day to it. Such copies
    are left out.
    """
    rows = db.execute(
        "SELECT l.id, l.last_day, l.command FROM person_leave AS l "
        "JOIN person AS p ON p.id = l.person_id "
        "WHERE p.community = ? AND p.role = ? AND p.name = ? AND p.since = ? "
        "AND NOT (p.command = ? AND l.command = ? AND NOT EXISTS (SELECT 1 FROM person_leave AS e "
        "WHERE e.person_id = p.id AND e.id < l.id)) ORDER BY l.id",
        (person.community, person.role, person.name, person.since.isoformat(), UNDO, UNDO),
    )
    return [(leave_id, last_day, words) for leave_id, last_day, words in rows]


def _reverse_people(
    db: Connection, command: RecordedCommand
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Return the people to take off their rosters, and the people to put on rosters again."""
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
