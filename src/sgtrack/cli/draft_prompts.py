"""Shows the draft of an activity, asks its open questions, and lets the officer correct it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Unpack

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
from sgtrack.cli.prompts import (
    DECLINED,
    NO,
    YES,
    Declined,
    GoBack,
    Leaving,
    ask,
    ask_choice,
    ask_series,
    ask_yes,
    key_of,
)
from sgtrack.entry.activity_input import ActivityInput, units_of
from sgtrack.entry.series_matching import ClosedSeries, SimilarSeries
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
    further_words,
    why,
)
from sgtrack.sentence.activity_draft import (
    CLOSES,
    DAY,
    ITEM,
    TITLE,
    ActivityDraft,
    draft_activity,
)
from sgtrack.sentence.quantities import find_quantities

_NEUTRAL = "□"
"""A character that never belongs to a number, a unit or a name."""
JOIN = ("j", "并")
"""Answers that join an event of a report to the one before."""


class Answer(Enum):
    """The officer's decision about a draft; in a dry run she is not asked."""

    YES = "yes"
    NO = "no"
    JOIN = "join"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Settled:
    """A draft as the officer left it.

    ``typed`` are the officer's options and answers; ``shown`` is the dry run that was shown, or
    None if the activity cannot be recorded as it is.
    """

    answer: Answer
    typed: ActivityInput
    draft: ActivityDraft
    shown: RecordedEntry | None


def read_draft(session: LogSession, text: str, typed: ActivityInput) -> ActivityDraft:
    """Draft the activity of a text; amounts within the words of a typed title are part of its name.

    Raises:
        Refused: the text is too long, or a typed item is not in the contract.
    """
    named = list(typed.title or "")
    for quantity in find_quantities(typed.title or ""):
        place = slice(quantity.start, quantity.end)
        named[place] = _NEUTRAL * len(named[place])
    words = text.replace(typed.title, "".join(named)) if typed.title else text
    draft = draft_activity(session.project, words, typed, session.context.today)
    return replace(draft, text=text)


def settle_draft(
    session: LogSession,
    text: str,
    typed: ActivityInput,
    *,
    before: Sequence[ActivityInput] = (),
    can_join: bool = False,
    confirm: bool = True,
    decline: str = "不记",
) -> Settled:
    """Ask the open questions of a draft, show it, and correct it until the officer decides.

    ``before`` are activities that she confirmed and that are not recorded yet. Without ``confirm``,
    the draft is only shown. ``decline`` says what the answer n means, such as 跳过这一次.

    Raises:
        typer.Abort: the officer pressed Ctrl-C or Ctrl-D.
    """
    is_first = True
    while True:
        draft = read_draft(session, text, typed)
        shown: RecordedEntry | None = None
        try:
            answered = _ask_open(session, draft, typed, decline, is_first=is_first, names=confirm)
            is_first = False
            if answered is not None:
                typed = answered
                continue
            rows = show_draft(session, draft, numbered=confirm)
            shown, answered = _try_out(session, draft, typed, before, decline if confirm else "")
        except Declined:
            return Settled(Answer.NO, typed, draft, None)
        if answered is not None:
            typed = answered
            continue
        if not confirm:
            return Settled(Answer.NONE, typed, draft, shown)
        decision = _decide(len(rows), decline, can_write=shown is not None, can_join=can_join)
        if isinstance(decision, Answer):
            return Settled(decision, typed, draft, shown)
        try:
            typed = _change(session, draft, rows[decision - 1].field, typed)
        except (Declined, GoBack):
            continue


def _ask_open(
    session: LogSession,
    draft: ActivityDraft,
    typed: ActivityInput,
    decline: str,
    *,
    is_first: bool,
    names: bool,
) -> ActivityInput | None:
    """Ask the first open question, and return the typed values with the answer, or None.

    The result is None if no question is open. ``names`` allows the question for the participants of
    an item that counts per person.

    Raises:
        Declined: the officer does not want to record the activity.
    """
    item, values = draft.item, draft.values
    units = units_of(session.project, item.code, values.also or ()) if item is not None else ()
    without_unit = [a for a in values.amounts or () if a.unit is None and len(units) > 1]
    if is_first and (draft.questions or without_unit):
        show_draft(session, draft)
    for amount in without_unit:
        typer.echo(f"“{amount.text}”没有写单位：")
        unit = units[ask_choice("是哪个单位", units, decline=decline)]
        others = tuple(other for other in typed.amounts or () if other != amount)
        with_unit = replace(amount, unit=unit, text=f"{amount.text}{unit}")
        return replace(typed, amounts=others).with_amount(unit, with_unit)
    if draft.questions:
        question = draft.questions[0]
        typer.echo(f"{why(question)}：" if question.asked != ITEM else f"{why(question)}。")
        near = plain(question.near) if question.near is not None else ""
        return _ask(session, draft, question.asked, typed, near, decline=decline)
    if names and item is not None and item.per_person and values.participants is None:
        typer.echo(f"{item.code} {item.name} 按每个人计，没有写参加的人：")
        return _ask(session, draft, NAMES, typed, "", decline=decline)
    return None


def _try_out(
    session: LogSession,
    draft: ActivityDraft,
    typed: ActivityInput,
    before: Sequence[ActivityInput],
    decline: str,
) -> tuple[RecordedEntry | None, ActivityInput | None]:
    """Show the result of recording a draft, or ask about a doubtful or unusual value.

    Without ``decline`` nothing is asked.

    Returns:
        The dry run, or None if the activity cannot be recorded as it is; and the typed values with
        an answer, or None if there is no new one.

    Raises:
        Declined: the officer does not want to record the activity.
    """
    try:
        shown = session.try_out(draft.recorded(), before)
    except (SimilarSeries, ClosedSeries) as doubtful:
        if decline:
            titled = replace(typed, title=draft.values.title)
            return None, ask_series(doubtful, titled, decline=decline)
        typer.echo(f"{doubtful.message}。{doubtful.hint}")
    except Unconfirmed as unusual:
        _print(f"{unusual.message}。")
        no = "不是，要改" if unusual.allowing == "large" else "不是"
        if decline and ask_yes(unusual.question, no):
            return None, typed.allow(unusual)
    except Refused as refused:
        _print(f"还不能写入：{refused.message}。{refused.hint}")
    else:
        show_effect(shown)
        return shown, None
    return None, None


def _print(text: str) -> None:
    out().print(Paragraph(text))


def show_draft(
    session: LogSession, draft: ActivityDraft, *, numbered: bool = False
) -> tuple[DraftRow, ...]:
    """Print the text, the rows of its draft and the numbers that are not used; return the rows."""
    rows = draft_rows(session.project, draft, session.context.today)
    if draft.text:
        _print(draft.text)
    out().print(draft_table(rows, numbered=numbered))
    if further := further_words(draft.values):
        _print(f"另外：{further}")
    if draft.unused:
        _print(f"没有用到：{'、'.join(draft.unused)}")
    return rows


def _decide(rows: int, decline: str, *, can_write: bool, can_join: bool) -> Answer | int:
    """Ask whether to record the activity; return the answer, or the number of a row to change."""

    def decision(text: str) -> Answer | int:
        key = key_of(text)
        if key.isdecimal() and 0 < int(key) <= rows:
            return int(key)
        if key in (*NO, *DECLINED):
            return Answer.NO
        if can_write and key in YES:
            return Answer.YES
        if can_join and key in JOIN:
            return Answer.JOIN
        raise Refused(
            f"请写 1 到 {rows} 的编号" if can_write or text else "先改好再写入",
            f"编号改那一行，n {decline}" + ("，回车写入" if can_write else ""),
        )

    choices = [
        "回车确认" if can_write else "",
        f"1–{rows} 改那一行",
        "j 并入上一次" if can_join else "",
        f"n {decline}",
    ]
    label = f"确认写入？（{'，'.join(filter(None, choices))}）"
    return decision(ask(label, decision, at_first="要改哪一行，就写那一行的编号"))


def _change(
    session: LogSession, draft: ActivityDraft, field: str, typed: ActivityInput
) -> ActivityInput:
    """Ask for the value of a row again; the present one is the default.

    Raises:
        Declined, GoBack: the value is to stay as it is.
    """
    if field == CLOSES:
        return replace(typed, closes=not draft.values.closes)
    amounts = {unit: plain(amount) for unit, amount in draft.amounts.items()}
    default = draft.values.day or "" if field == DAY else amounts.get(field, "")
    return _ask(session, draft, field, typed, default, decline="不改这一行", can_go_back=True)


def _ask(
    session: LogSession,
    draft: ActivityDraft,
    field: str,
    typed: ActivityInput,
    default: str,
    **leaving: Unpack[Leaving],
) -> ActivityInput:
    project, values = session.project, draft.values
    if field == DAY:
        return replace(typed, day=ask_day(session.context, project, default, **leaving))
    if field == ITEM or draft.item is None:
        known = f"{draft.item.code} {draft.item.name}" if draft.item is not None else ""
        item = ask_item(project, known, draft.candidates, **leaving)
        units = units_of(project, item.code, typed.also or ())
        fitting = tuple(a for a in typed.amounts or () if a.unit is None or a.unit in units)
        return replace(typed, item=item.code, amounts=fitting or None)
    earlier = session.earlier(draft.item.code)
    if field == TITLE:
        return replace(typed, title=ask_title(draft.item, values.title or "", earlier, **leaving))
    if field == PLACE:
        return replace(typed, place=ask_place(values.place or "", earlier, **leaving))
    if field == TYPE:
        chosen = ask_type(draft.item, values.activity_type or "", **leaving)
        return replace(typed, activity_type=chosen)
    if field == NAMES:
        names = ask_names(values.participants or (), session.roster_names(), **leaving)
        return replace(typed, participants=names)
    return typed.with_amount(field, ask_amount(field, default, **leaving))
