"""``targets``: list the contract's targets, check target files, and draft them from a tender."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, Community, app_context
from sgtrack.cli.prompts import read_file_password
from sgtrack.screen.console import print_apart, print_json
from sgtrack.screen.targets_view import print_advice, target_check_json, target_tree, targets_json

app = typer.Typer(
    cls=RefusalGroup,
    name="targets",
    help="看合同的全部指标；检查目标文件。",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def targets(ctx: typer.Context, as_json: AsJson = False, community: Community = None) -> None:
    """按服务类别列出条款原文和指标。

    例：sgtrack targets -c 三里

    例：sgtrack targets check

    例：sgtrack --home 社工站台账 targets check
    """
    if ctx.invoked_subcommand is not None:
        return
    projects = app_context(ctx).projects(community)
    if as_json:
        print_json(targets_json(projects))
    else:
        print_apart(target_tree(project) for project in projects)


@app.command("check", cls=ChineseCommand)
def check(ctx: typer.Context, as_json: AsJson = False) -> None:
    """检查全部目标文件，一次列出所有问题。

    合同自己对不上、没有写明的地方也列出来，作为提示：“其中”合起来比总数多，节奏和总数、项目期
    对不上，条款没有数量。提示不影响使用。

    例：sgtrack targets check

    例：sgtrack --home 社工站台账 targets check
    """
    from sgtrack.app.target_files import check_targets  # loads pydantic

    advices, problems = check_targets(app_context(ctx))
    if as_json:
        print_json(target_check_json(advices, problems))
        raise typer.Exit(1 if problems else 0)
    print_advice(advices)
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        typer.echo(f"共 {len(problems)} 处问题", err=True)
        raise typer.Exit(1)


@app.command("schema", cls=ChineseCommand)
def schema() -> None:
    """输出目标文件的 JSON Schema，供编辑器边写边查。

    例：sgtrack targets schema

    例：sgtrack targets schema > targets.schema.json
    """
    from sgtrack.targets.file_format import json_schema  # loads pydantic

    print_json(json_schema())


@app.command("draft", cls=ChineseCommand)
def draft(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="文件", help="Word、PDF、网页、Excel 或文字文件；写 - 就读粘贴的文字"
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="文件",
            help="存成目标文件；有几个采购包就存成 名字-1.yaml、名字-2.yaml",
        ),
    ] = None,
    package: Annotated[
        int | None, typer.Option("--package", metavar="第几个", help="只要第几个采购包")
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="左右对照：合同原文和读成的指标")
    ] = False,
    review: Annotated[
        bool, typer.Option("--review", help="在终端里逐条核对：回车就是对，按一个键就改")
    ] = False,
) -> None:
    """从招标文件或合同读出目标文件的草稿；拿不准的地方写着“待核对”。

    例：sgtrack targets draft 采购需求.docx -o targets/xincun.yaml

    例：sgtrack targets draft 服务要求.txt --report

    例：sgtrack targets draft 采购需求.docx -o targets/xincun.yaml --review

    不写 -o 就显示在屏幕上。存好以后逐条核对，再运行 sgtrack targets check。
    """
    from sgtrack.app.target_files import check_targets, draft_targets  # loads pydantic
    from sgtrack.screen.tender_view import print_comparison, print_drafts

    if review:
        from sgtrack.cli.draft_review import require_terminal, review_draft

        require_terminal()
    source = sys.stdin.buffer.read() if file == "-" else Path(file)
    context = app_context(ctx)
    result = draft_targets(
        context,
        source,
        read_file_password,
        package=package,
        output=output,
        review=review_draft if review else None,
    )
    if output is not None or not report:
        print_drafts(result)
    if report:
        print_comparison(result)
    if review and result.paths:
        names = {path.name for path in result.paths}
        advices, problems = check_targets(context)
        print_advice(a for a in (*advices, *problems) if Path(a.file).name in names)
