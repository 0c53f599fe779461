"""``people``: manage the rosters and show each person's training record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgtrack.app.rosters import (
    add_people,
    read_training,
    record_leaving,
    void_person,
    write_training,
)
from sgtrack.app.rosters import import_people as import_from_file
from sgtrack.app.rosters import list_people as read_rosters
from sgtrack.cli.completion import complete_role
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, AsOf, Community, DryRun, Reason, WithNames, app_context
from sgtrack.cli.prompts import read_file_password
from sgtrack.screen.console import out, print_apart, print_json
from sgtrack.screen.people_view import (
    WARNING,
    people_table,
    rosters_json,
    training_json,
    training_sheet,
)

app = typer.Typer(
    cls=RefusalGroup,
    name="people",
    help="名册和培养记录：合同按每个人计的指标，要先登记名册。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Role = Annotated[
    str,
    typer.Option(
        "--role",
        metavar="角色",
        help="社区工作者、志愿者、老年人、儿童",
        autocompletion=complete_role,
    ),
]


@app.command("add", cls=ChineseCommand)
def add(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="姓名", help="一个或多个姓名")],
    role: Role = "社区工作者",
    since: Annotated[
        str | None, typer.Option("--since", metavar="日期", help="从哪天起，不写就是项目开始")
    ] = None,
    community: Community = None,
) -> None:
    """把人登记到名册。

    例：sgtrack people add 甲 乙 丙 --role 社区工作者

    例：sgtrack people add 丁 --since 7-1
    """
    project, count = add_people(app_context(ctx), community, names, role, since)
    typer.echo(f"{project.name}的{role}名册加了 {count} 人")


@app.command("import", cls=ChineseCommand)
def import_people(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="Excel 或 CSV，第一行写 姓名", readable=False)
    ],
    role: Role = "社区工作者",
    dry_run: DryRun = False,
    community: Community = None,
) -> None:
    """从 Excel 或 CSV 导入名册；列名：姓名，可以有 角色、起始日期。有一行不对就一个也不写。

    例：sgtrack people import 名册.xlsx

    例：sgtrack people import 志愿者.csv --role 志愿者 --dry-run
    """
    project, count = import_from_file(
        app_context(ctx), community, file, role, read_file_password, dry_run=dry_run
    )
    done = "可以导入" if dry_run else "导入了"
    typer.echo(f"{project.name}的名册{done} {count} 人")


@app.command("void", cls=ChineseCommand)
def void(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="姓名", help="名册上的姓名")],
    role: Role = "社区工作者",
    reason: Reason = "",
    community: Community = None,
) -> None:
    """把登记错的人从名册去掉；记录里的姓名不变，用 sgtrack amend 更正。

    例：sgtrack people void 错名 -r 名字写错

    例：sgtrack people void 甲 --role 志愿者 -r 登记错了角色
    """
    project = void_person(app_context(ctx), community, name, role, reason)
    typer.echo(f"{project.name}的{role}名册去掉了 1 人")


@app.command("leave", cls=ChineseCommand)
def leave(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="姓名", help="一个或多个姓名")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="日期", help="最后一天，不写就是今天")
    ] = None,
    role: Role = "社区工作者",
    community: Community = None,
) -> None:
    """写明一个人离开名册的最后一天：算到那一天为止，以前的记录不变。

    回来了就再登记一次：sgtrack people add 甲 --since 9-1

    例：sgtrack people leave 甲 --on 6-30

    例：sgtrack people leave 丁 戊 --role 志愿者
    """
    project, count, day = record_leaving(app_context(ctx), community, names, role, on)
    typer.echo(f"{project.name}的{role}名册有 {count} 人算到 {day} 为止")


@app.command("list", cls=ChineseCommand)
def list_people(
    ctx: typer.Context,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """看名册上每个人和各自的培训时间；默认不显示姓名。

    例：sgtrack people list --with-names

    例：sgtrack people list --json
    """
    pages = read_rosters(app_context(ctx), community)
    if as_json:
        print_json(rosters_json(pages, with_names))
        return
    if with_names:
        typer.echo(WARNING)
    for page in pages:
        if page.people:
            out().print(people_table(page, with_names))
    if not any(page.people for page in pages):
        typer.echo("名册为空：sgtrack people add 甲 乙")


@app.command("training", cls=ChineseCommand)
def training(
    ctx: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="文件",
            help="写成 .xlsx、.docx 或 .md 文件；不写就显示在屏幕上",
        ),
    ] = None,
    as_of: AsOf = None,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """每个人的培养记录：日期、课程、学时和合计，一次没参加的也在内。

    例：sgtrack people training --with-names

    例：sgtrack people training --with-names -o 培养记录.xlsx
    """
    context = app_context(ctx)
    if output is not None:
        write_training(context, community, as_of, output, with_names=with_names)
        typer.echo(f"培养记录：{output}")
        return
    projects = context.projects(community)
    records = read_training(context, projects, as_of, with_names=with_names)
    if as_json:
        print_json([training_json(record) for record in records])
    else:
        print_apart(training_sheet(record) for record in records)
