"""``log``: record activities from options, a sentence, a whole report, or guided questions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.completion import complete_entry, complete_item
from sgtrack.cli.options import (
    Again,
    Also,
    Amounts,
    AsJson,
    Attendance,
    CloseOrReopen,
    Community,
    Day,
    DryRun,
    Effect,
    Files,
    Note,
    Place,
    Title,
    Type,
    Who,
    app_context,
)
from sgtrack.cli.prompts import RunMode, ask_series, can_ask
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import read_amounts, read_attendance
from sgtrack.entry.series_matching import ClosedSeries, SimilarSeries
from sgtrack.entry.text_cleaning import clean_names
from sgtrack.model.errors import Incomplete, Refused, Unconfirmed
from sgtrack.targets.lookup import find_candidates

if TYPE_CHECKING:
    from sgtrack.app.log import LogSession, RecordedEntry
    from sgtrack.model.contract import Project

_SENTENCE = re.compile(r"[，。；！,;]|\d|[一二三四五六七八九十两]+[个场次名人份户]")
_SHORTEST, _SURELY_LONG, _LONGEST_ITEM = 4, 7, 1000
"""Lengths in characters: of the shortest sentence with a number or a comma, of the shortest one
without, and of the longest item."""


def log(
    ctx: typer.Context,
    item: Annotated[
        str | None,
        typer.Argument(
            metavar="服务项",
            help="编号（5.1）、名称里的几个字（殡葬）或拼音首字母（bz）；也可以写一句话；不写时逐项询问",
            autocompletion=complete_item,
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
    effect: Effect = None,
    attendance: Attendance = None,
    close: CloseOrReopen = None,
    again_like: Annotated[
        str | None,
        typer.Option(
            "--again-like",
            metavar="编号",
            help="照以前的一条记：没有写的都和它一样，日期除外",
            autocompletion=complete_entry,
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
    certain: Annotated[
        bool, typer.Option("--yes", "-y", help="读出的内容、写明的数量无需再确认")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """记一次活动，立即显示指标的变化。不带内容时逐项询问。

    例：sgtrack log 5.1 3人次

    例：sgtrack log 殡葬 80人次 100份 -d 3-12 -t 惠民殡葬进小区 -e 签到表.jpg

    例：sgtrack log "3月12日在社区广场开展惠民殡葬政策宣讲，发放资料100份，服务80人次"
    """
    context = app_context(ctx)
    mode = RunMode(dry_run, certain, as_json)
    if item is None and again_like is None and not (paste or mode.may_ask):
        hint = "如 sgtrack log 5.1 3人次；在终端里可以只写 sgtrack log，逐项询问"
        raise Refused("少写了服务项", hint, exit_code=2)
    if again_like is not None and community is None:
        from sgtrack.app.log import community_of_entry  # slow, see below

        community = community_of_entry(context, again_like)
    project = context.project(community)
    is_text = paste
    if item is not None and not paste:
        item, amounts, is_text = _sort_words(
            project, item, amounts or [], only_reads=dry_run and as_json, is_copy=bool(again_like)
        )
    typed = ActivityInput(
        item=item,
        amounts=tuple(read_amounts(amounts, zero=is_text)) if amounts else None,
        day=day,
        title=title,
        place=place,
        activity_type=type_,
        note=note,
        participants=clean_names(who) if who else None,
        also=tuple(also) if also else None,
        closes=close or None,
        reopens=close is False or None,
        attendance=None if attendance is None else read_attendance(attendance),
        effect=effect,
        evidence=tuple(files) if files else None,
        reason=reason or None,
        again=again or None,
        large=(certain and bool(amounts)) or None,
    )
    if is_text and again_like is not None:
        raise Refused(
            "--again-like 不能和一句话或 --paste 一起用",
            f"照以前的一条记，不同的内容用选项写，如 sgtrack log --again-like {again_like} -d 3-12",
        )
    # This import takes half a second (SQLModel and Rich); completion and help do not need it.
    from sgtrack.app.log import log_session

    with log_session(context, project) as session:
        if again_like is not None:
            copied, left_out = session.like(again_like, typed)
            typed = session.merge(typed, copied)
            if left_out and not as_json:
                typer.echo(f"照 {again_like} 记，这些没有照抄：{'、'.join(left_out)}")
        if is_text or (item is None and mode.may_ask):
            _log_with_questions(session, typed, is_text=is_text, paste=paste, mode=mode)
        else:
            _log_activity(session, typed, mode)


def _log_with_questions(
    session: LogSession,
    typed: ActivityInput,
    *,
    is_text: bool,
    paste: bool,
    mode: RunMode,
) -> None:
    """Log a sentence, a report, a copy of an older entry, or answers to questions."""
    # These imports load lists of phrases; an entry made of options is a tenth faster without them.
    from sgtrack.cli.guided_log import ask_activity
    from sgtrack.cli.log_text import log_report, log_sentence

    if paste:
        log_report(session, typed, mode)
    elif is_text:
        log_sentence(session, replace(typed, item=None), typed.item or "", mode)
    else:
        activity = typed if typed.item is not None else ask_activity(session, typed)
        log_sentence(session, activity, "", mode)


def _sort_words(
    project: Project, item: str, amounts: list[str], *, only_reads: bool, is_copy: bool
) -> tuple[str | None, list[str], bool]:
    """Decide whether words are a sentence, or an item with its amounts.

    A sentence may be typed without quotation marks. With ``--again-like`` (``is_copy``), amounts
    may be typed without an item. If ``only_reads`` is true, everything that is not an item is a
    sentence.

    Returns:
        The item or the sentence, the amounts, and whether it is a sentence.
    """
    if len(item) <= _LONGEST_ITEM and find_candidates(project, item):
        return item, amounts, False
    if not (item.isascii() or _are_amounts(amounts) or any(w.startswith("-") for w in amounts)):
        item, amounts = " ".join([item, *amounts]), []
    if only_reads or _is_sentence(item):
        return item, amounts, True
    if is_copy and item:  # such as: --again-like 7K3QF2 90人次
        return None, [item, *amounts], False
    return item, amounts, False


def _is_sentence(text: str) -> bool:
    """Return whether a text that names no item is a sentence about an activity."""
    if len(text) > _LONGEST_ITEM:
        return True
    if text.isascii() or _are_amounts([text]):
        return False
    return len(text) >= _SURELY_LONG or (
        len(text) >= _SHORTEST and _SENTENCE.search(text) is not None
    )


def _are_amounts(words: list[str]) -> bool:
    try:
        read_amounts(words)
    except Refused:
        return False
    return True


def _log_activity(session: LogSession, activity: ActivityInput, mode: RunMode) -> None:
    """Log an activity that was given by options; ask only for what is missing or unusual."""
    # These imports load Rich, which JSON does not need.
    if mode.as_json:
        from sgtrack.screen.console import print_json
        from sgtrack.screen.entry_view import entry_json

        recorded = session.record(activity, dry_run=mode.dry_run)
        print_json(entry_json(recorded.entry, recorded.project))
        return
    from sgtrack.screen.movement_view import show_recorded

    try:
        if mode.dry_run:
            typer.echo("试算，没有写入：")
        elif not mode.certain:
            from sgtrack.cli.late_entry import ask_late_reason  # loads the use case of log

            activity = ask_late_reason(session, activity)
        recorded = _record(session, activity, mode)
    except (Incomplete, Unconfirmed):
        if not mode.may_ask:
            raise
        from sgtrack.cli.log_text import log_sentence  # loads lists of phrases

        log_sentence(session, activity, "", mode)
    else:
        show_recorded(recorded, "" if mode.dry_run else "已记录")


def _record(session: LogSession, activity: ActivityInput, mode: RunMode) -> RecordedEntry:
    """Record an activity, after asking which group or case it belongs to if that is doubtful."""
    try:
        return session.record(activity, dry_run=mode.dry_run)
    except (SimilarSeries, ClosedSeries) as doubtful:
        if not can_ask():
            raise
        return _record(session, ask_series(doubtful, activity), mode)
