"""``export`` and ``sheet``: write Excel files."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from sgtrack.cli.options import AsOf, Community, WithNames, app_context
from sgtrack.cli.prompts import read_passphrase
from sgtrack.model.errors import Refused
from sgtrack.outputs import check_outputs, write_outputs, writing_output


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


def _check_name(output: Path) -> None:
    if output.suffix.lower() != ".xlsx":
        raise Refused(f"“{output.name}”不是 Excel 文件的名字", "文件名以 .xlsx 结尾，如 台账.xlsx")
    if output.is_dir():
        raise Refused(f"{output} 是文件夹", "写文件名，如 台账.xlsx")
