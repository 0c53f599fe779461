"""``report``: the mid-term and the final report, and the one on a whole county."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.cli.conflict_notice import say_conflicts
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, AsOf, Community, WithNames
from sgtrack.screen.console import print_json

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
    from sgtrack.app.make_report import make_county_report  # loads jinja2
    from sgtrack.report.county_report import TITLE

    context = app_context(ctx)
    reports = make_county_report(context, as_of=as_of, format_=format_)
    if as_json:
        print_json([{"file": str(report.path)} for report in reports])
        return
    for report in reports:
        count = len(report.projects)
        typer.echo(f"{count} 个社区{TITLE}（截至 {report.as_of}）：{report.path}")
    say_conflicts(context, {project.slug for project in reports[0].projects})


def _write(
    ctx: typer.Context,
    kind: str,
    as_of: str | None,
    format_: str | None,
    with_names: bool,
    as_json: bool,
    community: str | None,
) -> None:
    from sgtrack.app.make_report import make_reports  # loads jinja2
    from sgtrack.report.report_composition import TITLES

    reports = make_reports(
        app_context(ctx),
        kind,
        community=community,
        as_of=as_of,
        format_=format_,
        with_names=with_names,
    )
    if as_json:
        print_json([{"community": r.projects[0].slug, "file": str(r.path)} for r in reports])
        return
    for report in reports:
        name = report.projects[0].name
        typer.echo(f"{name}{TITLES[kind]}（截至 {report.as_of}）：{report.path}")
