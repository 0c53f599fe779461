"""``forget``: a resident's name becomes a pseudonym, everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.options import DryRun, Reason, app_context
from sgtrack.cli.prompts import ask_yes, can_ask
from sgtrack.model.entries import short_id
from sgtrack.model.errors import Refused
from sgtrack.model.record_kinds import KIND_LABELS

if TYPE_CHECKING:
    from sgtrack.app.forget_name import ForgetResult


def forget(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="姓名", help="要隐去的姓名，写全", show_default=False)
    ],
    reason: Reason = "",
    certain: Annotated[bool, typer.Option("--yes", "-y", help="不用再确认")] = False,
    dry_run: DryRun = False,
) -> None:
    """把一个人的姓名从台账和备份里永远隐去，换成代号；数字不变，verify 照样通过。

    标题、备注、原因、文件名里的也换。改不了的文件会列出来，由您自己处理。不能反悔。

    例：sgtrack forget 张小花 -r 本人要求

    例：sgtrack forget 张小花 -r 服务结束 --dry-run
    """
    from sgtrack.app.forget_name import check_forget_request, forget_name  # loads sqlmodel

    context = app_context(ctx)
    request = check_forget_request(context, name, reason)
    if not dry_run and not certain:
        if not can_ask():
            raise Refused("没有隐去：要您确认", "姓名隐去后找不回来；确认无误就加 --yes")
        _say(context, forget_name(context, request, dry_run=True), done="会改")
        if not ask_yes("姓名隐去后找不回来，要隐去吗"):
            typer.echo("没有改动")
            return
    result = forget_name(context, request, dry_run=dry_run)
    if dry_run:
        typer.echo("试算，没有写入：")
    _say(context, result, done="会改" if dry_run else "改了")
    if result.changes.failed and not dry_run:
        raise Refused(
            "有的备份没有改成，里面还有这个姓名",
            "损坏的备份请删掉；被占用的，关掉别的程序后再运行一次",
        )


def _say(context: AppContext, result: ForgetResult, done: str) -> None:
    from sgtrack.app.forget_name import path_within  # loads sqlmodel

    found = result.changes
    if not found.ledgers:
        typer.echo("台账和备份里没有这个姓名")
    for path, one in found.ledgers:
        kinds = "、".join(f"{KIND_LABELS.get(k, k)} {n} 条" for k, n in one.records.items())
        which = "台账" if path == context.workspace.ledger else f"备份 {path_within(context, path)}"
        typer.echo(f"{which}：{done} {kinds}，换成 {found.pseudonym.words}")
    longer = max((one.longer for _, one in found.ledgers), default=0)
    if longer:
        typer.echo(f"注意：另有 {longer} 个姓名比它长、包含它，是别人，没有改")
    for path, why in found.failed:
        typer.echo(f"没有改成：备份 {path_within(context, path)}（{why}）")
    if result.mentioning:
        typer.echo("这些文件里还有这个姓名，sgtrack 不改文件，请您处理：")
        for masked in result.mentioning:
            typer.echo(f"    {masked}")
    for path in found.sealed:
        typer.echo(f"加密的文件打不开看，里面有就重新做一份：{path_within(context, path)}")
    if found.pictured:
        typer.echo("这些佐证材料属于此人参加的活动，请看看里面有没有姓名和照片：")
        for entry, proof in found.pictured:
            day = entry.activity.day
            typer.echo(f"    {short_id(entry.id)} {day} {proof.kind} 材料编号 {short_id(proof.id)}")
    typer.echo("打印的、发出的、导出给别人的，sgtrack 管不到，请收回或告诉对方")
