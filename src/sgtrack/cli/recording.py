"""Writes an activity and says what was written and what it moved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sgtrack.app.context import AppContext

if TYPE_CHECKING:
    from sgtrack.entry.proposal import Proposal, Words
    from sgtrack.model.contract import Project
    from sgtrack.model.entries import Activity, Entry
    from sgtrack.model.figures import Figures


def record(
    context: AppContext,
    project: Project,
    words: Words,
    files: list[Path],
    *,
    reason: str = "",
    again: bool = False,
    dry_run: bool = False,
) -> None:
    """Check an activity against the contract, write it and say what it moved.

    Raises:
        Refused: it does not fit, or cannot be written; nothing was.
    """
    from sgtrack.entry.proposal import propose
    from sgtrack.entry.text_cleaning import clean
    from sgtrack.ledger.issued_briefs import reported_until
    from sgtrack.ledger.known_people import read_roster

    roster = read_roster(context.workspace.ledger, project.slug)
    proposal = propose(project, words, context.today, roster)
    why = clean(reason, "原因")
    codes = moved_by(project, proposal.activity)
    entry, twins, before, after = _write(
        context, project, proposal, files, why, codes, again=again, dry_run=dry_run
    )
    shown, alike = context.without_names((entry, twins), entry.activity.participants)
    for twin in alike:
        typer.echo(f"注意：{twin}")
    say(project, shown, proposal, "" if dry_run else "已记录")
    reported = reported_until(context.workspace.ledger, project.slug)
    if reported is not None and entry.activity.day <= reported:
        hint = "" if why else "，可以用 -r 写明原因"
        typer.echo(f"注意：{reported} 以前的简报已经发出，这条作为补记写进下一期{hint}")
    say_movement(context, project, codes, before, after)


def check_all(context: AppContext, project: Project, activities: list[Words]) -> None:
    """See whether all of several activities could be written, one after the other.

    Raises:
        Refused: one of them could not; nothing was written.
    """
    from sgtrack.entry.proposal import propose
    from sgtrack.ledger.append import add
    from sgtrack.recovery.ledger_writing import writing

    proposals = [propose(project, words, context.today) for words in activities]
    with writing(context.workspace.ledger, keep=False) as transaction:
        for proposal in proposals:
            add(transaction, proposal.activity, context.origin())


def _write(
    context: AppContext,
    project: Project,
    proposal: Proposal,
    files: list[Path],
    reason: str,
    codes: frozenset[str],
    *,
    again: bool,
    dry_run: bool,
) -> tuple[Entry, list[str], Figures, Figures]:
    """Keep the files and write the activity.

    Returns:
        The entry, what is to be said of files it shares, and the figures of items before and after.
    """
    from sgtrack.checks.contract_record import contract_record
    from sgtrack.evidence.attach import as_evidence, warn_of_twins
    from sgtrack.evidence.evidence_store import inspect, keeping
    from sgtrack.ledger.append import add, note_contract
    from sgtrack.progress.figure_query import figure_query_of
    from sgtrack.recovery.ledger_writing import writing

    needs = project.items[proposal.activity.item].evidence
    sources = [inspect(path) for path in files]
    with (
        writing(context.workspace.ledger, keep=not dry_run) as transaction,
        keeping(context.workspace.evidence, keep=not dry_run) as store,
    ):
        note_contract(transaction, project.slug, contract_record(project), context.origin())
        detail = figure_query_of(project, [context.today], codes)
        before = transaction.figures(project.slug, detail)
        evidence = as_evidence(store.take(sources), needs)
        entry = add(
            transaction,
            proposal.activity,
            context.origin(),
            again=again,
            reason=reason,
            evidence=evidence,
        )
        twins = warn_of_twins(transaction.fresh_db(), entry)
        after = transaction.figures(project.slug, detail)
    return entry, twins, before, after


def say(project: Project, entry: Entry, proposal: Proposal, done: str) -> None:
    """Say what an entry has become, in the words of the contract."""
    from sgtrack.model.ids import short
    from sgtrack.model.units import amount_words
    from sgtrack.screen.entry_view import evidence_words, item_words

    activity = entry.activity
    head = f"{done}  {short(entry.id)}  " if done else ""
    typer.echo(f"{head}{activity.day}  {project.name}  {item_words(project, activity)}")
    understood = proposal.understood
    implied = f"（{'、'.join(understood)}按默认计）" if understood else ""
    words = [
        activity.title,
        amount_words(activity.amounts) + implied,
        activity.place,
        activity.activity_type,
    ]
    if activity.participants:
        words.append(f"{len(activity.participants)} 个姓名")
    if activity.closes:
        words.append("到此结束")
    typer.echo("        " + "  ".join(word for word in words if word))
    typer.echo("        " + evidence_words(project, entry))
    for remark in proposal.remarks:
        typer.echo(f"注意：{remark}")


def moved_by(project: Project, *activities: Activity) -> frozenset[str]:
    """The items whose figures may be others once activities are written or no longer count."""
    from sgtrack.progress.tally import served

    return frozenset(code for one in activities for code in served(project, one.items))


def say_movement(
    context: AppContext, project: Project, codes: frozenset[str], before: Figures, after: Figures
) -> None:
    """Say which indicators of some items moved."""
    from sgtrack.progress.contract_status import compute_item_progress
    from sgtrack.progress.tally import tally
    from sgtrack.screen.console import out
    from sgtrack.screen.movement_view import movement

    old = compute_item_progress(project, codes, tally(project, before), context.today)
    new = compute_item_progress(project, codes, tally(project, after), context.today)
    moved = movement(old, new)
    out().print(moved if moved is not None else "指标没有变化")
