"""``import``: read activities and corrections from Excel and CSV files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.options import Community, DryRun, Reason, app_context
from sgtrack.cli.prompts import among, ask, ask_yes, can_ask, read_file_password
from sgtrack.entry.text_cleaning import clean_reason
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused
from sgtrack.sheets.cell_parsing import place_of
from sgtrack.sheets.headings import (
    FIELDS,
    NOT_IN_SHEETS,
    Layout,
    check_meaning,
    find_layout,
    is_of_a_period,
    plain_heading,
    read_remembered,
    remember,
)
from sgtrack.sheets.table_reader import SheetTable, as_text, read_tables
from sgtrack.sheets.workbook_process import Cell
from sgtrack.targets.lookup import find_item

if TYPE_CHECKING:
    from sgtrack.app.exchange_sheets import SheetImport
    from sgtrack.app.sheet_corrections import Question
    from sgtrack.sheets.classify_rows import Choice

_MOST_SHOWN = 200
_LONG = 300
"""Minimum number of rows for a progress bar."""


def import_sheet(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="Excel（.xlsx、.xls）或 CSV 文件", readable=False)
    ],
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="列名=内容",
            help="说明一列是什么，如 --map 干了啥=标题；不要的列写 不用；以后会记住",
        ),
    ] = None,
    reason: Reason = "",
    dry_run: DryRun = False,
    community: Community = None,
) -> None:
    """从 Excel 或 CSV 导入活动：登记表，或任何有日期和服务项的表。有一格有误，整张表均不写入。

    sgtrack export 导出的表改好了再导入，改过的地方就是更正，写入前逐条列出来。

    例：sgtrack import 活动登记表.xlsx

    例：sgtrack import 旧台账.csv --map 干了啥=标题 --dry-run

    例：sgtrack import 台账.xlsx -r 签到表核对后更正
    """
    from sgtrack.app.exchange_sheets import record_rows  # loads SQLModel
    from sgtrack.screen.import_view import (
        show_corrections,
        show_imported,
        show_notes,
        show_unread,
    )

    context = app_context(ctx)
    project = context.project(community)
    tables = read_tables(file, read_file_password)
    layouts, meanings = _read_layouts(context, tables, mapping or [])
    layouts = [_ask_codes(project, layout) for layout in layouts]
    found, choices = _read_rows(context, project, layouts)
    if not (found.has_rows or choices):
        raise Refused(f"文件 {file} 里没有活动", "列名下面一行写一次活动")
    show_unread(tables, layouts)
    show_notes(found)
    show_corrections(found)
    if found.changes_ledger:
        reason = "" if dry_run else _confirm(found, reason)
        with _progress("写入", len(found.rows.new)) as advance:
            found = record_rows(
                context, layouts, found, advance, choices, reason=reason, dry_run=dry_run
            )
        _refuse_bad(found)
    if not dry_run:
        _remember_headings(context, meanings)
    show_imported(found, dry_run=dry_run)


def _read_rows(
    context: AppContext, project: Project, layouts: list[Layout]
) -> tuple[SheetImport, dict[tuple[str, int], Choice]]:
    """Read the rows, and ask about doubtful ones until none is left; return the answers, too.

    Raises:
        Refused: a row is bad, or is doubtful while the program cannot ask.
    """
    from sgtrack.app.exchange_sheets import read_sheet_rows

    total = sum(len(layout.table.rows) - layout.head - 1 for layout in layouts)
    choices: dict[tuple[str, int], Choice] = {}
    while True:
        with _progress("读取", total) as advance:
            found = read_sheet_rows(context, project, layouts, advance, choices)
        _refuse_bad(found)
        if not found.edited.questions:
            return found, choices
        choices |= _choose(found.edited.questions)


def _confirm(found: SheetImport, reason: str) -> str:
    """Ask the officer to confirm the corrections; return the reason for them."""
    edited = found.edited
    if not can_ask():
        return reason
    if edited.foreign and not ask_yes("这张表是从别的台账导出的，确认按新的记录写入"):
        typer.echo("没有写入")
        raise typer.Exit(1)
    writes = [
        f"{len(changes)} 条{kind}"
        for changes, kind in ((edited.corrections, "更正"), (edited.effects, "成效"))
        if changes
    ]
    if not writes:
        return reason
    if edited.corrections and not reason.strip():

        def check(typed: str) -> None:
            clean_reason(typed, "更正", "签到表核对后更正")

        reason = ask(f"这 {len(edited.corrections)} 条更正的原因", check)
    if not ask_yes(f"确认写入这 {'、'.join(writes)}"):
        typer.echo("没有写入")
        raise typer.Exit(1)
    return reason


def _choose(questions: list[Question]) -> dict[tuple[str, int], Choice]:
    """Ask for the meaning of doubtful rows, and return the answers.

    Raises:
        Refused: the program cannot ask; the message lists the questions.
    """
    from sgtrack.screen.import_view import question_words

    if not can_ask():
        lines = [f"    {question_words(question)}" for question in questions[:_MOST_SHOWN]]
        raise Refused(
            "\n".join([f"有 {len(questions)} 行需要核实：", *lines]),
            "在终端里导入，会逐行询问；或在表里改好；一行也没有写入",
        )
    choices = {}
    for question in questions:
        typer.echo(question_words(question))
        for number, choice in enumerate(question.choices, start=1):
            typer.echo(f"    {number}  {choice.value}")
        numbers = [str(number + 1) for number in range(len(question.choices))]

        def check(typed: str, numbers: list[str] = numbers) -> None:
            if typed not in numbers:
                raise Refused("写前面的数字", "、".join(numbers))

        answer = ask("处理方式", check)
        choices[question.sheet, question.row] = question.choices[int(answer) - 1]
    return choices


def _refuse_bad(found: SheetImport) -> None:
    """Refuse an import if a row of the sheets is bad, and list the bad rows."""
    bad = found.bad
    if bad:
        lines = [f"有 {len(bad)} 处不对：", *(f"    {cell}" for cell in bad[:_MOST_SHOWN])]
        if len(bad) > _MOST_SHOWN:
            lines.append(f"    还有 {len(bad) - _MOST_SHOWN} 处")
        raise Refused("\n".join(lines), "改好后重新导入；一行也没有写入")


def _read_layouts(
    context: AppContext, tables: tuple[SheetTable, ...], mapping: list[str]
) -> tuple[list[Layout], dict[str, str]]:
    """Return the layouts of all tables of activities, and the new meanings of their headings.

    If questions are possible, the officer is asked for the meanings of unknown headings, and of
    several headings with the same meaning.
    """
    meanings = _read_mapping(mapping)
    remembered = read_remembered(context.workspace.root) | meanings
    visible = [table for table in tables if not table.is_hidden]
    candidates = [layout for table in visible if (layout := find_layout(table, remembered))]
    complete = [layout for layout in candidates if layout.is_complete]
    for layout in complete or candidates:
        for heading in layout.unknown:
            _ask_meaning(meanings, heading, "")
        for heading, earlier, meaning in layout.doubled:
            if heading != earlier:
                _ask_meaning(meanings, heading, f"（“{earlier}”已经是{meaning}）")
    remembered |= meanings
    readings = [find_layout(table, remembered) for table in visible]
    layouts = [layout for layout in readings if layout and layout.is_complete]
    if not layouts:
        headings = [heading for candidate in candidates for heading in candidate.unknown]
        hint = f"，如 --map {headings[0]}=服务项" if headings else ""
        raise Refused(
            "没有找到“日期”和“服务项”两列", f"第一行写列名；列名不同就用 --map 说明{hint}"
        )
    for layout in layouts:
        _refuse_headings(layout)
    return layouts, meanings


def _ask_meaning(meanings: dict[str, str], heading: str, remark: str) -> None:
    if heading not in meanings and can_ask():
        meanings[heading] = ask(
            f"“{heading}”这一列{remark}是",
            check_meaning,
            hint=f"{'、'.join(FIELDS)}，或一个单位，如 人次",
            completer=among((field, "") for field in FIELDS),
        )


def _ask_codes(project: Project, layout: Layout) -> Layout:
    """Ask which items are meant by numbers such as 5.1, because Excel turns 5.10 into 5.1."""
    place = layout.column_of("服务项")
    if place is None or not can_ask():
        return layout
    cells = {row[place] for row in islice(layout.table.rows, layout.head + 1, None)}
    numbers = [cell for cell in cells if isinstance(cell, float) and not cell.is_integer()]
    codes: dict[Cell, str] = {}
    for cell in sorted(numbers):
        typed = ask(
            f"“服务项”一列里的数字 {as_text(cell)} 是哪一项",
            lambda answer: find_item(project, answer),
            hint="Excel 把 5.10 也存成 5.1；写编号或名称里的几个字",
            completer=among((code, item.name) for code, item in project.items.items()),
        )
        codes[cell] = find_item(project, typed).code
    return replace(layout, codes=codes)


def _refuse_headings(layout: Layout) -> None:
    """Refuse a table with an unknown heading, or with two headings of the same meaning."""
    for heading in layout.unknown:
        if heading in NOT_IN_SHEETS:
            raise Refused(
                f"登记表里不能写“{heading}”",
                f"加上 --map {heading}=不用；{NOT_IN_SHEETS[heading]}",
            )
        if is_of_a_period(heading):
            raise Refused(
                f"“{heading}”这一列（{_cells(layout, heading)}）不是每次活动的数量",
                f"不要的写 --map {heading}=不用；确实是每次的数量，写 --map {heading}=人次 这样",
            )
    if layout.unknown:
        first = layout.unknown[0]
        raise Refused(
            f"不认识这些列：{'、'.join(layout.unknown)}",
            f"用 --map {first}=标题 这样说明，不要的写 --map {first}=不用",
        )
    for heading, earlier, meaning in layout.doubled:
        if heading == earlier:
            cells = _cells(layout, heading)
            raise Refused(f"有两列都叫“{heading}”（{cells}）", "给其中一列换个名字，或删掉一列")
        raise Refused(
            f"“{earlier}”（{_cells(layout, earlier)}）和“{heading}”"
            f"（{_cells(layout, heading)}）两列都是{meaning}",
            f"说明其中一列是什么，如 --map {heading}=备注；不要的写 --map {heading}=不用",
        )


def _cells(layout: Layout, heading: str) -> str:
    """Return where a heading is, such as 登记!C1."""
    places = (place for place, name in layout.headings.items() if name == heading)
    return "、".join(f"{layout.table.name}!{place_of(layout.head, place)}" for place in places)


def _remember_headings(context: AppContext, meanings: dict[str, str]) -> None:
    """Store the meanings of headings for later imports; only warn if that fails."""
    try:
        if meanings:
            remember(context.workspace.root, meanings)
    except Refused as refused:
        typer.echo(f"注意：记录已写入，但未能记住列名：{refused.message}", err=True)


def _read_mapping(mapping: list[str]) -> dict[str, str]:
    meanings = {}
    for written in mapping:
        heading, equals, meaning = written.replace("＝", "=").partition("=")
        if not equals:
            raise Refused(f"--map {written} 没有写等号", "写成 --map 列名=内容，如 干了啥=标题")
        check_meaning(meaning.strip())
        meanings[plain_heading(heading)] = meaning.strip()
    return meanings


@contextmanager
def _progress(words: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar on a terminal if there are at least ``_LONG`` rows.

    Yield a function that advances the bar by one row.
    """
    if total < _LONG or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from sgtrack.screen.console import out

    console = out(is_error=True)
    with Progress(
        words, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)
