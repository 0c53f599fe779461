"""``log``, ``amend`` and ``void``: writing entries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.options import (
    Again,
    Also,
    Amounts,
    Close,
    Community,
    Day,
    DryRun,
    EntryId,
    Files,
    Item,
    Note,
    Place,
    Reason,
    Title,
    Type,
    Who,
)
from sgtrack.cli.session import Session, session

if TYPE_CHECKING:
    from sgtrack.entry.activity import Proposal
    from sgtrack.ledger.records import Entry, Figures
    from sgtrack.targets.model import Project


def log(
    ctx: typer.Context,
    item: Item,
    amounts: Amounts = None,
    day: Day = None,
    title: Title = None,
    place: Place = None,
    who: Who = None,
    type_: Type = None,
    also: Also = None,
    files: Files = None,
    note: Note = None,
    close: Close = False,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            "-r",
            metavar="原因",
            help="补记的原因：当月简报已经发出后才记的，写进下一期",
        ),
    ] = "",
    again: Again = False,
    dry_run: DryRun = False,
    community: Community = None,
) -> None:
    """记一次活动，马上看到指标的变化。

    例：sgtrack log 5.1 3人次

    例：sgtrack log 殡葬 80人次 100份 -d 3-12 -t 惠民殡葬进小区 -e 签到表.jpg
    """
    from sgtrack.entry.activity import Words, propose
    from sgtrack.entry.amounts import read_amounts
    from sgtrack.entry.text import clean, clean_names
    from sgtrack.ledger.issued import reported_until
    from sgtrack.ledger.reading import read_roster

    run = session(ctx)
    project = run.project(community)
    words = Words(
        item=item,
        amounts=read_amounts(amounts or []),
        day=day if day is not None else "今天",
        title=title or "",
        place=place or "",
        kind=type_ or "",
        note=note or "",
        names=clean_names(who or []),
        also=tuple(also or ()),
        closes=close,
    )
    roster = read_roster(run.workspace.ledger, project.slug)
    proposal = propose(project, words, run.today, roster)
    why = clean(reason, "原因")
    if dry_run:
        typer.echo("试算，没有写入：")
    entry, before, after = _write_log(
        run, project, proposal, files or [], why, again=again, dry_run=dry_run
    )
    _say(project, entry, proposal, "" if dry_run else "已记录")
    reported = reported_until(run.workspace.ledger, project.slug)
    if reported is not None and entry.activity.day <= reported:
        hint = "" if why else "，可以用 -r 写明原因"
        typer.echo(f"注意：{reported} 以前的简报已经发出，这条作为补记写进下一期{hint}")
    _say_movement(run, project, before, after)


def amend(
    ctx: typer.Context,
    entry_id: EntryId,
    amounts: Amounts = None,
    reason: Reason = "",
    item: Annotated[
        str | None,
        typer.Option("--item", metavar="服务项", help="改到另一个服务项", show_default=False),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", "-d", metavar="日期", help="改成哪一天", show_default=False),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option("--title", "-t", metavar="标题", help="改成什么标题", show_default=False),
    ] = None,
    place: Place = None,
    who: Who = None,
    type_: Type = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="服务项",
            help="改成兼计哪些服务项；写 无 就不再兼计",
            show_default=False,
        ),
    ] = None,
    note: Note = None,
    close: Annotated[
        bool | None,
        typer.Option(
            "--close/--reopen", help="小组、个案到这次结束；或还没有结束", show_default=False
        ),
    ] = None,
    again: Again = False,
    dry_run: DryRun = False,
) -> None:
    """更正一条记录：写要改的内容和原因，原记录保留。

    没有写的内容不变；数量写 0 就是去掉，如 0份。

    例：sgtrack amend 7K3QF2 90人次 -r 签到表核对后更正

    例：sgtrack amend 7K3QF2 -d 3-13 -r 日期写错
    """
    from sgtrack.entry.amendment import NOTHING, Change, amended
    from sgtrack.entry.amounts import read_amounts
    from sgtrack.entry.text import clean, clean_names
    from sgtrack.errors import Refused
    from sgtrack.ledger.reading import find_entry

    run = session(ctx)
    old = find_entry(run.workspace.ledger, entry_id)
    project = run.project_of(old.activity.community)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写更正的原因", "加上 -r 原因，如 -r 签到表核对后更正")
    change = Change(
        amounts=tuple(read_amounts(amounts or [], zero=True)),
        item=item,
        day=day,
        title=title,
        place=place,
        kind=type_,
        note=note,
        names=None if who is None else clean_names([w for w in who if w not in NOTHING]),
        also=None if also is None else tuple(also),
        closes=close,
    )
    proposal = amended(project, old.activity, change, run.today)

    from sgtrack.ledger.transaction import writing
    from sgtrack.ledger.writing import amend as write_amendment

    with writing(run.workspace.ledger, keep=not dry_run) as transaction:
        before = transaction.figures(project.slug)
        entry = write_amendment(transaction, old, proposal.activity, run.origin(), why, again=again)
        after = transaction.figures(project.slug)
    if dry_run:
        typer.echo("试算，没有写入：")
    _say(project, entry, proposal, "" if dry_run else "已更正")
    _say_movement(run, project, before, after)


def void(
    ctx: typer.Context, entry_id: EntryId, reason: Reason = "", dry_run: DryRun = False
) -> None:
    """作废一条记录：不再计数，但和原因一起留在台账里。

    例：sgtrack void 7K3QF2 -r 重复记录

    例：sgtrack void 7K3QF2 -r 活动取消 --dry-run
    """
    from sgtrack.entry.text import clean
    from sgtrack.errors import Refused
    from sgtrack.ledger.ids import short
    from sgtrack.ledger.reading import find_entry
    from sgtrack.screen.entries import amount_words, item_words

    run = session(ctx)
    entry = find_entry(run.workspace.ledger, entry_id)
    project = run.project_of(entry.activity.community)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写作废的原因", "加上 -r 原因，如 -r 重复记录")

    from sgtrack.ledger.transaction import writing
    from sgtrack.ledger.writing import void as write_void

    with writing(run.workspace.ledger, keep=not dry_run) as transaction:
        before = transaction.figures(project.slug)
        write_void(transaction, entry, run.origin(), why)
        after = transaction.figures(project.slug)
    if dry_run:
        typer.echo("试算，没有写入：")
    activity = entry.activity
    typer.echo(
        f"作废  {short(entry.id)}  {activity.day}  {item_words(project, activity)}  "
        f"{amount_words(activity)}  原因：{why}"
    )
    _say_movement(run, project, before, after)


def _write_log(
    run: Session,
    project: Project,
    proposal: Proposal,
    files: list[Path],
    reason: str,
    *,
    again: bool,
    dry_run: bool,
) -> tuple[Entry, Figures, Figures]:
    """Keep the files, write the activity, and say what the figures were and are."""
    from sgtrack.evidence.adding import as_evidence, warn_of_twins
    from sgtrack.evidence.store import inspect, keeping
    from sgtrack.ledger.transaction import writing
    from sgtrack.ledger.writing import add

    needs = project.items[proposal.activity.item].evidence
    sources = [inspect(path) for path in files]
    with (
        keeping(run.workspace.evidence, keep=not dry_run) as store,
        writing(run.workspace.ledger, keep=not dry_run) as transaction,
    ):
        before = transaction.figures(project.slug)
        evidence = as_evidence(store.take(sources), needs)
        entry = add(
            transaction,
            proposal.activity,
            run.origin(),
            again=again,
            reason=reason,
            evidence=evidence,
        )
        twins = warn_of_twins(transaction.db, entry)
        after = transaction.figures(project.slug)
    for twin in twins:
        typer.echo(f"注意：{twin}")
    return entry, before, after


def _say(project: Project, entry: Entry, proposal: Proposal, done: str) -> None:
    from sgtrack.ledger.ids import short
    from sgtrack.screen.entries import amount_words, evidence_words, item_words

    activity = entry.activity
    head = f"{done}  {short(entry.id)}  " if done else ""
    typer.echo(f"{head}{activity.day}  {project.name}  {item_words(project, activity)}")
    understood = proposal.understood
    implied = f"（{'、'.join(understood)}按默认计）" if understood else ""
    words = [activity.title, amount_words(activity) + implied, activity.place, activity.kind]
    if activity.names:
        words.append(f"{len(activity.names)} 个姓名")
    if activity.closes:
        words.append("到此结束")
    typer.echo("        " + "  ".join(word for word in words if word))
    typer.echo("        " + evidence_words(project, entry))
    for remark in proposal.remarks:
        typer.echo(f"注意：{remark}")


def _say_movement(run: Session, project: Project, before: Figures, after: Figures) -> None:
    from sgtrack.progress.progress import progress_of
    from sgtrack.progress.tally import tally
    from sgtrack.screen.console import out
    from sgtrack.screen.progress import movement

    old = progress_of(project, tally(project, before), run.today)
    new = progress_of(project, tally(project, after), run.today)
    moved = movement(old, new)
    out().print(moved if moved is not None else "指标没有变化")
