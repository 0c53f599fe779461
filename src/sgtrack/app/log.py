"""``log``: propose an activity without a lock, then record it with the turn to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sgtrack.app.context import AppContext
from sgtrack.app.recording import RecordedEntry, record_with_movement
from sgtrack.entry.activity_input import ActivityInput, input_of, units_of
from sgtrack.entry.proposal import propose
from sgtrack.entry.text_cleaning import clean
from sgtrack.evidence.attach import as_evidence, warn_of_twins
from sgtrack.evidence.evidence_store import Source, inspect, keeping
from sgtrack.ledger.append import add
from sgtrack.ledger.entry_reads import find_entry, read_entries
from sgtrack.ledger.issued_briefs import read_last_reported_day
from sgtrack.ledger.known_people import read_roster
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, EntryFilter
from sgtrack.model.errors import Refused
from sgtrack.recovery.ledger_writing import writing
from sgtrack.store.connection import LedgerConnection
from sgtrack.store.opening import open_ledger
from sgtrack.targets.lookup import find_item


class LedgerChanged(Exception):
    """Another program wrote since the officer was asked; ``now`` is what would be recorded now."""

    def __init__(self, now: RecordedEntry) -> None:
        super().__init__("the ledger changed")
        self.now = now


@dataclass(frozen=True, slots=True)
class LogSession:
    """One run of ``log`` on a community, over one connection that no question locks."""

    context: AppContext
    project: Project
    ledger: LedgerConnection

    def earlier(self, item: str) -> tuple[Entry, ...]:
        """The entries of an item, to offer their usual amounts, titles and places."""
        with self.ledger.reading() as db:
            return read_entries(db, EntryFilter((self.project.slug,), (item,)))

    def like(self, entry_id: str, typed: ActivityInput) -> ActivityInput:
        """An older activity as input for a new one: all but its day, its note and its end.

        Args:
            entry_id: the entry, or the last characters of its id.
            typed: what was typed; its item and further items decide which units there are.

        Raises:
            Refused: there is no such entry, or it belongs to another community.
        """
        with self.ledger.reading() as db:
            old = find_entry(db, entry_id).activity
        if old.community != self.project.slug:
            raise Refused(
                f"{entry_id} 是 {old.community} 的记录",
                f"加上 -c {old.community}，或照本社区的一条记",
            )
        item = find_item(self.project, typed.item or old.item)
        also = old.also if typed.also is None else typed.also
        copied, _ = input_of(old, units_of(self.project, item.code, also))
        return replace(copied, item=item.code, day=None, note=None, closes=None, for_month=None)

    def merge(self, typed: ActivityInput, read: ActivityInput) -> ActivityInput:
        """Merge what was typed with what was read; see :meth:`ActivityInput.over`."""
        item = typed.item or read.item or ""
        also = typed.also or read.also or ()
        return typed.over(read, units_of(self.project, item, also))

    def check_all(self, activities: Sequence[ActivityInput]) -> None:
        """See whether several activities could be recorded one after the other.

        Raises:
            Refused: one of them could not; nothing is written.
        """
        proposals = [propose(self.project, typed, self.context.today) for typed in activities]
        with writing(self.ledger, keep=False) as transaction:
            for typed, proposal in zip(activities, proposals, strict=True):
                again = bool(typed.again)
                add(transaction, proposal.activity, self.context.origin(), again=again)

    def propose(self, typed: ActivityInput) -> RecordedEntry:
        """Check an activity against the contract and the ledger; return what it would move.

        Raises:
            Refused: it does not fit, or could not be written.
        """
        return self._run(typed, keep=False)

    def record(self, typed: ActivityInput, expected: RecordedEntry | None = None) -> RecordedEntry:
        """Check an activity as :meth:`propose` does, and write it.

        Args:
            typed: the activity.
            expected: what the officer was shown and agreed to.

        Raises:
            Refused: it does not fit, or cannot be written; nothing is written.
            LedgerChanged: it would now move other figures than ``expected``; nothing is written.
        """
        return self._run(typed, keep=True, expected=expected)

    def _run(
        self, typed: ActivityInput, *, keep: bool, expected: RecordedEntry | None = None
    ) -> RecordedEntry:
        # Refuse before the ledger is opened, which may have to be made.
        propose(self.project, typed, self.context.today)
        clean(typed.reason, "原因")
        files = [inspect(path) for path in typed.evidence or ()]
        with writing(self.ledger, keep=keep) as transaction:
            recorded = self._write(transaction, typed, files, keep=keep)
            if expected is not None and _facts(recorded) != _facts(expected):
                raise LedgerChanged(recorded)
        return recorded

    def _write(
        self,
        transaction: Transaction,
        typed: ActivityInput,
        files: Sequence[Source],
        *,
        keep: bool,
    ) -> RecordedEntry:
        context, project = self.context, self.project
        people = read_roster(transaction.fresh_db(), project.slug)
        proposal = propose(project, typed, context.today, people)
        needs = project.items[proposal.activity.item].evidence
        with keeping(context.workspace.evidence, keep=keep) as store:

            def write() -> Entry:
                return add(
                    transaction,
                    proposal.activity,
                    context.origin(),
                    again=bool(typed.again),
                    reason=clean(typed.reason, "原因"),
                    evidence=as_evidence(store.take(files), needs),
                )

            entry, movement = record_with_movement(
                context, transaction, project, (proposal.activity,), write
            )
            db = transaction.fresh_db()
            shown, shared_files = context.snapshot_of(db).mask(
                (entry, tuple(warn_of_twins(db, entry))),
                entry.activity.participants,
            )
            reported = read_last_reported_day(db, project.slug)
        is_late = reported is not None and entry.activity.day <= reported
        return RecordedEntry(
            project,
            shown,
            proposal.understood,
            proposal.remarks,
            movement,
            shared_files,
            reported if is_late else None,
        )


def _facts(recorded: RecordedEntry) -> tuple[object, ...]:
    """What the officer agrees to besides her own words."""
    return (recorded.movement, recorded.remarks, recorded.shared_files, recorded.reported_until)


@contextmanager
def log_session(context: AppContext, project: Project) -> Iterator[LogSession]:
    """The use case for one run of the command, with its connection to the ledger."""
    with open_ledger(context.workspace.ledger) as ledger:
        yield LogSession(context, project, ledger)
