"""``brief``: writes the month's brief, issues it, and lists what was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.error_handling import ChineseCommand, ForgivingGroup
from sgtrack.cli.options import AsJson, Community, app_context
from sgtrack.model.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from sgtrack.model.contract import Project
    from sgtrack.progress.reporting_window import Window

app = typer.Typer(
    cls=ForgivingGroup,
    name="brief",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
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
            "--format",
            metavar="格式",
            help="md、docx 或 html（网页）；不写就要前两种",
            show_default=False,
        ),
    ] = None,
    issue: Annotated[
        bool,
        typer.Option("--issue", help="正式发出：数字不再变，记一次提交，以后的更正写进下一期"),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="全部社区；有一个不行就说出来，别的照做")
    ] = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """写当月简报，放在 briefs 文件夹；加 --issue 就是正式发出。

    例：sgtrack brief --month 2026-03

    例：sgtrack brief --month 3 --issue -c 三里

    例：sgtrack brief --month 3 --all
    """
    if ctx.invoked_subcommand is not None:
        return
    from sgtrack.brief.rendering import FORMATS, formats, write

    context = app_context(ctx)
    wanted = formats(format_, (*FORMATS, "html"))
    if everything:
        projects = context.every_project()
    else:
        projects = (context.project(community),) if issue else context.projects(community)
    files: dict[Path, bytes] = {}
    said = []
    failed: list[tuple[Project, Refused]] = []
    for project in projects:
        try:
            window, made, title, remarks = _made(context, project, month, issue, wanted)
        except Refused as refused:
            if not everything:
                raise
            failed.append((project, refused))
            continue
        files |= made
        said += [(window, title, path) for path in made]
        typer.echo("".join(f"{remark}\n" for remark in remarks), nl=False, err=as_json)
    try:
        write(files)
    except Refused as refused:
        if not issue:
            raise
        raise Refused(
            f"简报已经发出，只是 {refused.message}",
            f"{refused.hint}；再运行 sgtrack brief --month {said[0][0].label}，文件原样取出",
        ) from refused
    if as_json:
        from sgtrack.screen.console import print_json

        print_json([{"month": window.label, "file": str(path)} for window, _, path in said])
    else:
        for _, title, path in said:
            typer.echo(f"{title}：{path}")
    _refuse_failed(failed, "发出" if issue else "写成")


def _refuse_failed(failed: list[tuple[Project, Refused]], done: str) -> None:
    """Name the communities whose brief could not be made, after the others are done."""
    if failed:
        named = "\n".join(f"    {project.name}：{one.message}" for project, one in failed)
        raise Refused(f"{len(failed)} 个社区没有{done}：\n{named}", failed[0][1].hint)


@app.command("list", cls=ChineseCommand)
def list_briefs(ctx: typer.Context, as_json: AsJson = False, community: Community = None) -> None:
    """列出发出的各期简报：提交日期、是否按时、校验码和文件是否完好。

    例：sgtrack brief list

    例：sgtrack brief list -c 三里 --json
    """
    from sgtrack.app.list_briefs import list_issued_briefs
    from sgtrack.screen.brief_view import brief_json, brief_table
    from sgtrack.screen.console import out, print_json

    context = app_context(ctx)
    listed = list_issued_briefs(context, community)
    store = context.workspace.evidence
    if as_json:
        print_json([brief_json(one, store) for _, briefs in listed for one in briefs])
        return
    for n, (project, briefs) in enumerate(listed):
        if n:
            out().print()
        out().print(brief_table(project, briefs, store))


def _window(context: AppContext, project: Project, month: str | None) -> Window:
    from sgtrack.entry.date_parsing import read_month
    from sgtrack.progress.reporting_window import due_next, window_of

    if month:
        window = window_of(project, *read_month(month, context.today, project.period))
    else:
        window = due_next(project, context.today)
    if window.period.start > context.today:
        raise Refused(
            f"{window.label} 的统计从 {window.period.start} 开始，还没有到", "写已经开始的月份"
        )
    return window


def _made(
    context: AppContext, project: Project, month: str | None, issue: bool, wanted: tuple[str, ...]
) -> tuple[Window, dict[Path, bytes], str, list[str]]:
    """The brief of a community: its month, its files, its title, and what there is to say."""
    from sgtrack.brief.rendering import check_writable

    window = _window(context, project, month)
    folder = context.workspace.briefs
    paths = {kind: folder / f"{project.slug}-{window.label}.{kind}" for kind in wanted}
    if issue:
        check_writable(paths.values())
    content, title, remarks = (_issued if issue else _drafted)(context, project, window, wanted)
    return window, {path: content[kind] for kind, path in paths.items()}, title, remarks


def _drafted(
    context: AppContext, project: Project, window: Window, wanted: tuple[str, ...]
) -> tuple[dict[str, bytes], str, list[str]]:
    """The brief as it stands; one that was issued comes out as it was issued."""
    from sgtrack.app.draft_brief import draft_brief

    made = draft_brief(context.workspace, project, window, context.today, wanted)
    if made.issued is not None:
        when = f"第{made.issued.number}期，{made.issued.issued} 发出，内容不再变"
        return made.files, f"{project.name} {window.label} 简报（{when}）", list(made.remarks)
    days = f"{window.period.start} 至 {window.period.end}"
    return made.files, f"{project.name} {window.label} 简报草稿（{days}）", list(made.remarks)


def _issued(
    context: AppContext, project: Project, window: Window, wanted: tuple[str, ...]
) -> tuple[dict[str, bytes], str, list[str]]:
    from sgtrack.app.brief_issuing import issue_brief
    from sgtrack.model.issued import head_code

    brief, made = issue_brief(
        context.workspace, project, window, context.today, context.origin(), wanted
    )
    late = f"，迟交 {brief.days_late} 天（应于 {brief.due} 前）" if brief.days_late else "，按时"
    remarks = [
        f"已发出 {project.name} 第{brief.number}期（{brief.month}）：{brief.issued} 提交{late}，"
        f"校验码 {head_code(brief.head)}"
    ]
    if brief.last_day < window.period.end:
        remarks.append(f"注意：只统计到 {brief.last_day}，这以后的活动写进下一期")
    return made.files, f"{project.name} {window.label} 简报", [*remarks, *made.remarks]
