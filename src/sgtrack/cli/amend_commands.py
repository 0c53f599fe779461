"""``amend`` and ``void``: correcting what was logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.cli.options import (
    Again,
    Amounts,
    DryRun,
    EntryId,
    Note,
    Place,
    Reason,
    Type,
    Who,
)
from sgtrack.cli.recording import moved_by, say, say_movement

if TYPE_CHECKING:
    pass


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
    from sgtrack.entry.amount_parsing import read_amounts
    from sgtrack.entry.text_cleaning import clean, clean_names
    from sgtrack.ledger.entry_reads import find_entry
    from sgtrack.model.errors import Refused

    context = app_context(ctx)
    old = find_entry(context.workspace.ledger, entry_id)
    project = context.project_of(old.activity.community)
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
    proposal = amended(project, old.activity, change, context.today)

    from sgtrack.checks.contract_record import contract_record
    from sgtrack.ledger.append import amend as write_amendment
    from sgtrack.ledger.append import note_contract
    from sgtrack.progress.figure_query import figure_query_of
    from sgtrack.recovery.ledger_writing import writing

    with writing(context.workspace.ledger, keep=not dry_run) as transaction:
        note_contract(transaction, project.slug, contract_record(project), context.origin())
        codes = moved_by(project, old.activity, proposal.activity)
        detail = figure_query_of(project, [context.today], codes)
        before = transaction.figures(project.slug, detail)
        entry = write_amendment(
            transaction, old, proposal.activity, context.origin(), why, again=again
        )
        after = transaction.figures(project.slug, detail)
    if dry_run:
        typer.echo("试算，没有写入：")
    shown = context.without_names(entry, entry.activity.participants)
    say(project, shown, proposal, "" if dry_run else "已更正")
    say_movement(context, project, codes, before, after)


def void(
    ctx: typer.Context, entry_id: EntryId, reason: Reason = "", dry_run: DryRun = False
) -> None:
    """作废一条记录：不再计数，但和原因一起留在台账里。

    例：sgtrack void 7K3QF2 -r 重复记录

    例：sgtrack void 7K3QF2 -r 活动取消 --dry-run
    """
    from sgtrack.entry.text_cleaning import clean
    from sgtrack.ledger.entry_reads import find_entry
    from sgtrack.model.errors import Refused
    from sgtrack.model.ids import short
    from sgtrack.model.units import amount_words
    from sgtrack.screen.entry_view import item_words

    context = app_context(ctx)
    entry = find_entry(context.workspace.ledger, entry_id)
    project = context.project_of(entry.activity.community)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写作废的原因", "加上 -r 原因，如 -r 重复记录")

    from sgtrack.checks.contract_record import contract_record
    from sgtrack.ledger.append import note_contract
    from sgtrack.ledger.append import void as write_void
    from sgtrack.progress.figure_query import figure_query_of
    from sgtrack.recovery.ledger_writing import writing

    with writing(context.workspace.ledger, keep=not dry_run) as transaction:
        note_contract(transaction, project.slug, contract_record(project), context.origin())
        codes = moved_by(project, entry.activity)
        detail = figure_query_of(project, [context.today], codes)
        before = transaction.figures(project.slug, detail)
        write_void(transaction, entry, context.origin(), why)
        after = transaction.figures(project.slug, detail)
    if dry_run:
        typer.echo("试算，没有写入：")
    activity = entry.activity
    typer.echo(
        f"作废  {short(entry.id)}  {activity.day}  {item_words(project, activity)}  "
        f"{amount_words(activity.amounts)}  原因：{context.without_names(why)}"
    )
    say_movement(context, project, codes, before, after)
