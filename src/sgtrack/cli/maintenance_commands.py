"""``init``, ``demo``, ``backup``, ``restore``, ``recover``, ``forget``: maintain a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgtrack.app.backup_ledger import (
    back_up_ledger,
    check_backups,
    choose_backup,
    recover_ledger,
    restore_ledger,
)
from sgtrack.cli.completion import complete_backup
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, DryRun, Reason, app_context
from sgtrack.cli.prompts import ask_yes, can_ask, read_file_password, read_new_passphrase
from sgtrack.model.errors import Refused
from sgtrack.recovery.recover import Recovered
from sgtrack.screen.console import out, print_json
from sgtrack.screen.maintenance_view import (
    backup_json,
    backup_table,
    print_forget_result,
    print_recovery,
    recovered_words,
)

app = typer.Typer(
    cls=RefusalGroup,
    name="backup",
    invoke_without_command=True,
    rich_markup_mode=None,
)
Certain = Annotated[bool, typer.Option("--yes", "-y", help="无需再确认")]


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="文件夹", help="新工作文件夹；不写就是现在的文件夹", show_default=False
        ),
    ] = Path(),
    community: Annotated[
        str | None, typer.Option("--community", "-c", metavar="社区", help="默认社区的代号")
    ] = None,
) -> None:
    """新建一个工作文件夹，放入自带的目标文件和模板。

    例：sgtrack init 社工站台账

    例：sgtrack init 三里台账 -c sanli
    """
    from sgtrack.app.target_files import init_workspace  # loads ruamel

    workspace, warning = init_workspace(folder, community)
    typer.echo(f"已建立 {workspace.root}")
    if warning:
        typer.echo(f"注意：{warning}", err=True)
    typer.echo(
        "先打开 targets 里的目标文件，按合同填上期限和单位名称，再运行 sgtrack targets check"
    )


def demo() -> None:
    """在临时文件夹里演示：记半年的活动（示例数据），看进度，出简报。

    例：sgtrack demo

    例：sgtrack demo > 演示.txt
    """
    from sgtrack.app.demo import run_demo  # loads sqlmodel
    from sgtrack.cli.main import program  # avoids an import cycle

    everything = typer.main.get_command(program())
    for text in run_demo(
        lambda words: everything.main(words, prog_name="sgtrack", standalone_mode=False)
    ):
        typer.echo(text)


@app.callback()
def backup(
    ctx: typer.Context,
    sealed: Annotated[
        Path | None,
        typer.Option(
            "--encrypt", metavar="文件", help="另写一份加密的，要设密码，可以放心放到 U 盘和网盘"
        ),
    ] = None,
) -> None:
    """现在就备份台账。每天第一次写入和升级以前会自动备份，这里用于不放心的时候。

    备份放在工作文件夹的 backups 里，只有台账；佐证材料要和整个工作文件夹
    一起复制到其他盘。

    例：sgtrack backup

    例：sgtrack backup --encrypt /media/U盘/台账.sealed

    例：sgtrack --home 社工站台账 backup
    """
    if ctx.invoked_subcommand is not None:
        return
    backup = back_up_ledger(app_context(ctx), sealed, read_new_passphrase)
    typer.echo(f"已备份，检查过是完好的：{backup.name}")
    typer.echo(f"        {backup.path}")
    if sealed is not None:
        typer.echo(f"加密的一份：{sealed}；忘了密码谁也打不开，恢复用 sgtrack restore {sealed}")


@app.command("list", cls=ChineseCommand)
def list_backups(ctx: typer.Context, as_json: AsJson = False) -> None:
    """列出台账的备份，新的在前，逐个检查是否完好。

    例：sgtrack backup list

    例：sgtrack backup list --json
    """
    listed = check_backups(app_context(ctx))
    if as_json:
        print_json([backup_json(checked) for checked in listed])
    elif listed:
        out().print(backup_table(listed))
    else:
        typer.echo("还没有备份：每天第一次写入时自动做，也可以用 sgtrack backup")


def restore(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="备份",
            help="backup list 里的名称，可以只写前面几位；或一个加密的备份文件",
            autocompletion=complete_backup,
        ),
    ],
    certain: Certain = False,
) -> None:
    """把台账恢复到一份备份；现在的台账先留底，也在 backups 里。

    例：sgtrack restore 20260324-090501-daily

    例：sgtrack restore 20260324 --yes
    """
    context = app_context(ctx)
    backup = choose_backup(context, name, read_file_password)
    when = f"{backup.at:%Y-%m-%d %H:%M}"
    if not _confirm(f"台账恢复到 {when} 的样子，此后的记录只保留在备份中，恢复吗", certain):
        return
    replaced = restore_ledger(context, backup)
    typer.echo(f"台账已恢复到 {when}（{backup.name}）")
    if replaced is not None:
        typer.echo(f"原来的台账留在 {replaced.path}")


def recover(ctx: typer.Context, certain: Certain = False) -> None:
    """台账损坏时，把还读得出的记录救进一份新台账，并说清救回什么、没救回什么。

    最新的完好备份也用上；损坏的原件留在 backups 里。台账的结构被其他程序改动时也这样重建；
    只是月度累计和记录对不上，或校验链的末尾被抹去时，照记录重算，记录不动。

    例：sgtrack recover

    例：sgtrack recover --yes
    """
    shown = False

    def confirm(recovered: Recovered) -> bool:
        nonlocal shown
        if shown:
            typer.echo("刚才另一个程序写了台账，重新抢救的结果：")
        shown = True
        for sentence in recovered_words(recovered):
            typer.echo(sentence)
        return _confirm("用救回的代替损坏的台账吗", certain)

    print_recovery(recover_ledger(app_context(ctx), confirm))


def _confirm(question: str, certain: bool) -> bool:
    if certain:
        return True
    if not can_ask():
        raise Refused("这会代替现在的台账，要先确认", "确定就加上 --yes")
    if ask_yes(question):
        return True
    typer.echo("没有改动")
    return False


def forget(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="姓名", help="要隐去的姓名，写全")],
    reason: Reason = "",
    certain: Certain = False,
    dry_run: DryRun = False,
) -> None:
    """把一个人的姓名从台账和备份里永远隐去，换成代号；数字不变，verify 照样通过。

    标题、备注、原因、文件名里的也换。改不了的文件会列出来，由您自己处理。不能反悔。

    例：sgtrack forget 张小花 -r 本人要求

    例：sgtrack forget 张小花 -r 服务结束 --dry-run
    """
    from sgtrack.app.forget_name import check_forget_request, forget_name  # loads sqlmodel

    context = app_context(ctx)
    name, reason = check_forget_request(context, name, reason)
    if not dry_run and not certain:
        if not can_ask():
            raise Refused("没有隐去：尚未确认", "姓名隐去后找不回来；确认无误就加 --yes")
        print_forget_result(forget_name(context, name, reason, dry_run=True), dry_run=True)
        if not ask_yes("姓名隐去后找不回来，确认隐去"):
            typer.echo("没有改动")
            return
    result = forget_name(context, name, reason, dry_run=dry_run)
    if dry_run:
        typer.echo("试算，没有写入：")
    print_forget_result(result, dry_run=dry_run)
    if result.failed and not dry_run:
        raise Refused(
            "有的备份没有改成，里面还有这个姓名",
            "损坏的备份请删掉；被占用的，关掉其他程序后再运行一次",
        )
