"""``evidence``: add, list, verify and void files that prove activities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgtrack.app.evidence_files import add_evidence, verify_evidence, void_evidence
from sgtrack.app.evidence_files import list_evidence as read_evidence
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, Community, EntryId, Reason, WithNames, app_context
from sgtrack.model.entries import short_id
from sgtrack.screen.console import out, print_json
from sgtrack.screen.entry_view import evidence_words
from sgtrack.screen.evidence_view import (
    damage_words,
    evidence_json,
    evidence_table,
    evidence_verification_json,
)

app = typer.Typer(
    cls=RefusalGroup,
    name="evidence",
    help="佐证材料：签到表、照片、方案等，按内容存进工作文件夹，原文件不动。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("add", cls=ChineseCommand)
def add(
    ctx: typer.Context,
    entry_id: EntryId,
    files: Annotated[
        list[Path], typer.Argument(metavar="文件", help="一个或多个文件", readable=False)
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="种类",
            help="签到表、照片、活动方案、总结、媒体截图等；不写就按文件名判断",
        ),
    ] = None,
) -> None:
    """给一条记录添加佐证材料。

    例：sgtrack evidence add 7K3QF2 扫描件.pdf --as 签到表

    例：sgtrack evidence add 7K3QF2 现场1.jpg 现场2.jpg
    """
    added = add_evidence(app_context(ctx), entry_id, files, kind)
    typer.echo(
        f"已添加 {len(added.evidence)} 个文件  {short_id(added.entry.id)}  "
        f"{evidence_words(added.project, added.entry)}"
    )
    for evidence in added.evidence:
        typer.echo(f"        {evidence.kind}  {evidence.name}")
    for warning in added.warnings:
        typer.echo(f"注意：{warning}")


@app.command("list", cls=ChineseCommand)
def list_evidence(
    ctx: typer.Context,
    which: Annotated[str | None, typer.Argument(metavar="服务项", help="只看这一项的")] = None,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """列出佐证材料，按活动的日期。

    例：sgtrack evidence list 殡葬

    例：sgtrack evidence list --json
    """
    entries = read_evidence(app_context(ctx), community, which, with_names=with_names)
    if as_json:
        print_json([line for entry in entries for line in evidence_json(entry)])
    elif entries:
        out().print(evidence_table(entries))
    else:
        typer.echo("没有佐证材料：用 sgtrack evidence add 编号 文件 添加")


@app.command("verify", cls=ChineseCommand)
def verify(ctx: typer.Context, as_json: AsJson = False, community: Community = None) -> None:
    """逐个重读存下的文件，看内容有没有变。

    例：sgtrack evidence verify

    例：sgtrack evidence verify -c 三里
    """
    files, damages = verify_evidence(app_context(ctx), community)
    if as_json:
        print_json(evidence_verification_json(files, damages))
        raise typer.Exit(1 if damages else 0)
    for damage in damages:
        typer.echo(damage_words(damage))
    if damages:
        typer.echo(f"{files} 个文件里，{len(damages)} 个不是存入时的样子", err=True)
        raise typer.Exit(1)
    typer.echo(f"{files} 个文件，内容都和存入时一样")


@app.command("void", cls=ChineseCommand)
def void(
    ctx: typer.Context,
    evidence_id: Annotated[
        str, typer.Argument(metavar="材料编号", help="evidence list 里的材料编号，最后 6 位")
    ],
    reason: Reason = "",
) -> None:
    """去掉加错的佐证材料：不再作为证明，文件和原因都留着。

    例：sgtrack evidence void M4T0ZQ -r 加错了活动

    例：sgtrack evidence void M4T0ZQ -r 照片看不清
    """
    evidence, shown_reason = void_evidence(app_context(ctx), evidence_id, reason)
    typer.echo(f"已去掉 {evidence.kind}  {evidence.name}  原因：{shown_reason}")
