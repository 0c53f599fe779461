"""``amend`` and ``void``: correct or void an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.completion import complete_item
from sgtrack.cli.options import (
    Again,
    Amounts,
    AsJson,
    Attendance,
    Community,
    DryRun,
    Effect,
    EntryId,
    Note,
    Place,
    Reason,
    Type,
    Who,
    app_context,
)
from sgtrack.cli.prompts import ask_series, ask_yes, can_ask
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import read_amounts, read_attendance
from sgtrack.entry.proposal import NOTHING
from sgtrack.entry.series_matching import ClosedSeries, SimilarSeries
from sgtrack.entry.text_cleaning import clean_names
from sgtrack.model.errors import Unconfirmed
from sgtrack.screen.console import print_json
from sgtrack.screen.entry_view import entry_json
from sgtrack.screen.movement_view import show_recorded, show_voided

if TYPE_CHECKING:
    from sgtrack.app.context import AppContext
    from sgtrack.app.log import RecordedEntry


def amend(
    ctx: typer.Context,
    entry_id: EntryId,
    amounts: Amounts = None,
    reason: Reason = "",
    item: Annotated[
        str | None,
        typer.Option(
            "--item",
            metavar="服务项",
            help="改到另一个服务项",
            autocompletion=complete_item,
        ),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", "-d", metavar="日期", help="改成哪一天")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", "-t", metavar="标题", help="改成什么标题")
    ] = None,
    place: Place = None,
    who: Who = None,
    type_: Type = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also", metavar="服务项", help="改为同时计入哪些服务项；写 无 表示不再同时计入"
        ),
    ] = None,
    note: Note = None,
    effect: Effect = None,
    attendance: Attendance = None,
    close: Annotated[
        bool | None, typer.Option("--close/--reopen", help="小组、个案到这次结束；或还没有结束")
    ] = None,
    again: Again = False,
    certain: Annotated[
        bool, typer.Option("--yes", "-y", help="数量比一般的大，确实有这么多")
    ] = False,
    community: Community = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """更正一条记录：写要改的内容和原因，原记录保留。

    没有写的内容不变；数量写 0 就是去掉，如 0份。-c 把记录改到另一个社区：
    这里作废，那里连同佐证材料新记一条。

    例：sgtrack amend 7K3QF2 90人次 -r 签到表核对后更正

    例：sgtrack amend 7K3QF2 -d 3-13 -r 日期写错

    例：sgtrack amend 7K3QF2 --effect 三位老人学会了用手机挂号
    """
    change = ActivityInput(
        item=item,
        amounts=tuple(read_amounts(amounts, zero=True)) if amounts else None,
        day=day,
        title=title,
        place=place,
        activity_type=type_,
        note=note,
        participants=None if who is None else clean_names([w for w in who if w not in NOTHING]),
        also=None if also is None else tuple(also),
        closes=close,
        reopens=close is False or None,
        attendance=None if attendance is None else read_attendance(attendance, zero=True),
        effect=effect,
        reason=reason,
        again=again,
        large=certain or None,
    )
    voided, recorded = _amend(app_context(ctx), entry_id, community, change, dry_run)
    if as_json:
        print_json(entry_json(recorded.entry, recorded.project))
        return
    if dry_run:
        typer.echo("试算，没有写入：")
    if voided is not None:
        show_voided(voided, f"改记到{recorded.project.name}")
    done = "已改记" if voided else "已更正" if change.changes_activity else "已补写"
    show_recorded(recorded, "" if dry_run else done)


def _amend(
    context: AppContext,
    entry_id: str,
    community: str | None,
    change: ActivityInput,
    dry_run: bool,
) -> tuple[RecordedEntry | None, RecordedEntry]:
    """Correct an entry, or move it to another community; ask if its group or case is doubtful.

    Return the voided entry of a move, otherwise None, and the new entry.
    """
    from sgtrack.app.amend import amend_entry
    from sgtrack.app.move_entry import move_entry

    try:
        moved = (
            None
            if community is None
            else move_entry(context, entry_id, community, change, dry_run=dry_run)
        )
        return moved or (None, amend_entry(context, entry_id, change, dry_run=dry_run))
    except (SimilarSeries, ClosedSeries) as doubtful:
        if not can_ask() or change.title is None:
            raise
        asked = ask_series(doubtful, change)
        return _amend(context, entry_id, community, asked, dry_run)
    except Unconfirmed as unusual:
        if not can_ask():
            raise
        typer.echo(f"{unusual.message}。")
        if not ask_yes(unusual.question):
            typer.echo("没有写入")
            raise typer.Exit(1) from None
        return _amend(context, entry_id, community, change.allow(unusual), dry_run)


def void(
    ctx: typer.Context,
    entry_id: EntryId,
    reason: Reason = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """作废一条记录：不再计数，但和原因一起留在台账里。

    例：sgtrack void 7K3QF2 -r 重复记录

    例：sgtrack void 7K3QF2 -r 活动取消 --dry-run
    """
    from sgtrack.app.amend import void_entry

    recorded, shown_reason = void_entry(app_context(ctx), entry_id, reason, dry_run=dry_run)
    if as_json:
        print_json(entry_json(recorded.entry, recorded.project) | {"voided": True})
        return
    if dry_run:
        typer.echo("试算，没有写入：")
    show_voided(recorded, shown_reason)
