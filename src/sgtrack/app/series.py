"""Finds the group or case of a session in the ledger, for every way of entering a session."""

from __future__ import annotations

from dataclasses import replace

from sgtrack.app.snapshot import Snapshot
from sgtrack.entry.proposal import Proposal
from sgtrack.entry.series_matching import (
    ClosedSeries,
    SimilarSeries,
    find_end,
    series_items,
    settle_session,
)
from sgtrack.ledger import append
from sgtrack.ledger.entry_reads import find_entry, read_sessions
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, EntryFilter, Origin, SeriesSession


def settle_series(
    snapshot: Snapshot,
    project: Project,
    proposal: Proposal,
    *,
    new: bool,
    reopens: bool = False,
    except_id: str = "",
) -> tuple[Proposal, tuple[SeriesSession, ...]]:
    """Give a session the name under which its group is in the ledger; see :func:`settle_session`.

    Other activities are returned unchanged. ``except_id`` is the entry that the activity corrects.
    Names of people in remarks and messages are masked.

    Returns:
        The proposal, and the other sessions of the group.

    Raises:
        SimilarSeries: the name is close to that of an open group, and ``new`` is false.
        ClosedSeries: the group ended before, and both ``new`` and ``reopens`` are false.
        Refused: the title has no name.
    """
    activity = proposal.activity
    if not series_items(project, activity.items):
        return proposal, ()
    sessions = read_series(snapshot, project, activity.items)
    others = tuple(session for session in sessions if session.entry_id != except_id)
    try:
        settled = settle_session(project, activity, others, new=new, reopens=reopens)
    except SimilarSeries as similar:
        shown = snapshot.mask(similar.shown, activity.participants)
        raise SimilarSeries(similar.name, similar.candidates, shown) from None
    except ClosedSeries as closed:
        shown = snapshot.mask(closed.shown, activity.participants)
        raise ClosedSeries(
            closed.end, closed.name, closed.new_name, closed.candidates, shown
        ) from None
    remarks = snapshot.mask(settled.remarks, activity.participants)
    settled_proposal = replace(
        proposal, activity=settled.activity, remarks=(*proposal.remarks, *remarks)
    )
    return settled_proposal, settled.others


def find_ends(
    transaction: Transaction, others: tuple[SeriesSession, ...], activity: Activity
) -> tuple[Entry, ...]:
    """Return the entries that end a group before an activity that continues the group.

    ``others`` are the other sessions of its group.
    """
    if find_end(others, activity.day) is None:
        return ()
    db = transaction.fresh_db()
    return tuple(find_entry(db, session.entry_id) for session in others if session.closes)


def reopen(transaction: Transaction, ends: tuple[Entry, ...], origin: Origin) -> None:
    """Correct the entries that end a group, so that the group is open."""
    for entry in ends:
        activity = replace(entry.activity, closes=False)
        append.amend(transaction, entry, activity, origin, "没有结束，接着做", again=True)


def read_series(
    snapshot: Snapshot, project: Project, codes: tuple[str, ...]
) -> tuple[SeriesSession, ...]:
    """Read the sessions of the series items among some items, and of the parts of these items."""
    served = {item.code for item in series_items(project, codes)}
    items = tuple(c for c in project.items if served.intersection(project.with_ancestors(c)))
    return read_sessions(snapshot.db, EntryFilter((project.slug,), items)) if items else ()
