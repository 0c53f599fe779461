"""``log`` with a sentence or a report: show what was read, ask open questions, and confirm."""

from __future__ import annotations

import sys

import typer

from sgtrack.app.log import LedgerChanged, LogSession
from sgtrack.cli.guided_log import ask_amount, ask_day, ask_item
from sgtrack.cli.prompts import ask_yes, can_ask
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.amount_parsing import AmountInput
from sgtrack.model.contract import Item, Project
from sgtrack.model.errors import Refused
from sgtrack.model.text import decode_text
from sgtrack.model.units import plain
from sgtrack.screen.console import out
from sgtrack.screen.movement_view import show_recorded
from sgtrack.screen.sentence_view import reading_table
from sgtrack.sentence.amount_selection import select_amounts
from sgtrack.sentence.sentence_reader import SentenceReading, read_sentence, split_events
from sgtrack.targets.lookup import find_item

_LONGEST_REPORT = 20_000
_OF_ONE_ACTIVITY = {
    "amounts": "数量",
    "day": "-d",
    "title": "-t",
    "evidence": "-e",
    "closes": "--close",
}
"""Options that are refused for a report with several activities, by field."""


def log_sentence(
    session: LogSession, typed: ActivityInput, text: str, *, dry_run: bool, certain: bool
) -> None:
    """Log the activity in a sentence after a confirmation.

    Typed options replace what the sentence says. With ``certain``, no question is asked.

    Raises:
        Refused: something is unclear or must be confirmed, but no question can be asked.
    """
    reading = read_sentence(session.project, text, session.context.today)
    _show(session, reading)
    activity = _settle(session, typed, reading, ask_user=can_ask() and not certain)
    if dry_run:
        show_recorded(session.record(activity, dry_run=True))
    elif certain:
        show_recorded(session.record(activity), "已记录")
    elif not can_ask():
        raise Refused("没有写入：要您确认", _confirm_hint(activity))
    else:
        record_after_yes(session, activity)


def log_report(session: LogSession, typed: ActivityInput, *, dry_run: bool, certain: bool) -> None:
    """Log the activities of a report on standard input, each after a confirmation.

    The typed options apply to every activity. With ``certain``, no question is asked. Without
    questions, all activities are checked before the first one is written.

    Raises:
        Refused: the report has no activity, an option can apply to only one of several activities,
            or something is unclear or must be confirmed, but no question can be asked.
    """
    project, today = session.project, session.context.today
    texts = split_events(project, _read_report(), today)
    if not texts:
        raise Refused("没有读出活动", "写明做了什么、多少，如 3月12日开展政策宣讲，服务80人次")
    written = [word for field, word in _OF_ONE_ACTIVITY.items() if getattr(typed, field)]
    if written and len(texts) > 1:
        raise Refused(
            f"汇报里有 {len(texts)} 次活动，{'、'.join(written)} 只能写给一次活动",
            "去掉这些选项，写在汇报里；或一次活动一次活动地记",
        )
    typer.echo(f"读出 {len(texts)} 次活动")
    readings = [read_sentence(project, text, today) for text in texts]
    if can_ask() and not certain:
        for number, reading in enumerate(readings, start=1):
            typer.echo(f"\n第 {number} 次，共 {len(readings)} 次")
            _show(session, reading)
            activity = _settle(session, typed, reading, ask_user=True)
            record_after_yes(session, activity, dry_run=dry_run)
        return
    for reading in readings:
        _show(session, reading)
    activities = [_settle(session, typed, reading, ask_user=False) for reading in readings]
    session.check_all(activities)
    if dry_run:
        typer.echo("试算，没有写入")
    elif certain:
        for activity in activities:
            show_recorded(session.record(activity), "已记录")
    else:
        raise Refused("没有写入：要您确认", "确认无误就加 --yes")


def record_after_yes(
    session: LogSession, activity: ActivityInput, heading: str = "", *, dry_run: bool = False
) -> None:
    """Show how an activity changes the figures, and record it after a confirmation.

    If another program writes to the ledger before the answer, show the new figures and ask again.
    """
    if heading:
        typer.echo(heading)
    shown = session.record(activity, dry_run=True)
    show_recorded(shown)
    while not dry_run:
        if not ask_yes("写入吗"):
            typer.echo("没有写入")
            return
        try:
            recorded = session.record(activity, shown)
        except LedgerChanged as changed:
            shown = changed.now
            typer.echo("刚才另一个程序写了台账，现在要写入的：")
            show_recorded(shown)
        else:
            show_recorded(recorded, "已记录")
            return


def _read_report() -> str:
    if sys.stdin.isatty():
        typer.echo("粘贴汇报，另起一行按 Ctrl-D 结束（Windows 按 Ctrl-Z 再回车）：", err=True)
    report = decode_text(sys.stdin.buffer.read(4 * _LONGEST_REPORT + 1))
    if report is None:
        raise Refused("汇报不是文字，读不懂", "从微信或 Word 里复制文字再粘贴")
    if len(report) > _LONGEST_REPORT:
        raise Refused(f"汇报超过 {_LONGEST_REPORT} 个字", "分几次粘贴")
    return report


def _confirm_hint(activity: ActivityInput) -> str:
    """Return a hint to add ``--yes`` or to enter an equivalent command line.

    The command line is left out if it would show names of participants.
    """
    if activity.participants:
        return "确认无误就加 --yes"
    amounts = [f"{plain(a.amount)}{a.unit or ''}" for a in activity.amounts or ()]
    parts = ["sgtrack log", activity.item or "", *amounts, f"-d {activity.day}"]
    options = [
        ("-t", activity.title),
        ("--place", activity.place),
        ("--type", activity.activity_type),
        ("--note", activity.note),
        ("-r", activity.reason),
        *(("--also", code) for code in activity.also or ()),
        *(("-e", str(path)) for path in activity.evidence or ()),
    ]
    parts += [f'{option} "{value}"' for option, value in options if value]
    parts += ["--close"] if activity.closes else []
    parts += ["--again"] if activity.again else []
    return f"确认无误就加 --yes，或者输入 {' '.join(parts)}"


def _show(session: LogSession, reading: SentenceReading) -> None:
    typer.echo(reading.text)
    out().print(reading_table(session.project, reading, session.context.today))


def _settle(
    session: LogSession, typed: ActivityInput, reading: SentenceReading, *, ask_user: bool
) -> ActivityInput:
    """Merge the typed options with what the sentence says.

    Unclear parts are asked about if ``ask_user`` is true, and refused otherwise.
    """
    project = session.project
    if typed.item is not None:
        item = find_item(project, typed.item)
    else:
        item = reading.item or _ask_item(project, reading, ask_user=ask_user)
    day = typed.day or _settle_day(session, reading, ask_user=ask_user)
    understood, questions = select_amounts(project, item, reading.text)
    amounts = [AmountInput(read.amount, unit, read.words) for unit, read in understood.items()]
    typed_units = typed.amount_units(project.units_of(item.code))
    for question in questions:
        if question.unit in typed_units:
            continue
        near = plain(question.near) if question.near is not None else ""
        if not ask_user:
            raise Refused(
                f"“{question.words}”不是准确的数", f"按实际的数写，如 {near or 80}{question.unit}"
            )
        hint = f"原文写“{question.words}”，按实际的数改；不计就删掉"
        amount = ask_amount(question.unit, near, hint=hint)
        if amount is not None:
            amounts.append(amount)
    read = ActivityInput(
        item=item.code,
        amounts=tuple(amounts),
        day=day,
        title=reading.title,
        place=reading.place.words if reading.place else None,
    )
    return session.merge(typed, read)


def _ask_item(project: Project, reading: SentenceReading, *, ask_user: bool) -> Item:
    listed = "、".join(f"{fit.item.code} {fit.item.name}" for fit in reading.items)
    if not ask_user:
        reason = f"可以是 {listed}" if listed else "看不出是哪个服务项"
        raise Refused(f"“{reading.text[:20]}…”{reason}", "用 sgtrack log 编号 数量 来记")
    if listed:
        typer.echo(f"可以是：{listed}")
    return ask_item(project)


def _settle_day(session: LogSession, reading: SentenceReading, *, ask_user: bool) -> str:
    if reading.day is None:
        return "今天" if not ask_user else ask_day(session.context, session.project)
    if reading.day.day is not None:
        return reading.day.day.isoformat()
    if not ask_user:
        raise Refused(f"“{reading.day.words}”不是哪一天", "写明日期，如 3月12日")
    return ask_day(session.context, session.project, "")
