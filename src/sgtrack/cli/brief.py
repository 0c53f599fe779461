"""``brief``: writes the month's brief."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.cli.options import AsJson, Community
from sgtrack.cli.session import session


def brief(
    ctx: typer.Context,
    month: Annotated[
        str | None,
        typer.Option(
            "--month",
            "-m",
            metavar="月份",
            help="2026-03、3 或 上月；不写就是下一份要交的",
            show_default=False,
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="格式", help="md 或 docx；不写两种都要", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """写当月简报，放在 briefs 文件夹。

    例：sgtrack brief --month 2026-03

    例：sgtrack brief --month 上月 --format docx -c 三里
    """
    from sgtrack.brief.context import compose
    from sgtrack.brief.render import FORMATS, render, template_path, write
    from sgtrack.brief.window import due_next, window_of
    from sgtrack.entry.dates import read_month
    from sgtrack.errors import Refused
    from sgtrack.ledger.reading import Wanted, read_entries
    from sgtrack.screen.console import print_json
    from sgtrack.workspace import packaged

    if format_ is not None and format_ not in FORMATS:
        raise Refused(f"没有格式“{format_}”", f"可用的格式：{'、'.join(FORMATS)}", exit_code=2)
    run = session(ctx)
    made = []
    for project in run.projects(community):
        if month:
            window = window_of(project, *read_month(month, run.today, project.period))
        else:
            window = due_next(project, run.today)
        if window.period.start > run.today:
            raise Refused(
                f"{window.label} 的统计从 {window.period.start} 开始，还没有到", "写已经开始的月份"
            )
        until = min(window.period.end, run.today)
        wanted = Wanted(communities=(project.slug,), start=window.period.start, end=until)
        entries = read_entries(run.workspace.ledger, wanted)
        context = compose(project, run.figures(project), entries, window, run.today)
        for kind in (format_,) if format_ else FORMATS:
            template = template_path(
                f"brief.{kind}", run.workspace.templates, packaged("templates")
            )
            path = run.workspace.briefs / f"{project.slug}-{window.label}.{kind}"
            made.append((path, window, render(template, context.for_template())))
    for path, _, content in made:
        write(path, content)
    if as_json:
        print_json([{"month": window.label, "file": str(path)} for path, window, _ in made])
        return
    for path, window, _ in made:
        typer.echo(f"{window.label} 简报（{window.period.start} 至 {window.period.end}）：{path}")
