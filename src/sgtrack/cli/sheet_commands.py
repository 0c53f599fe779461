"""``export`` and ``sheet``: write Excel files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgtrack.cli.options import AsOf, Community, WithNames, app_context
from sgtrack.cli.prompts import read_new_passphrase
from sgtrack.model.errors import Refused
from sgtrack.outputs import check_outputs, write_outputs


def export(
    ctx: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="文件", help="要写的 .xlsx 文件")],
    as_of: AsOf = None,
    with_names: WithNames = False,
    protect: Annotated[
        bool, typer.Option("--password", help="设打开密码：Excel、WPS 打开文件时要输入")
    ] = False,
    community: Community = None,
) -> None:
    """把台账导出为 Excel：完成情况（公式）、全部记录、每类一张，可直接打印。

    例：sgtrack export 台账.xlsx

    例：sgtrack export 上半年.xlsx --as-of 6-30 -c 三里

    例：sgtrack export 台账.xlsx --with-names --password
    """
    from sgtrack.app.exchange_sheets import read_export
    from sgtrack.privacy.office_encryption import encrypt_workbook
    from sgtrack.sheets.workbook_export import Book, write_workbook

    context = app_context(ctx)
    _check_name(output)
    project = context.project(community)
    check_outputs(context.workspace, (output,))
    password = read_new_passphrase() if protect else ""
    until = context.past_day(as_of, project)
    progress, entries = read_export(context, project, until, with_names=with_names)
    book = write_workbook(Book(progress, entries, with_names))
    if protect:
        book = encrypt_workbook(book, password)
    write_outputs(context.workspace, {output: book})
    typer.echo(f"{project.name}的台账（{len(entries)} 条记录，截至 {until}）：{output}")
    if protect:
        typer.echo("打开时要输入密码；忘了密码谁也打不开，只能再导出一份")
    if not password.isascii():
        typer.echo("注意：Excel 的密码框里不一定能用输入法打汉字，打不了就粘贴", err=True)


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


def _check_name(output: Path) -> None:
    if output.suffix.lower() != ".xlsx":
        raise Refused(f"“{output.name}”不是 Excel 文件的名字", "文件名以 .xlsx 结尾，如 台账.xlsx")
    if output.is_dir():
        raise Refused(f"{output} 是文件夹", "写文件名，如 台账.xlsx")
