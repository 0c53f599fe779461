"""``people``: the rosters that per-person indicators run over."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.cli.door import Door
from sgtrack.cli.options import AsJson, Community, WithNames
from sgtrack.cli.session import session

app = typer.Typer(
    cls=Door,
    name="people",
    help="名册：合同按每个人计的指标，要先登记名册。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("add")
def add(
    ctx: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="姓名", help="一个或多个姓名", show_default=False)
    ],
    role: Annotated[
        str, typer.Option("--role", metavar="角色", help="角色，如 社区工作者")
    ] = "社区工作者",
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
    from sgtrack.entry.dates import read_date
    from sgtrack.entry.text import clean, clean_names
    from sgtrack.errors import Refused
    from sgtrack.ledger.records import Person

    run = session(ctx)
    project = run.project(community)
    roles = {i.role for _, _, _, i in project.indicators() if i.role}
    named = clean(role, "角色", 40)
    if roles and named not in roles:
        raise Refused(
            f"{project.name}的合同没有按“{named}”计的指标",
            f"可用的角色：{'、'.join(sorted(roles))}",
        )
    day = project.period.start if since is None else read_date(since, run.today, project.period)
    people = [Person("", project.slug, name, named, day) for name in clean_names(names)]
    if not people:
        raise Refused("没有写姓名", "如 sgtrack people add 甲 乙")

    from sgtrack.ledger.transaction import writing
    from sgtrack.ledger.writing import add_people

    with writing(run.workspace.ledger) as transaction:
        add_people(transaction, people, run.origin())
    typer.echo(f"{project.name}的{named}名册加了 {len(people)} 人")


@app.command("list")
def list_people(
    ctx: typer.Context,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """看名册上每个人的培训时间；默认不显示姓名。

    例：sgtrack people list --with-names

    例：sgtrack people list --json
    """
    from rich.table import Column

    from sgtrack.progress.persons import persons_of
    from sgtrack.progress.tally import tally
    from sgtrack.screen.console import grid, out, print_json
    from sgtrack.units import number, plain

    run = session(ctx)
    found = [
        (project, one)
        for project in run.projects(community)
        for one in persons_of(project, tally(project, run.figures(project)), run.today)
    ]
    if as_json:
        print_json(
            [
                {
                    "community": project.slug,
                    "role": one.role,
                    "item": one.item,
                    "unit": one.unit,
                    "actual": number(one.actual),
                    "target": number(one.target),
                    **({"name": one.name} if with_names else {}),
                }
                for project, one in found
            ]
        )
        return
    if not found:
        typer.echo("名册是空的：sgtrack people add 甲 乙")
        return
    table = grid(
        Column("社区"),
        Column("角色"),
        Column("姓名"),
        Column("已有", justify="right"),
        Column("每年应有"),
    )
    for n, (project, one) in enumerate(found, start=1):
        table.add_row(
            project.name,
            one.role,
            one.name if with_names else f"第{n}人",
            f"{plain(one.actual)}{one.unit}",
            f"{plain(one.target)}{one.unit}",
        )
    if with_names:
        typer.echo("含姓名，请勿外传")
    out().print(table)
