"""The use case of ``log``: check an activity, then record it in a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from sgtrack.app.context import AppContext
from sgtrack.app.evidence_files import warn_of_broken_photos
from sgtrack.app.series import find_ends, reopen, settle_series
from sgtrack.checks.contract_record import contract_record
from sgtrack.entry.activity_input import ActivityInput, copy_input, units_of
from sgtrack.entry.proposal import Proposal, propose
from sgtrack.entry.series_matching import session_words
from sgtrack.entry.text_cleaning import clean, clean_passage
from sgtrack.evidence.attach import as_evidence, warn_of_shared_files
from sgtrack.evidence.evidence_store import StoredFile, evidence_writer, inspect
from sgtrack.ledger.append import add, add_contract, annotate, note_contract, refuse_duplicate
from sgtrack.ledger.entry_reads import find_entry, read_entries, read_newest_contract
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.issued_briefs import read_last_reported_day
from sgtrack.ledger.known_people import count_redactions, read_roster
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, EntryFilter, Evidence, SeriesSession
from sgtrack.model.errors import Refused
from sgtrack.model.figures import Figures
from sgtrack.model.masking import NameMasker
from sgtrack.progress.contract_status import compute_item_progress, figure_query_of
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.tally import served, tally
from sgtrack.recovery.backups import writing
from sgtrack.store.chain_links import ChainEnd, read_end
from sgtrack.store.connection import Connection, LedgerConnection
from sgtrack.store.opening import open_ledger

Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Movement:
    """The progress of the items that a write changes, before and after the write."""

    before: tuple[Progress, ...]
    after: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """The result of recording or voiding an entry, or of a dry run.

    Fields that need an explanation:
        entry: the entry, before a voiding; names in its texts are masked.
        understood: the units of implied amounts, such as 1场, which the officer did not type.
        remarks: messages for the officer, such as a missing activity type.
        shared_files: a warning for each broken photo, and for each file that is also evidence of
            another activity.
        reported_until: the last day that issued briefs cover, if a newly logged activity is not
            later; the next brief then reports the activity as 补记. Otherwise None.
        series: how the session of a group or case counts, such as 夕阳红小组第2节，仍计1个.
    """

    project: Project
    entry: Entry
    understood: tuple[str, ...]
    remarks: tuple[str, ...]
    movement: Movement
    shared_files: tuple[str, ...] = ()
    reported_until: date | None = None
    series: str = ""


def record_with_movement(
    context: AppContext,
    transaction: Transaction,
    project: Project,
    activities: tuple[Activity, ...],
    write: Callable[[], Written],
) -> tuple[Written, Movement]:
    """Call ``write``; return its result and the progress before and after it.

    The progress covers the items of ``activities`` and the parents of these items. The contract
    targets are recorded before ``write`` is called, unless they are unchanged. ``write`` may not
    change the rosters.
    """
    note_contract(transaction, project.slug, contract_record(project), context.origin())
    codes = _changed_items(project, activities)
    query = figure_query_of(project, [context.today], codes)
    before = transaction.figures(project.slug, query)
    written = write()
    after = transaction.figures(project.slug, query, before.roster)
    return written, _movement(project, codes, context.today, before, after)


def _changed_items(project: Project, activities: Iterable[Activity]) -> frozenset[str]:
    return frozenset(code for activity in activities for code in served(project, activity.items))


def _movement(
    project: Project, codes: frozenset[str], today: date, before: Figures, after: Figures
) -> Movement:
    return Movement(
        *(
            compute_item_progress(project, codes, tally(project, figures), today)
            for figures in (before, after)
        )
    )


class LedgerChanged(Exception):
    """Error raised if another program changed the ledger after the officer confirmed a dry run.

    ``now`` is the result of a new dry run.
    """

    def __init__(self, now: RecordedEntry) -> None:
        super().__init__("the ledger changed")
        self.now = now


@dataclass(frozen=True, slots=True)
class _Preview:
    """The result of recording an activity, computed from one state of the ledger.

    Fields that need an explanation:
        end: the end of the chain. If it has moved, the preview is outdated.
        files: the files that prove the activity.
        other_sessions: the other sessions of its group or case.
        masker: masks the names of people in the new entry and in ``shared_files``.
    """

    end: ChainEnd
    files: tuple[StoredFile, ...]
    proposal: Proposal
    other_sessions: tuple[SeriesSession, ...]
    evidence: tuple[Evidence, ...]
    has_contract: bool
    movement: Movement
    shared_files: tuple[str, ...]
    reported_until: date | None
    masker: NameMasker


@dataclass(frozen=True, slots=True)
class LogSession:
    """One run of ``log`` for a community; the ledger is not locked while prompts are open."""

    context: AppContext
    project: Project
    ledger: LedgerConnection
    _redactions: set[int] = field(default_factory=set)
    """Numbers of redactions in the ledger, counted each time the session read texts from it."""

    def earlier(self, item: str) -> tuple[Entry, ...]:
        """Return the entries of an item, from which prompts suggest amounts, titles and places."""
        with self.ledger.reading() as db:
            self._redactions.add(count_redactions(db))
            return read_entries(db, EntryFilter((self.project.slug,), (item,)))

    def like(self, entry_id: str, typed: ActivityInput) -> tuple[ActivityInput, tuple[str, ...]]:
        """Convert an older entry to input for a new activity; see :func:`copy_input`.

        Raises:
            Refused: there is no such entry, or it belongs to another community.
        """
        with self.ledger.reading() as db:
            self._redactions.add(count_redactions(db))
            entry = find_entry(db, entry_id)
        community = entry.activity.community
        if community != self.project.slug:
            raise Refused(
                f"{entry_id} 是 {community} 的记录",
                f"加上 -c {community}，或照本社区的一条记",
            )
        return copy_input(self.project, entry, typed)

    def roster_names(self) -> tuple[str, ...]:
        """Return the names on the rosters of the community."""
        with self.ledger.reading() as db:
            self._redactions.add(count_redactions(db))
            people = read_roster(db, self.project.slug)
        return tuple(dict.fromkeys(person.name for person in people))

    def try_out(self, typed: ActivityInput, before: Sequence[ActivityInput] = ()) -> RecordedEntry:
        """Return the result of recording an activity, without recording it.

        ``before`` are activities that will be recorded before it.

        Raises:
            Refused: the activity cannot be recorded.
        """
        if before:
            self.check_all([*before, typed])
        return self.record(typed, dry_run=True)

    def merge(self, typed: ActivityInput, read: ActivityInput) -> ActivityInput:
        """Return ``read`` with its fields replaced by those given in ``typed``.

        Amounts are replaced unit by unit; see :meth:`ActivityInput.over`.
        """
        item = typed.item or read.item or ""
        also = typed.also or read.also or ()
        return typed.over(read, units_of(self.project, item, also))

    def reported_until(self, typed: ActivityInput) -> date | None:
        """Return the last day that issued briefs cover, or None if an activity is later.

        Raises:
            Refused: the activity is not valid.
        """
        day = propose(self.project, typed, self.context.today).activity.day
        with self.ledger.reading() as db:
            return _reported_until(db, self.project, day)

    def check_all(self, activities: Sequence[ActivityInput]) -> None:
        """Check that all activities can be recorded in this order, without recording them.

        Raises:
            Refused: one of them cannot be recorded.
        """
        proposals = [propose(self.project, typed, self.context.today) for typed in activities]
        with writing(self.ledger, dry_run=True) as transaction:
            for typed, proposal in zip(activities, proposals, strict=True):
                again, origin = bool(typed.again), self.context.origin()
                snapshot = self.context.snapshot_of(transaction.fresh_db())
                settled, others = settle_series(
                    snapshot, self.project, proposal, new=again, reopens=bool(typed.reopens)
                )
                reopen(transaction, find_ends(transaction, others, settled.activity), origin)
                add(transaction, settled.activity, origin, again=again)

    def record(
        self, typed: ActivityInput, expected: RecordedEntry | None = None, *, dry_run: bool = False
    ) -> RecordedEntry:
        """Check an activity against contract and ledger, and record it unless ``dry_run`` is set.

        ``expected`` is the result of the dry run that the officer confirmed, or None.

        Raises:
            Refused: the activity is not valid or cannot be written; nothing was written.
            LedgerChanged: the result would differ from ``expected``; nothing was written.
        """
        # An invalid activity must be refused before files are read and a ledger is created.
        propose(self.project, typed, self.context.today)
        clean(typed.reason, "原因")
        sources = [inspect(path) for path in typed.evidence or ()]
        folder = self.context.workspace.evidence
        with evidence_writer(folder, [], dry_run=True) as hashing:
            files = hashing.store_files(sources)
        broken = warn_of_broken_photos(sources)
        # Other programs wait while this one writes, so everything is read before the transaction.
        with self.ledger.reading() as db:
            preview = self._preview(db, typed, files, broken)
        with (
            writing(self.ledger, dry_run=dry_run) as transaction,
            evidence_writer(folder, transaction.after_commit, dry_run=dry_run) as store,
        ):
            files = store.store_files(sources)
            if (transaction.chain_end(), files) != (preview.end, preview.files):
                # Another program wrote meanwhile.
                preview = self._preview(transaction.db, typed, files, broken)
            recorded = self._write(transaction, typed, preview)
            if expected is not None and _facts(recorded) != _facts(expected):
                raise LedgerChanged(recorded)
        return recorded

    def _preview(
        self,
        db: Connection,
        typed: ActivityInput,
        files: tuple[StoredFile, ...],
        broken: tuple[str, ...],
    ) -> _Preview:
        """Compute the result of recording an activity; ``broken`` are warnings of broken photos.

        Raises:
            Refused: the activity cannot be recorded.
        """
        context, project = self.context, self.project
        end = read_end(db)
        self._refuse_redacted(db)
        people = read_roster(db, project.slug)
        proposal, other_sessions = settle_series(
            context.snapshot_of(db),
            project,
            propose(project, typed, context.today, people),
            new=bool(typed.again),
            reopens=bool(typed.reopens),
        )
        activity = proposal.activity
        if typed.reopens and not other_sessions:
            raise Refused("以前没有记过这个小组或个案", "检查名称；是新的一个就去掉 --reopen")
        if not typed.again:
            refuse_duplicate(db, activity)
        evidence = as_evidence(files, project.items[activity.item].evidence)
        shared_files = (*broken, *warn_of_shared_files(db, evidence))
        reason = clean(typed.reason, "原因")
        effect = clean_passage(typed.effect, "成效")
        entry = Entry(
            "", activity, context.origin(), None, reason, evidence=evidence, effect=effect
        )
        codes = _changed_items(project, [activity])
        before = read_figures(
            db, project.slug, figure_query_of(project, [context.today], codes), people
        )
        after = before.with_entry(entry)
        return _Preview(
            end=end,
            files=files,
            proposal=proposal,
            other_sessions=other_sessions,
            evidence=evidence,
            has_contract=read_newest_contract(db, project.slug) == contract_record(project),
            movement=_movement(project, codes, context.today, before, after),
            shared_files=shared_files,
            reported_until=_reported_until(db, project, activity.day),
            masker=context.snapshot_of(db).masker_for((entry, shared_files), activity.participants),
        )

    def _refuse_redacted(self, db: Connection) -> None:
        """Refuse to record texts that were read from the ledger before a name was redacted."""
        if self._redactions and self._redactions != {count_redactions(db)}:
            raise Refused(
                "刚才另一个程序隐去了一个姓名，这一条是照隐去以前的记录填的，没有写入", "再记一次"
            )

    def _write(
        self, transaction: Transaction, typed: ActivityInput, preview: _Preview
    ) -> RecordedEntry:
        context, project, proposal = self.context, self.project, preview.proposal
        if not preview.has_contract:
            add_contract(transaction, project.slug, contract_record(project), context.origin())
        ends = find_ends(transaction, preview.other_sessions, proposal.activity)

        def write() -> Entry:
            reopen(transaction, ends, context.origin())
            return add(
                transaction,
                proposal.activity,
                context.origin(),
                again=True,  # the preview refused an activity that the ledger has already
                reason=clean(typed.reason, "原因"),
                evidence=preview.evidence,
            )

        if ends:
            activities = (proposal.activity, *(end.activity for end in ends))
            entry, movement = record_with_movement(context, transaction, project, activities, write)
        else:
            entry, movement = write(), preview.movement
        effect = clean_passage(typed.effect, "成效")
        if effect:
            annotate(transaction, entry, "effect", effect, context.origin())
            entry = replace(entry, effect=effect)
        shown, shared_files = preview.masker.within((entry, preview.shared_files))
        return RecordedEntry(
            project,
            shown,
            proposal.understood,
            proposal.remarks,
            movement,
            shared_files,
            preview.reported_until,
            session_words(project, shown.activity, preview.other_sessions),
        )


def _reported_until(db: Connection, project: Project, day: date) -> date | None:
    reported = read_last_reported_day(db, project.slug)
    return reported if reported is not None and day <= reported else None


def _facts(recorded: RecordedEntry) -> tuple[object, ...]:
    """Return the parts of a dry run that another program can change before the officer confirms."""
    entry = recorded.entry
    return (
        *(entry.activity, entry.reason, recorded.understood, recorded.remarks),
        *(recorded.movement, recorded.shared_files, recorded.reported_until),
    )


def community_of_entry(context: AppContext, entry_id: str) -> str:
    """Return the community of an entry.

    Raises:
        Refused: there is no such entry.
    """
    with context.snapshot() as snapshot:
        return snapshot.entry(entry_id).activity.community


@contextmanager
def log_session(context: AppContext, project: Project) -> Iterator[LogSession]:
    """Open a log session with a connection to the ledger, and close the connection at the end."""
    with open_ledger(context.workspace.ledger) as ledger:
        yield LogSession(context, project, ledger)
