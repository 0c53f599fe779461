"""``log`` with a sentence or a report: show the draft, ask open questions, and confirm."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import typer

from sgtrack.app.log import LedgerChanged, LogSession
from sgtrack.cli.draft_prompts import Answer, Settled, read_draft, settle_draft, show_draft
from sgtrack.cli.late_entry import ask_late_reason
from sgtrack.cli.prompts import RunMode, ask_yes
from sgtrack.entry.activity_input import ActivityInput
from sgtrack.model.errors import Refused
from sgtrack.model.text import LONGEST_PASSAGE, decode_text
from sgtrack.model.units import plain
from sgtrack.screen.console import Paragraph, out, print_json
from sgtrack.screen.entry_view import entry_json
from sgtrack.screen.movement_view import show_effect, show_recorded
from sgtrack.screen.sentence_view import drafts_json, why
from sgtrack.sentence.activity_draft import (
    DAY,
    ITEM,
    TITLE,
    ActivityDraft,
    OpenQuestion,
)
from sgtrack.sentence.report_reading import read_report

_OF_ONE_ACTIVITY = {
    "amounts": "数量",
    "day": "-d",
    "title": "-t",
    "evidence": "-e",
    "closes": "--close",
    "attendance": "--attendance",
    "effect": "--effect",
}
"""Options that are refused for a report with several activities, by field."""


def log_sentence(session: LogSession, typed: ActivityInput, text: str, mode: RunMode) -> None:
    """Log the activity that a text and typed values describe, after a confirmation.

    Typed values replace values of the text.

    Raises:
        Refused: something is open or must be confirmed, but no question can be asked.
    """
    if mode.may_ask:
        _log_after_questions(session, typed, text, dry_run=mode.dry_run)
        return
    draft = read_draft(session, text, typed)
    if mode.as_json and mode.dry_run:
        print_json(drafts_json(session.project, [draft], [], session.context.today))
        return
    if not mode.as_json:
        show_draft(session, draft)
    activity = _without_questions(draft)
    if mode.dry_run:
        show_effect(session.record(activity, dry_run=True))
    elif mode.certain:
        _record(session, [activity], mode)
    else:
        raise Refused("没有写入：尚未确认", _confirm_hint(activity))


def _log_after_questions(
    session: LogSession, typed: ActivityInput, text: str, *, dry_run: bool
) -> None:
    while True:
        settled = settle_draft(session, text, typed, confirm=not dry_run)
        typed = settled.typed
        if settled.answer is Answer.NONE:
            return
        if settled.answer is Answer.NO or settled.shown is None:
            typer.echo("没有写入")
            return
        activity, shown = settled.draft.recorded(), settled.shown
        explained = ask_late_reason(session, activity)
        if explained != activity:
            shown = session.record(explained, dry_run=True)
        try:
            recorded = session.record(explained, shown)
        except LedgerChanged:
            typer.echo("刚才另一个程序写了台账，现在要写入的：")
        else:
            show_recorded(recorded, "已记录")
            return


def log_report(session: LogSession, typed: ActivityInput, mode: RunMode) -> None:
    """Log the activities of a report on standard input, after a confirmation of each.

    The typed options apply to every activity. Nothing is written before all are settled.

    Raises:
        Refused: the report has no activity, an option can apply to only one of several activities,
            or something is open or must be confirmed, but no question can be asked.
    """
    project, today = session.project, session.context.today
    report = read_report(project, _read_report(), today)
    texts = report.events
    if mode.as_json and mode.dry_run:
        drafts = [read_draft(session, text, typed) for text in texts]
        print_json(drafts_json(project, drafts, report.unread, today))
        return
    if not texts:
        raise Refused("没有读出活动", "写明做了什么、多少，如 3月12日开展政策宣讲，服务80人次")
    written = [word for name, word in _OF_ONE_ACTIVITY.items() if getattr(typed, name)]
    if written and len(texts) > 1:
        raise Refused(
            f"汇报里有 {len(texts)} 次活动，{'、'.join(written)} 只能写给一次活动",
            "去掉这些选项，写在汇报里；或一次活动一次活动地记",
        )
    if not mode.as_json:
        typer.echo(f"读出 {len(texts)} 次活动")
        for line in report.unread:
            out().print(Paragraph(f"没有读成活动：{line}", style="dim"))
    if mode.may_ask:
        _log_events_after_questions(session, typed, texts, dry_run=mode.dry_run)
        return
    drafts = [read_draft(session, text, typed) for text in texts]
    if not mode.as_json:
        for draft in drafts:
            show_draft(session, draft)
    activities = [_without_questions(draft) for draft in drafts]
    session.check_all(activities)
    if mode.dry_run:
        typer.echo("试算，没有写入")
    elif mode.certain:
        _record(session, activities, mode)
    else:
        raise Refused("没有写入：尚未确认", "确认无误就加 --yes")


def _log_events_after_questions(
    session: LogSession, typed: ActivityInput, texts: Sequence[str], *, dry_run: bool
) -> None:
    confirmed: list[Settled] = []
    try:
        for number, text in enumerate(texts, start=1):
            typer.echo(f"\n第 {number} 次，共 {len(texts)} 次")
            _settle_event(session, typed, text, confirmed, confirm=not dry_run)
    except (typer.Abort, KeyboardInterrupt):
        if not confirmed or not ask_yes(f"停下。已经确认的 {len(confirmed)} 次写入台账", "不写"):
            raise typer.Abort from None
    if dry_run:
        return
    if not confirmed:
        typer.echo("没有写入")
        return
    activities = _activities(confirmed)
    session.check_all(activities)
    explained = [ask_late_reason(session, activity) for activity in activities]
    _record(session, explained, RunMode())


def _settle_event(
    session: LogSession,
    typed: ActivityInput,
    text: str,
    confirmed: list[Settled],
    *,
    confirm: bool,
) -> None:
    """Settle an event of a report; if the officer wants, join it to the event before.

    The event is added to ``confirmed``, the list of events to record. If the officer interrupts or
    skips a joined event, the events before it stay in the list unchanged.
    """
    joined: list[Settled] = []
    is_settled = False
    try:
        while True:
            settled = settle_draft(
                session,
                text,
                typed,
                before=_activities(confirmed),
                can_join=bool(confirmed),
                confirm=confirm,
                decline="跳过这一次",
            )
            if settled.answer is not Answer.JOIN:
                break
            previous = confirmed.pop()
            joined.insert(0, previous)
            text, typed = f"{previous.draft.text}\n{text}", previous.typed
        is_settled = settled.answer is Answer.YES
    finally:
        confirmed += [settled] if is_settled else joined
    if settled.answer is Answer.NO:
        typer.echo("跳过，上一次照确认过的" if joined else "跳过")


def _activities(confirmed: Iterable[Settled]) -> list[ActivityInput]:
    return [settled.draft.recorded() for settled in confirmed]


def _record(session: LogSession, activities: list[ActivityInput], mode: RunMode) -> None:
    recorded = [session.record(activity) for activity in activities]
    if mode.as_json:
        entries = [entry_json(one.entry, one.project) for one in recorded]
        print_json(entries[0] if len(entries) == 1 else entries)
        return
    for one in recorded:
        show_recorded(one, "已记录")


def _read_report() -> str:
    if sys.stdin.isatty():
        typer.echo("粘贴汇报，另起一行按 Ctrl-D 结束（Windows 按 Ctrl-Z 再回车）：", err=True)
    report = decode_text(sys.stdin.buffer.read(4 * LONGEST_PASSAGE + 1))
    if report is None:
        raise Refused("汇报不是文字，读不懂", "从微信或 Word 里复制文字再粘贴")
    if len(report) > LONGEST_PASSAGE:
        raise Refused(f"汇报超过 {LONGEST_PASSAGE} 个字", "分几次粘贴")
    return report


def _confirm_hint(activity: ActivityInput) -> str:
    """Return a hint to add ``--yes`` or to enter an equivalent command line.

    The command line is left out if it would show names of participants.
    """
    if activity.participants:
        return "确认无误就加 --yes"
    amounts = [f"{plain(a.amount)}{a.unit or ''}" for a in activity.amounts or () if a.amount]
    parts = ["sgtrack log", activity.item or "", *amounts, f"-d {activity.day}"]
    options = [
        ("-t", activity.title),
        ("--place", activity.place),
        ("--type", activity.activity_type),
        ("--note", activity.note),
        ("--effect", activity.effect),
        ("--attendance", activity.attendance),
        ("-r", activity.reason),
        *(("--also", code) for code in activity.also or ()),
        *(("-e", str(path)) for path in activity.evidence or ()),
    ]
    parts += [f'{option} "{value}"' for option, value in options if value]
    parts += ["--close"] if activity.closes else []
    parts += ["--again"] if activity.again else []
    return f"确认无误就加 --yes，或者输入 {' '.join(parts)}"


def _without_questions(draft: ActivityDraft) -> ActivityInput:
    """Return the values to record.

    Raises:
        Refused: the draft has open questions; the message lists them.
    """
    if not draft.questions:
        return draft.recorded()
    reasons = "；".join(_open_words(draft, question) for question in draft.questions)
    raise Refused(reasons, "；".join(dict.fromkeys(map(_option_for, draft.questions))))


def _open_words(draft: ActivityDraft, question: OpenQuestion) -> str:
    if question.asked == ITEM and draft.candidates:
        listed = "、".join(f"{item.code} {item.name}" for item in draft.candidates)
        return f"“{draft.text[:20]}…”可以是 {listed}"
    return why(question)


def _option_for(question: OpenQuestion) -> str:
    """Return the option that answers a question in advance."""
    if question.asked == ITEM:
        return "用 sgtrack log 编号 数量 来记"
    if question.asked == DAY:
        return "用 -d 写明日期，如 -d 3-12"
    if question.asked == TITLE:
        return "用 -t 写上名称"
    return f"在后面写上实际的数，如 80{question.asked}；没有就写 0{question.asked}"
