"""``report`` and ``dossier``: write documents for the evaluator and the county."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from sgtrack.app.make_report import make_county_report, make_dossier, make_reports
from sgtrack.cli.completion import complete_among
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, AsOf, Community, WithNames, app_context
from sgtrack.report.county_report import TITLE
from sgtrack.report.report_composition import TITLES
from sgtrack.screen.console import out, print_json, print_open_decisions

app = typer.Typer(
    cls=RefusalGroup,
    name="report",
    help="写中期、结项评估报告和全部社区的汇总，放在 reports 文件夹。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


_MIDTERM = """写中期评估报告。

例：sgtrack report midterm --as-of 6-30

例：sgtrack report midterm -c 三里 --format docx
"""
_FINAL = """写结项评估报告。

例：sgtrack report final

例：sgtrack report final -c 三里 --with-names
"""


@app.command("final", cls=ChineseCommand, help=_FINAL)
@app.command("midterm", cls=ChineseCommand, help=_MIDTERM)
def write_reports(
    ctx: typer.Context,
    as_of: AsOf = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="格式",
            help="md 或 docx；不写两种都要",
            autocompletion=complete_among("md", "docx"),
        ),
    ] = None,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """Write the midterm or the final report, depending on the name of the command."""
    kind = ctx.info_name or ""
    reports = make_reports(
        app_context(ctx),
        kind,
        community=community,
        as_of=as_of,
        format_=format_,
        with_names=with_names,
    )
    if as_json:
        print_json([{"community": r.project.slug, "file": str(r.path)} for r in reports])
        return
    for report in reports:
        typer.echo(f"{report.project.name}{TITLES[kind]}（截至 {report.as_of}）：{report.path}")
    for texts, unknown in dict.fromkeys((report.texts, report.unknown) for report in reports):
        typer.echo(f"成效、原因、结论和建议写在 {texts}，重新生成时编入报告")
        for words in unknown:
            typer.echo(f"注意：{texts.name} 里的“{words}”不在规定的标题下，没有编入报告")


@app.command("county", cls=ChineseCommand)
def county(
    ctx: typer.Context,
    as_of: AsOf = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="格式",
            help="md、docx 或 html；不写三种都要",
            autocompletion=complete_among("md", "docx", "html"),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """生成全部社区的进展汇总，报民政局：合计、热力表、需要支持的社区、佐证和媒体。

    例：sgtrack report county

    例：sgtrack report county --as-of 6-30 --format docx
    """
    report = make_county_report(app_context(ctx), as_of=as_of, format_=format_)
    if as_json:
        print_json([{"file": str(path)} for path in report.paths])
        return
    for path in report.paths:
        typer.echo(f"{len(report.projects)} 个社区{TITLE}（截至 {report.as_of}）：{path}")
    print_open_decisions(report.open_decisions)


def dossier(
    ctx: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="文件", help="压缩包的名字；不写则放在 reports 文件夹"
        ),
    ] = None,
    as_of: AsOf = None,
    with_names: WithNames = False,
    community: Community = None,
) -> None:
    """把评估材料打成一个压缩包：按合同顺序分文件夹，附 Excel 和网页索引。

    例：sgtrack dossier -o 评估材料.zip

    例：sgtrack dossier --as-of 6-30 -c 三里
    """
    with _progress() as started:
        result = make_dossier(
            app_context(ctx), community, as_of, output, with_names=with_names, started=started
        )
    typer.echo(
        f"{result.path}：{result.entries} 条记录，{result.files} 个文件，打开里面的 索引.html 查看"
    )
    if result.damaged:
        typer.echo(f"注意：{result.damaged} 个文件缺失或被改动，索引里标红")
    if result.lacking:
        typer.echo("注意：有记录缺佐证，索引里标红；sgtrack check 列出")


@contextmanager
def _progress() -> Iterator[Callable[[int], Callable[[int], None]]]:
    """Show a progress bar on a terminal while files are copied.

    Yield a function that takes the total number of bytes and returns a function to add copied
    bytes to the bar.
    """
    if not sys.stderr.isatty():
        yield lambda total: lambda size: None
        return
    console = out(is_error=True)
    with Progress(
        "打包", BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console
    ) as shown:

        def started(total: int) -> Callable[[int], None]:
            task = shown.add_task("", total=total)
            return lambda size: shown.advance(task, size)

        yield started
