"""``log`` from a sentence or a whole report: what was read is shown, asked about and confirmed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sgtrack.cli.guided_log import ask_amount, ask_day, ask_item
from sgtrack.cli.prompts import ask_yes, can_ask
from sgtrack.cli.recording import check_all, record
from sgtrack.entry.amount_parsing import AmountInput
from sgtrack.entry.proposal import Words
from sgtrack.model.decoding import decoded
from sgtrack.model.errors import Refused
from sgtrack.model.units import plain
from sgtrack.sentence.event_splitting import MAX_SENTENCE
from sgtrack.targets.lookup import find_candidates

if TYPE_CHECKING:
    from sgtrack.app.context import AppContext
    from sgtrack.model.contract import Item, Project
    from sgtrack.sentence.sentence_reader import SentenceReading

_SENTENCE = re.compile(r"[，。；！,;]|\d|[一二三四五六七八九十两]+[个场次名人份户]")
_SHORTEST = 8
_LONGEST_REPORT = 20_000


def is_sentence(project: Project, text: str) -> bool:
    """Whether what stands in the place of an item is a sentence of a report."""
    return len(text) > MAX_SENTENCE or (
        len(text) >= _SHORTEST
        and not text.isascii()
        and _SENTENCE.search(text) is not None
        and not find_candidates(project, text)
    )


def tell(
    context: AppContext,
    project: Project,
    text: str,
    files: list[Path],
    *,
    dry_run: bool,
    certain: bool,
) -> None:
    """Log one sentence after a yes.

    Args:
        context: the context of the command.
        project: the contract.
        text: the sentence.
        files: evidence for the activity.
        dry_run: only show what would be written.
        certain: write without asking; refused where something is open.

    Raises:
        Refused: something is open and nobody can be asked.
    """
    from sgtrack.sentence.sentence_reader import read_sentence

    reading = read_sentence(project, text, context.today)
    _show(context, project, reading)
    words = _settled(context, project, reading, ask_user=can_ask() and not certain)
    if not (dry_run or certain):
        if not can_ask():
            raise Refused("没有写入：要您确认", f"确认无误就加 --yes，或者输入 {command(words)}")
        record(context, project, words, [], dry_run=True)
        if not ask_yes("写入吗"):
            typer.echo("没有写入")
            return
    record(context, project, words, files, dry_run=dry_run)


def tell_report(context: AppContext, project: Project, *, dry_run: bool, certain: bool) -> None:
    """Log the events of a report that is pasted or piped in, each after a yes.

    Raises:
        Refused: there is no event in it, or something is open and nobody can be asked; then
            nothing is written.
    """
    from sgtrack.sentence.event_splitting import split_events
    from sgtrack.sentence.sentence_reader import read_sentence

    asking = can_ask() and not certain
    if sys.stdin.isatty():
        typer.echo("粘贴汇报，另起一行按 Ctrl-D 结束（Windows 按 Ctrl-Z 再回车）：", err=True)
    report = decoded(sys.stdin.buffer.read(4 * _LONGEST_REPORT + 1))
    if report is None:
        raise Refused("汇报不是文字，读不懂", "从微信或 Word 里复制文字再粘贴")
    if len(report) > _LONGEST_REPORT:
        raise Refused(f"汇报超过 {_LONGEST_REPORT} 个字", "分几次粘贴")
    found = split_events(project, report, context.today)
    if not found:
        raise Refused("没有读出活动", "写明做了什么、多少，如 3月12日开展政策宣讲，服务80人次")
    typer.echo(f"读出 {len(found)} 次活动")
    readings = [read_sentence(project, text, context.today) for text in found]
    if asking:
        for number, reading in enumerate(readings, start=1):
            typer.echo(f"\n第 {number} 次，共 {len(readings)} 次")
            _show(context, project, reading)
            words = _settled(context, project, reading, ask_user=True)
            record(context, project, words, [], dry_run=True)
            if not dry_run and ask_yes("写入吗"):
                record(context, project, words, [])
        return
    for reading in readings:
        _show(context, project, reading)
    settled = [_settled(context, project, reading, ask_user=False) for reading in readings]
    check_all(context, project, settled)
    if dry_run:
        typer.echo("试算，没有写入")
    elif certain:
        for words in settled:
            record(context, project, words, [])
    else:
        raise Refused("没有写入：要您确认", "确认无误就加 --yes")


def command(words: Words) -> str:
    """The command line that logs the same."""
    parts = ["sgtrack log", words.item]
    parts += [f"{plain(typed.amount)}{typed.unit}" for typed in words.amounts]
    parts += [f"-d {words.day}"]
    parts += [f'-t "{words.title}"'] if words.title else []
    parts += [f'--place "{words.place}"'] if words.place else []
    return " ".join(parts)


def _show(context: AppContext, project: Project, reading: SentenceReading) -> None:
    from sgtrack.screen.console import out
    from sgtrack.screen.sentence_view import reading_table

    typer.echo(reading.text)
    out().print(reading_table(project, reading, context.today))


def _settled(
    context: AppContext, project: Project, reading: SentenceReading, *, ask_user: bool
) -> Words:
    """What the sentence says, with every open question answered."""
    from sgtrack.sentence.amount_selection import select_amounts

    item = reading.item or _asked_item(project, reading, ask_user=ask_user)
    day = _settled_day(context, project, reading, ask_user=ask_user)
    known, questions = select_amounts(project, item, reading.text)
    amounts = [AmountInput(one.amount, unit, one.words) for unit, one in known.items()]
    for question in questions:
        near = plain(question.near) if question.near is not None else ""
        if not ask_user:
            raise Refused(
                f"“{question.words}”不是准确的数", f"按实际的数写，如 {near or 80}{question.unit}"
            )
        hint = f"原文写“{question.words}”，按实际的数改；不计就删掉"
        typed = ask_amount(question.unit, near, hint=hint)
        if typed is not None:
            amounts.append(typed)
    return Words(
        item=item.code,
        amounts=amounts,
        day=day,
        title=reading.title,
        place=reading.place.words if reading.place else "",
    )


def _asked_item(project: Project, reading: SentenceReading, *, ask_user: bool) -> Item:
    listed = "、".join(f"{fit.item.code} {fit.item.name}" for fit in reading.items)
    if not ask_user:
        said = f"可以是 {listed}" if listed else "看不出是哪个服务项"
        raise Refused(f"“{reading.text[:20]}…”{said}", "用 sgtrack log 编号 数量 来记")
    if listed:
        typer.echo(f"可以是：{listed}")
    return ask_item(project)


def _settled_day(
    context: AppContext, project: Project, reading: SentenceReading, *, ask_user: bool
) -> str:
    if reading.day is None:
        return "今天" if not ask_user else ask_day(context, project)
    if reading.day.day is not None:
        return reading.day.day.isoformat()
    if not ask_user:
        raise Refused(f"“{reading.day.words}”不是哪一天", "写明日期，如 3月12日")
    return ask_day(context, project, "")
