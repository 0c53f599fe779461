"""``people``: the rosters, and the training record of whoever the contract counts per person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, AsOf, Community, DryRun, Reason, WithNames
from sgtrack.model.errors import Refused

if TYPE_CHECKING:
    from sgtrack.report.training_record import TrainingRecord

app = typer.Typer(
    cls=RefusalGroup,
    name="people",
    help="名册和培养记录：合同按每个人计的指标，要先登记名册。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Role = Annotated[
    str,
    typer.Option("--role", metavar="角色", help="社区工作者、志愿者、老年人、儿童"),
]


@app.command("add", cls=ChineseCommand)
def add(
    ctx: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="姓名", help="一个或多个姓名", show_default=False)
    ],
    role: Role = "社区工作者",
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="日期", help="从哪天起，不写就是项目开始", show_default=False
        ),
    ] = None,
    community: Community = None,
) -> None:
    """把人登记到名册。

    例：sgtrack people add 甲 乙 丙 --role 社区工作者

    例：sgtrack people add 丁 --since 7-1
    """
    from sgtrack.entry.roster_parsing import person
    from sgtrack.entry.text_cleaning import clean_names

    context = app_context(ctx)
    project = context.project(community)
    people = [person(project, name, role, since, context.today) for name in clean_names(names)]
    if not people:
        raise Refused("没有写姓名", "如 sgtrack people add 甲 乙")

    from sgtrack.ledger.append import add_people
    from sgtrack.recovery.ledger_writing import writing

    with writing(context.workspace.ledger) as transaction:
        add_people(transaction, people, context.origin())
    typer.echo(f"{project.name}的{role}名册加了 {len(people)} 人")


@app.command("import", cls=ChineseCommand)
def import_people(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="文件",
            help="Excel 或 CSV，第一行写 姓名",
            show_default=False,
            readable=False,
        ),
    ],
    role: Role = "社区工作者",
    dry_run: DryRun = False,
    community: Community = None,
) -> None:
    """从 Excel 或 CSV 导入名册；列名：姓名，可以有 角色、起始日期。有一行不对就一个也不写。

    例：sgtrack people import 名册.xlsx

    例：sgtrack people import 志愿者.csv --role 志愿者 --dry-run
    """
    from sgtrack.entry.roster_parsing import read_people
    from sgtrack.sheets.table_reader import read_tables

    context = app_context(ctx)
    project = context.project(community)
    people = read_people(project, read_tables(file)[0], role, context.today)

    from sgtrack.ledger.append import add_people
    from sgtrack.recovery.ledger_writing import writing

    with writing(context.workspace.ledger, keep=not dry_run) as transaction:
        add_people(transaction, people, context.origin())
    done = "可以导入" if dry_run else "导入了"
    typer.echo(f"{project.name}的名册{done} {len(people)} 人")


@app.command("void", cls=ChineseCommand)
def void(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="姓名", help="名册上的姓名", show_default=False)],
    role: Role = "社区工作者",
    reason: Reason = "",
    community: Community = None,
) -> None:
    """把登记错的人从名册去掉；记录里的姓名不变，用 sgtrack amend 更正。

    例：sgtrack people void 错名 -r 名字写错

    例：sgtrack people void 甲 --role 志愿者 -r 登记错了角色
    """
    from sgtrack.entry.text_cleaning import clean
    from sgtrack.ledger.known_people import read_roster

    context = app_context(ctx)
    project = context.project(community)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写去掉的原因", "加上 -r 原因，如 -r 名字写错")
    roster = read_roster(context.workspace.ledger, project.slug)
    found = [person for person in roster if (person.name, person.role) == (name, role)]
    if not found:
        raise Refused(f"{role}名册里没有这个姓名", "用 sgtrack people list --with-names 查看")

    from sgtrack.ledger.append import void_person
    from sgtrack.recovery.ledger_writing import writing

    with writing(context.workspace.ledger) as transaction:
        void_person(transaction, found[0], context.origin(), why)
    typer.echo(f"{project.name}的{role}名册去掉了 1 人")


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
    from sgtrack.progress.kinds.per_person_kind import compute_person_progress
    from sgtrack.progress.tally import tally
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.people_view import WARNING, people_table, person_json, rosters

    context = app_context(ctx)
    pages = []
    for project in context.projects(community):
        figures = context.figures(project, context.today)
        progress = compute_person_progress(project, tally(project, figures), context.today)
        pages.append((project, list(rosters(figures.roster, progress))))
    if as_json:
        print_json([person_json(*one, with_names) for _, found in pages for one in found])
        return
    if with_names:
        typer.echo(WARNING)
    for project, found in pages:
        if found:
            out().print(people_table(project, found, with_names))
    if not any(found for _, found in pages):
        typer.echo("名册是空的：sgtrack people add 甲 乙")


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
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    with_names: WithNames = False,
    community: Community = None,
) -> None:
    """每个人的培养记录：日期、课程、学时和合计，一次没参加的也在内。

    例：sgtrack people training --with-names

    例：sgtrack people training --with-names -o 培养记录.xlsx
    """
    from sgtrack.ledger.entry_reads import read_entries
    from sgtrack.model.queries import EntryFilter
    from sgtrack.report.training_record import training_records
    from sgtrack.screen.console import out
    from sgtrack.screen.people_view import training_sheet

    context = app_context(ctx)
    projects = (context.project(community),) if output is not None else context.projects(community)
    records: list[TrainingRecord] = []
    for project in projects:
        until = context.past_day(as_of, project)
        entries = read_entries(context.workspace.ledger, EntryFilter((project.slug,), end=until))
        figures = context.figures(project, until)
        records += training_records(project, figures, entries, until, with_names=with_names)
    records = context.without_names(records, with_names=with_names)
    if not records:
        raise Refused("合同里没有按每个人计的指标", "目标文件里用 per_person 写")
    if output is None:
        for n, record in enumerate(records):
            if n:
                out().print()
            out().print(training_sheet(record))
        return
    from sgtrack.brief.rendering import write

    write({output: _training_file(output, tuple(records), context.workspace.templates)})
    typer.echo(f"培养记录：{output}")


def _training_file(output: Path, records: tuple[TrainingRecord, ...], own: Path) -> bytes:
    from sgtrack.brief.rendering import FORMATS, rendered
    from sgtrack.report.training_sheet import workbook

    kind = output.suffix.lower().removeprefix(".")
    if kind == "xlsx":
        return workbook(records)
    if kind not in FORMATS:
        raise Refused(f"不能写成“{output.suffix}”文件", "文件名以 .xlsx、.docx 或 .md 结尾")
    if len(records) > 1:
        raise Refused(
            f"有 {len(records)} 份培养记录，一个 {output.suffix} 文件只能写一份", "写成 .xlsx"
        )
    return rendered("training", own, records[0].for_template(), (kind,))[kind]
