"""``brief``: write the month's brief, issue it, withdraw it, and list the issued briefs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.completion import complete_among
from sgtrack.cli.error_handling import ChineseCommand, ForgivingGroup
from sgtrack.cli.options import AsJson, Community, Reason, app_context
from sgtrack.cli.prompts import ask_choice, ask_yes, can_ask
from sgtrack.model.errors import Refused
from sgtrack.screen.written_briefs import print_briefs, print_remarks, refusal_of

if TYPE_CHECKING:
    from sgtrack.app.issue_preview import IssuePreview

Month = Annotated[
    str | None,
    typer.Option("--month", "-m", metavar="月份", help="2026-03、3 或 上月；不写为下一份应提交的"),
]
Supplement = Annotated[
    bool,
    typer.Option("--supplement", help="补充简报：最后一期发出以后的记录"),
]
app = typer.Typer(
    cls=ForgivingGroup,
    name="brief",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def brief(
    ctx: typer.Context,
    month: Month = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="格式",
            help="md、docx 或 html（网页）；不写为前两种",
            autocompletion=complete_among("md", "docx", "html"),
        ),
    ] = None,
    issue: Annotated[
        bool, typer.Option("--issue", help="正式发出：数字不再变动，记为提交，此后的更正列入下一期")
    ] = False,
    certain: Annotated[
        bool, typer.Option("--yes", "-y", help="发出前无需再确认，与 --issue 同用")
    ] = False,
    early: Annotated[
        str | None,
        typer.Option("--early", metavar="原因", help="提前7天以上发出的原因，与 --issue 同用"),
    ] = None,
    annex: Annotated[
        str | None,
        typer.Option(
            "--annex",
            metavar="附件",
            help="full 附全部指标和活动，changed 只列有变动的指标，none 不列；不写以指标文件为准",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="文件",
            help="发出修改后的这份 Word 稿，与 --issue 同用；0 为不用修改稿，按台账生成",
        ),
    ] = None,
    supplement: Supplement = False,
    everything: Annotated[
        bool, typer.Option("--all", help="全部社区；个别社区未能完成的列明原因，其余照常办理")
    ] = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """生成当月简报，存入 briefs 文件夹；加 --issue 正式发出。

    例：sgtrack brief --month 2026-03

    例：sgtrack brief --month 3 --issue -c 三里

    例：sgtrack brief --month 3 --issue --from 简报定稿.docx -c 三里

    例：sgtrack brief --month 3 --all
    """
    if ctx.invoked_subcommand is not None:
        return
    from sgtrack.app.draft_brief import BriefRequest, check_annex, draft_briefs  # loads jinja2
    from sgtrack.brief.rendering import FORMATS, choose_formats

    context = app_context(ctx)
    formats = choose_formats(format_, (*FORMATS, "html"))
    request = BriefRequest(
        community, month, formats, everything, check_annex(annex), is_supplement=supplement
    )
    announce = partial(print_remarks, is_issuing=issue, as_json=as_json)
    if source is not None and everything:
        raise Refused("--from 和 --all 不能一起用", "用 -c 写社区，一个一个发出", exit_code=2)
    if issue:
        from sgtrack.app.brief_issuing import issue_briefs  # loads sqlmodel

        confirm = partial(_confirm, certain=certain, as_json=as_json)
        choose = partial(_choose_draft, as_json=as_json)
        result = issue_briefs(context, request, announce, confirm, choose, early, source)
    else:
        typed = {"--yes": certain, "--early": early is not None, "--from": source is not None}
        option = next((name for name, is_typed in typed.items() if is_typed), None)
        if option is not None:
            raise Refused(f"{option} 只和 --issue 一起用", "要发出就加 --issue", exit_code=2)
        result = draft_briefs(context, request, announce)
    print_briefs(result, is_issuing=issue, as_json=as_json)
    if result.failed:
        raise refusal_of(result.failed, is_issuing=issue)


def _confirm(preview: IssuePreview, is_new: bool, *, certain: bool, as_json: bool) -> bool:
    """Show the preview of a brief, and return whether the officer confirms issuing it.

    Raises:
        Refused: a confirmation is needed, but no question can be asked.
    """
    from sgtrack.screen.issue_view import preview_lines

    if is_new:
        typer.echo("刚才另一个程序写了台账，现在要发出的：", err=as_json)
    for line in preview_lines(preview):
        typer.echo(line, err=as_json)
    if certain:
        return True
    if not can_ask():
        raise Refused("没有发出：尚未确认", "确认无误就加 --yes")
    return ask_yes("确认发出")


def _choose_draft(drafts: Sequence[Path], *, as_json: bool) -> Path | None:
    """Ask which of several edited drafts is issued; None means the generated brief.

    Raises:
        Refused: no question can be asked.
    """
    if as_json or not can_ask():
        raise Refused(
            f"有{len(drafts)}份改过的 Word 稿：{'、'.join(path.name for path in drafts)}，没有发出",
            f"写明发出哪一份：--from {drafts[0]}；都不用就写 --from 0",
        )
    choice = ask_choice("发出哪一份", [path.name for path in drafts], none="都不用，照台账写")
    return drafts[choice] if choice >= 0 else None


@app.command("list", cls=ChineseCommand)
def list_briefs(ctx: typer.Context, as_json: AsJson = False, community: Community = None) -> None:
    """列出发出的各期简报：提交日期、是否按时、校验码和文件是否完好。

    例：sgtrack brief list

    例：sgtrack brief list -c 三里 --json
    """
    from sgtrack.app.read_entries import find_altered_briefs, list_issued_briefs
    from sgtrack.screen.brief_view import brief_json, print_brief_tables  # loads Rich
    from sgtrack.screen.console import print_json

    context = app_context(ctx)
    listed = list_issued_briefs(context, community)
    store = context.workspace.evidence
    if as_json:
        print_json([brief_json(brief, store) for one in listed for brief in one.briefs])
    else:
        print_brief_tables(listed, store)
    for one in listed:
        if one.lacks_supplement:
            typer.echo(
                f"注意：{one.project.name} 最后一期发出以后还有记录没有写进简报；"
                f"写补充简报：sgtrack brief --supplement -c {one.project.slug}",
                err=as_json,
            )
    issued = [brief for one in listed for brief in one.briefs]
    for path in find_altered_briefs(context.workspace, issued):
        typer.echo(
            f"注意：{path} 和发出的不一样（改过，或是另一份）；移走后用 sgtrack brief 原样取出",
            err=as_json,
        )


@app.command(cls=ChineseCommand)
def withdraw(
    ctx: typer.Context,
    reason: Reason,
    month: Annotated[str, typer.Option("--month", "-m", metavar="月份", help="2026-03 或 3")],
    community: Community = None,
) -> None:
    """撤回最近发出的一期简报：提交记录作废，写过的记录改由重新发出的简报写，期号不变。

    下一期发出以前才能撤回；撤回的简报和原因都留在台账里，校验码仍能查到。

    例：sgtrack brief withdraw --month 3 -r 街道退回修改

    例：sgtrack brief withdraw -m 2026-03 -c 三里 -r 数据有误
    """
    from sgtrack.app.brief_withdrawal import withdraw_brief  # loads sqlmodel

    context = app_context(ctx)
    brief = withdraw_brief(context, community, month, reason)
    typer.echo(
        f"已撤回 {context.project_of(brief.community).name} 第{brief.number}期（{brief.label}）；"
        f"改好以后重新发出：sgtrack brief {brief.options} --issue"
    )


@app.command("text", cls=ChineseCommand)
def text(
    ctx: typer.Context,
    month: Month = None,
    supplement: Supplement = False,
    community: Community = None,
) -> None:
    """打开当月简报中自己写的文字：特色亮点、原因分析、感谢及其他。

    文件放在 briefs 文件夹，每月一份，写好的内容不会被覆盖，生成简报时编入各种格式。

    例：sgtrack brief text --month 3

    例：sgtrack brief text -m 上月 -c 三里
    """
    from sgtrack.app.month_texts import open_texts
    from sgtrack.cli.launcher import launch

    file = open_texts(app_context(ctx), community, month, is_supplement=supplement)
    state = "已新建" if file.is_new else "已有"
    typer.echo(f"{file.project.name} {file.window.label} 简报的文字（{state}）：{file.path}")
    if can_ask():
        launch(file.path)
