"""``log``: from options, from a sentence, from a whole report, or one question after the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.command_context import app_context
from sgtrack.cli.options import (
    Again,
    Also,
    Amounts,
    Close,
    Community,
    Day,
    DryRun,
    Files,
    Note,
    Place,
    Title,
    Type,
    Who,
    complete_entry,
    complete_item,
)
from sgtrack.cli.prompts import ask_yes, can_ask
from sgtrack.cli.recording import record
from sgtrack.model.errors import Refused

if TYPE_CHECKING:
    from sgtrack.entry.amount_parsing import AmountInput
    from sgtrack.entry.proposal import Words
    from sgtrack.model.contract import Project


def log(
    ctx: typer.Context,
    item: Annotated[
        str | None,
        typer.Argument(
            metavar="服务项",
            help="编号（5.1）、名称里的几个字（殡葬）或拼音首字母（bz）；也可以写一句话；不写就一步步问",
            autocompletion=complete_item,
            show_default=False,
        ),
    ] = None,
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
    again_like: Annotated[
        str | None,
        typer.Option(
            "--again-like",
            metavar="编号",
            help="照以前的一条记：没有写的都和它一样，日期除外",
            autocompletion=complete_entry,
            show_default=False,
        ),
    ] = None,
    paste: Annotated[bool, typer.Option("--paste", help="粘贴一整篇汇报，每次活动提一条")] = False,
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
    certain: Annotated[bool, typer.Option("--yes", "-y", help="读出的内容不用再确认")] = False,
    dry_run: DryRun = False,
    community: Community = None,
) -> None:
    """记一次活动，马上看到指标的变化。不带内容就一步步问。

    例：sgtrack log 5.1 3人次

    例：sgtrack log 殡葬 80人次 100份 -d 3-12 -t 惠民殡葬进小区 -e 签到表.jpg

    例：sgtrack log "3月12日在社区广场开展惠民殡葬政策宣讲，发放资料100份，服务80人次"
    """
    from sgtrack.entry.amount_parsing import read_amounts
    from sgtrack.entry.proposal import Words
    from sgtrack.entry.text_cleaning import clean_names

    context = app_context(ctx)
    if item is None and again_like is None and not paste and not can_ask():
        hint = "如 sgtrack log 5.1 3人次；在终端里可以只写 sgtrack log，一步步问"
        raise Refused("少写了服务项", hint, exit_code=2)
    project = context.project(community)
    if paste:
        from sgtrack.cli.log_text import tell_report

        tell_report(context, project, dry_run=dry_run, certain=certain)
        return
    typed = read_amounts(amounts or [])
    if item is not None and not typed:
        from sgtrack.cli.log_text import is_sentence, tell

        if is_sentence(project, item):
            tell(context, project, item, files or [], dry_run=dry_run, certain=certain)
            return
    words = Words(
        item=item or "",
        amounts=typed,
        day=day if day is not None else "今天",
        title=title or "",
        place=place or "",
        kind=type_ or "",
        note=note or "",
        names=clean_names(who or []),
        also=tuple(also or ()),
        closes=close,
    )
    if again_like is not None:
        words = _like(context, project, again_like, words)
    if item is None and (again_like is None or (can_ask() and not certain)):
        _ask_everything(
            context, project, words if again_like else None, files or [], dry_run=dry_run
        )
        return
    if dry_run:
        typer.echo("试算，没有写入：")
    record(context, project, words, files or [], reason=reason, again=again, dry_run=dry_run)


def _ask_everything(
    context: AppContext, project: Project, start: Words | None, files: list[Path], *, dry_run: bool
) -> None:
    from sgtrack.cli.guided_log import ask_words

    words, chosen = ask_words(context, project, start, files)
    typer.echo("要写入的：")
    record(context, project, words, chosen, dry_run=True)
    if dry_run:
        return
    if ask_yes("写入吗"):
        record(context, project, words, chosen)
    else:
        typer.echo("没有写入")


def _like(context: AppContext, project: Project, entry_id: str, words: Words) -> Words:
    """What was typed, and for the rest what an earlier activity has."""
    from sgtrack.entry.amount_parsing import AmountInput
    from sgtrack.ledger.entry_reads import find_entry
    from sgtrack.model.units import matching_unit, plain
    from sgtrack.targets.lookup import find_item

    old = find_entry(context.workspace.ledger, entry_id).activity
    if old.community != project.slug:
        raise Refused(
            f"{entry_id} 是 {old.community} 的记录", f"加上 -c {old.community}，或照本社区的一条记"
        )
    item = find_item(project, words.item or old.item)
    units = project.units_of(item.code)
    written: list[AmountInput] = words.amounts
    given = {matching_unit(one.unit, units) if one.unit else units[0] for one in written if units}
    kept = [
        AmountInput(amount, unit, f"{plain(amount)}{unit}")
        for unit, amount in old.amounts.items()
        if unit in units and unit not in given
    ]
    return replace(
        words,
        item=item.code,
        amounts=[*written, *kept],
        title=words.title or old.title,
        place=words.place or old.place,
        kind=words.kind or old.activity_type,
        names=words.names or old.participants,
        also=words.also or old.also,
    )
