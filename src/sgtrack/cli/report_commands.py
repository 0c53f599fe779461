"""``report``: the mid-term and the final report, and the one on a whole county."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.cli.conflict_notice import say_conflicts
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, AsOf, Community, WithNames

app = typer.Typer(
    cls=RefusalGroup,
    name="report",
    help="写中期、结项评估报告和全部社区的汇总，放在 reports 文件夹。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="格式", help="md 或 docx；不写两种都要", show_default=False),
]


@app.command("midterm", cls=ChineseCommand)
def midterm(
    ctx: typer.Context,
    as_of: AsOf = None,
    format_: Format = None,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """写中期评估报告。

    例：sgtrack report midterm --as-of 6-30

    例：sgtrack report midterm -c 三里 --format docx
    """
    _write(ctx, "midterm", as_of, format_, with_names, as_json, community)


@app.command("final", cls=ChineseCommand)
def final(
    ctx: typer.Context,
    as_of: AsOf = None,
    format_: Format = None,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """写结项评估报告。

    例：sgtrack report final

    例：sgtrack report final -c 三里 --with-names
    """
    _write(ctx, "final", as_of, format_, with_names, as_json, community)


@app.command("county", cls=ChineseCommand)
def county(
    ctx: typer.Context,
    as_of: AsOf = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="格式", help="md、docx 或 html；不写三种都要", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """写全部社区的进展汇总，报民政局：合计、热力表、需要帮助的社区、佐证和媒体。

    例：sgtrack report county

    例：sgtrack report county --as-of 6-30 --format docx
    """
    from sgtrack.app.gather_report import gather_county
    from sgtrack.brief.rendering import formats, rendered, write
    from sgtrack.progress.county_progress import county_of
    from sgtrack.report.county_report import TITLE, compose_county
    from sgtrack.screen.console import print_json

    context = app_context(ctx)
    every = ("docx", "md", "html")
    wanted = every if format_ is None else formats(format_, every)
    projects = context.every_project()
    until = context.past_day(as_of, projects[0])
    communities, head = gather_county(context.workspace.ledger, projects, until)
    found = county_of((one.standing for one in communities), until)
    values = compose_county(found, communities, context.today, head).for_template()
    content = rendered("county", context.workspace.templates, values, wanted)
    files = {context.workspace.reports / f"county.{one}": content[one] for one in wanted}
    write(files)
    if as_json:
        print_json([{"file": str(path)} for path in files])
        return
    for path in files:
        typer.echo(f"{len(projects)} 个社区{TITLE}（截至 {until}）：{path}")
    say_conflicts(context, {project.slug for project in projects})


def _write(
    ctx: typer.Context,
    kind: str,
    as_of: str | None,
    format_: str | None,
    with_names: bool,
    as_json: bool,
    community: str | None,
) -> None:
    from sgtrack.app.gather_report import gather
    from sgtrack.brief.rendering import formats, rendered, write
    from sgtrack.report.report_composition import TITLES, compose
    from sgtrack.screen.console import print_json

    context = app_context(ctx)
    wanted = formats(format_)
    files = {}
    said = []
    for project in context.projects(community):
        until = context.past_day(as_of, project)
        material = gather(
            context.workspace.ledger, project, until, context.today, with_names=with_names
        )
        composed = context.without_names(compose(kind, material), with_names=with_names)
        values = composed.for_template()
        content = rendered(kind, context.workspace.templates, values, wanted)
        for one in wanted:
            path = context.workspace.reports / f"{project.slug}-{kind}.{one}"
            files[path] = content[one]
            said.append((project, until, path))
    write(files)
    if as_json:
        print_json([{"community": p.slug, "file": str(path)} for p, _, path in said])
        return
    for project, until, path in said:
        typer.echo(f"{project.name}{TITLES[kind]}（截至 {until}）：{path}")
