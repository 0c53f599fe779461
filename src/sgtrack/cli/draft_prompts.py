"""Shows the draft of an activity, asks what is open, and lets the officer correct every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import typer

from sgtrack.app.log import LogSession, RecordedEntry
from sgtrack.cli.field_prompts import (
    ask_amount,
    ask_day,
    ask_item,
    ask_names,
    ask_place,
    ask_title,
    ask_type,
)
from sgtrack.cli.prompts import NO, YES, ask, ask_series, ask_yes
from sgtrack.entry.activity_input import ActivityInput, units_of
from sgtrack.entry.series_matching import SimilarSeries
from sgtrack.model.errors import Refused, Unconfirmed
from sgtrack.model.units import plain
from sgtrack.screen.console import Paragraph, out
from sgtrack.screen.movement_view import show_effect
from sgtrack.screen.sentence_view import (
    NAMES,
    PLACE,
    TYPE,
    DraftRow,
    draft_rows,
    draft_table,
    why,
)
from sgtrack.sentence.activity_draft import (
    CLOSES,
    DAY,
    ITEM,
    TITLE,
    ActivityDraft,
    OpenQuestion,
    draft_activity,
)

JOIN = ("j", "J", "并")
"""Answers that join an event of a report to the one before."""


class Answer(Enum):
    """What the officer decided about a draft."""

    YES = "yes"
    NO = "no"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Settled:
    """A draft as the officer left it.

    ``typed`` are her options and answers; ``shown`` is the dry run that she saw, or None if the
    activity cannot be recorded as it is.
    """

    answer: Answer
    typed: ActivityInput
    draft: ActivityDraft
    shown: RecordedEntry | None


def settle_draft(
    session: LogSession,
    text: str,
    typed: ActivityInput,
    *,
    before: Sequence[ActivityInput] = (),
    can_join: bool = False,
    confirm: bool = True,
) -> Settled:
    """Ask what is open in the draft of an activity, show it, and correct it until she decides.

    ``before`` are activities that she confirmed and that are not recorded yet. Without ``confirm``,
    the draft is only shown.

    Raises:
        typer.Abort: the officer pressed Ctrl-C or Ctrl-D.
    """
    is_first = True
    shown: RecordedEntry | None
    while True:
        draft = draft_activity(session.project, text, typed, session.context.today)
        if draft.questions:
            if is_first:
                show_draft(session, draft)
                is_first = False
            typed = _answer(session, draft, draft.questions[0], typed)
            continue
        is_first = False
        rows = show_draft(session, draft, numbered=confirm)
        try:
            shown = session.try_out(draft.recorded(), before)
        except SimilarSeries as similar:
            if confirm:
                typed = ask_series(similar, replace(typed, title=draft.values.title))
                continue
            typer.echo(f"{similar.message}。{similar.hint}")
            shown = None
        except Unconfirmed as unusual:
            typer.echo(f"{unusual.message}。")
            if confirm and ask_yes(unusual.question):
                typed = typed.allow(unusual)
                continue
            shown = None
        except Refused as refused:
            typer.echo(f"还不能写入：{refused.message}。{refused.hint}")
            shown = None
        else:
            show_effect(shown)
        if not confirm:
            return Settled(Answer.NO, typed, draft, shown)
        decision = _decide(len(rows), can_write=shown is not None, can_join=can_join)
        if isinstance(decision, Answer):
            return Settled(decision, typed, draft, shown)
        typed = _change(session, draft, rows[decision - 1].field, typed)


def show_draft(
    session: LogSession, draft: ActivityDraft, *, numbered: bool = False
) -> tuple[DraftRow, ...]:
    """Print the text, the rows of its draft and the numbers that are not used; return the rows."""
    rows = draft_rows(session.project, draft, session.context.today)
    if draft.text:
        out().print(Paragraph(draft.text))
    out().print(draft_table(rows, numbered=numbered))
    if draft.unused:
        out().print(Paragraph(f"没有用到：{'、'.join(draft.unused)}"))
    return rows


def _decide(rows: int, *, can_write: bool, can_join: bool) -> Answer | int:
    """Ask whether to write the activity; return the number of a row that she wants to change."""

    def decision(text: str) -> Answer | int:
        if text.isdigit() and 0 < int(text) <= rows:
            return int(text)
        if text.lower() in NO:
            return Answer.NO
        if can_write and text.lower() in YES:
            return Answer.YES
        if can_join and text in JOIN:
            return Answer.JOIN
        raise Refused(
            f"请写 1 到 {rows} 的编号" if can_write or text else "先改好再写入",
            "编号改那一行，n 不写" + ("，回车写入" if can_write else ""),
        )

    choices = [
        "回车=是" if can_write else "",
        f"1–{rows}=改那一行",
        "j=并入上一次" if can_join else "",
        "n=否",
    ]
    return decision(ask(f"写入吗（{'，'.join(filter(None, choices))}）", decision))


def _answer(
    session: LogSession, draft: ActivityDraft, question: OpenQuestion, typed: ActivityInput
) -> ActivityInput:
    """Ask an open question, with her words quoted, and return the typed values with the answer."""
    typer.echo(f"{why(question)}：" if question.asked != ITEM else f"{why(question)}。")
    near = plain(question.near) if question.near is not None else ""
    return _ask(session, draft, question.asked, typed, near)


def _change(
    session: LogSession, draft: ActivityDraft, field: str, typed: ActivityInput
) -> ActivityInput:
    """Ask for the value of a row again; the present one is the default."""
    if field == CLOSES:
        return replace(typed, closes=not draft.values.closes)
    amounts = {unit: plain(amount) for unit, amount in draft.amounts.items()}
    default = draft.values.day or "" if field == DAY else amounts.get(field, "")
    return _ask(session, draft, field, typed, default)


def _ask(
    session: LogSession, draft: ActivityDraft, field: str, typed: ActivityInput, default: str
) -> ActivityInput:
    project, values = session.project, draft.values
    if field == DAY:
        return replace(typed, day=ask_day(session.context, project, default))
    if field == ITEM or draft.item is None:
        known = f"{draft.item.code} {draft.item.name}" if draft.item is not None else ""
        item = ask_item(project, known, draft.candidates)
        units = units_of(project, item.code, typed.also or ())
        fitting = tuple(a for a in typed.amounts or () if a.unit is None or a.unit in units)
        return replace(typed, item=item.code, amounts=fitting or None)
    earlier = session.earlier(draft.item.code)
    if field == TITLE:
        return replace(typed, title=ask_title(draft.item, values.title or "", earlier))
    if field == PLACE:
        return replace(typed, place=ask_place(values.place or "", earlier))
    if field == TYPE:
        return replace(typed, activity_type=ask_type(draft.item, values.activity_type or ""))
    if field == NAMES:
        names = ask_names(values.participants or (), session.roster_names())
        return replace(typed, participants=names)
    return typed.with_amount(field, ask_amount(field, default))
