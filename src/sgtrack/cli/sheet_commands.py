"""``export``, ``sheet`` and ``import``: write and read Excel files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.options import AsOf, Community, DryRun, WithNames, app_context
from sgtrack.cli.prompts import among, ask, can_ask, read_passphrase
from sgtrack.model.errors import Refused
from sgtrack.outputs import check_outputs, write_outputs, writing_output
from sgtrack.sheets.headings import (
    FIELDS,
    NOT_IN_SHEETS,
    Layout,
    check_meaning,
    find_layout,
    plain_heading,
    read_remembered,
    remember,
)
from sgtrack.sheets.table_reader import SheetTable, read_tables

if TYPE_CHECKING:
    from sgtrack.sheets.classify_rows import ClassifiedRows

_MOST_SHOWN = 200
_LONG = 300
"""Minimum number of rows for a progress bar."""


def export(
    ctx: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="文件", help="要写的 .xlsx 文件")],
    as_of: AsOf = None,
    with_names: WithNames = False,
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="加密，要设密码；写成 文件.sealed")
    ] = False,
    decrypt: Annotated[
        Path | None, typer.Option("--decrypt", metavar="文件", help="不导出，把加密的文件还原出来")
    ] = None,
    community: Community = None,
) -> None:
    """把台账导出为 Excel：完成情况（公式）、全部记录、每类一张，可直接打印。

    例：sgtrack export 台账.xlsx

    例：sgtrack export 上半年.xlsx --as-of 6-30 -c 三里 --encrypt

    例：sgtrack export 上半年.xlsx --decrypt 上半年.xlsx.sealed
    """
    from sgtrack.app.exchange_sheets import read_export
    from sgtrack.privacy.encryption import SUFFIX, decrypt_file, encrypt_file
    from sgtrack.sheets.workbook_export import Book, write_workbook

    context = app_context(ctx)
    _check_name(output)
    if decrypt is not None:
        write = partial(writing_output, context.workspace, inputs=(decrypt,))
        decrypt_file(decrypt, output, read_passphrase(twice=False), write)
        typer.echo(f"已还原：{output}")
        return
    project = context.project(community)
    if encrypt:
        output = output.with_name(output.name + SUFFIX)
    check_outputs(context.workspace, (output,))
    secret = read_passphrase(twice=True) if encrypt else ""
    until = context.past_day(as_of, project)
    progress, entries = read_export(context, project, until, with_names=with_names)
    book = write_workbook(Book(progress, entries, with_names))
    if encrypt:
        encrypt_file(BytesIO(book), output, secret, partial(writing_output, context.workspace))
    else:
        write_outputs(context.workspace, {output: book})
    typer.echo(f"{project.name}的台账（{len(entries)} 条记录，截至 {until}）：{output}")


def sheet(
    ctx: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="文件", help="要写的 .xlsx 文件")],
    community: Community = None,
) -> None:
    """给没有装 sgtrack 的同事一张空的登记表：服务项、单位可以下拉选；填好后导入。

    例：sgtrack sheet 活动登记表.xlsx

    例：sgtrack sheet 三里登记表.xlsx -c 三里
    """
    from sgtrack.sheets.entry_form import write_entry_form

    context = app_context(ctx)
    project = context.project(community)
    _check_name(output)
    write_outputs(context.workspace, {output: write_entry_form(project)})
    typer.echo(f"{project.name}的空登记表：{output}；填好后用 sgtrack import {output.name} 导入")


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
    dry_run: DryRun = False,
    community: Community = None,
) -> None:
    """从 Excel 或 CSV 导入活动：登记表，或任何有日期和服务项的表。有一格不对就一行也不写。

    例：sgtrack import 活动登记表.xlsx

    例：sgtrack import 旧台账.csv --map 干了啥=标题 --dry-run
    """
    from sgtrack.app.exchange_sheets import read_sheet_rows, record_rows  # loads SQLModel

    context = app_context(ctx)
    project = context.project(community)
    layouts, meanings = _read_layouts(context, read_tables(file), mapping or [])
    total = sum(len(table.table.rows) - table.head - 1 for table in layouts)
    with _progress("读取", total) as advance:
        rows = read_sheet_rows(context, project, layouts, advance)
    _refuse_bad(rows)
    if not rows.new and not rows.existing:
        raise Refused(f"文件 {file} 里没有活动", "列名下面一行写一次活动")
    if rows.new:
        with _progress("写入", len(rows.new)) as advance:
            rows = record_rows(context, project, layouts, rows, advance, dry_run=dry_run)
        _refuse_bad(rows)
    if not dry_run:
        _remember_headings(context, meanings)
    done = "可以导入" if dry_run else "导入了"
    skipped = f"，{rows.existing} 条台账里已有，跳过" if rows.existing else ""
    typer.echo(f"{done} {len(rows.new)} 条记录{skipped}")


def _refuse_bad(rows: ClassifiedRows) -> None:
    """Refuse an import if a row of the sheets is bad, and list the bad rows."""
    if rows.bad:
        lines = [f"有 {len(rows.bad)} 处不对：", *(f"    {bad}" for bad in rows.bad[:_MOST_SHOWN])]
        if len(rows.bad) > _MOST_SHOWN:
            lines.append(f"    还有 {len(rows.bad) - _MOST_SHOWN} 处")
        raise Refused("\n".join(lines), "改好后重新导入；一行也没有写入")


def _check_name(output: Path) -> None:
    if output.suffix.lower() != ".xlsx":
        raise Refused(f"“{output.name}”不是 Excel 文件的名字", "文件名以 .xlsx 结尾，如 台账.xlsx")
    if output.is_dir():
        raise Refused(f"{output} 是文件夹", "写文件名，如 台账.xlsx")


def _read_layouts(
    context: AppContext, tables: tuple[SheetTable, ...], mapping: list[str]
) -> tuple[list[Layout], dict[str, str]]:
    """Return the layouts of all tables of activities, and the new meanings of their headings.

    The meanings of unknown headings are asked for, if questions are possible.
    """
    meanings = _read_mapping(mapping)
    remembered = read_remembered(context.workspace.root) | meanings
    candidates = [layout for table in tables if (layout := find_layout(table, remembered))]
    for candidate in candidates:
        for heading in candidate.unknown if candidate.columns else ():
            if heading not in meanings and can_ask():
                meanings[heading] = ask(
                    f"“{heading}”这一列是",
                    check_meaning,
                    hint=f"{'、'.join(FIELDS)}，或一个单位，如 人次",
                    completer=among((field, "") for field in FIELDS),
                )
    remembered |= meanings
    readings = [find_layout(table, remembered) for table in tables]
    layouts = [layout for layout in readings if layout and layout.is_complete]
    unknown = [heading for layout in layouts for heading in layout.unknown]
    if not layouts:
        headings = [heading for candidate in candidates for heading in candidate.unknown]
        hint = f"，如 --map {headings[0]}=服务项" if headings else ""
        raise Refused(
            "没有找到“日期”和“服务项”两列", f"第一行写列名；列名不同就用 --map 说明{hint}"
        )
    for heading in unknown:
        if heading in NOT_IN_SHEETS:
            raise Refused(
                f"登记表里不能写“{heading}”",
                f"加上 --map {heading}=不用；{NOT_IN_SHEETS[heading]}",
            )
    if unknown:
        raise Refused(
            f"不认识这些列：{'、'.join(dict.fromkeys(unknown))}",
            f"用 --map {unknown[0]}=标题 这样说明，不要的写 --map {unknown[0]}=不用",
        )
    return layouts, meanings


def _remember_headings(context: AppContext, meanings: dict[str, str]) -> None:
    """Store the meanings of headings for later imports; only warn if that fails."""
    try:
        if meanings:
            remember(context.workspace.root, meanings)
    except Refused as refused:
        typer.echo(f"注意：记录写好了，只是没有记住列名：{refused.message}", err=True)


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
