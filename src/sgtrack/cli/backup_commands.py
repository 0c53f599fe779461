"""``backup``, ``restore`` and ``recover``: copies of the ledger, and the way back from damage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, app_context
from sgtrack.cli.prompts import ask_yes, can_ask, read_passphrase
from sgtrack.model.errors import Refused

if TYPE_CHECKING:
    from sgtrack.recovery.backups import Backup

app = typer.Typer(
    cls=RefusalGroup,
    name="backup",
    invoke_without_command=True,
    rich_markup_mode=None,
)
Certain = Annotated[bool, typer.Option("--yes", "-y", help="不用再确认")]


@app.callback()
def backup(
    ctx: typer.Context,
    sealed: Annotated[
        Path | None,
        typer.Option(
            "--encrypt",
            metavar="文件",
            help="另写一份加密的，要设密码，可以放心放到 U 盘和网盘",
            show_default=False,
        ),
    ] = None,
) -> None:
    """现在就备份台账。每天第一次写入和升级以前会自动备份，这里用于不放心的时候。

    备份放在工作文件夹的 backups 里，只有台账；佐证材料要和整个工作文件夹
    一起复制到别的盘。

    例：sgtrack backup

    例：sgtrack backup --encrypt /media/U盘/台账.sealed

    例：sgtrack --home 社工站台账 backup
    """
    if ctx.invoked_subcommand is not None:
        return
    from sgtrack.recovery import backups

    ledger = app_context(ctx).workspace.ledger_file
    backups.require_ledger(ledger)
    secret = read_passphrase(twice=True) if sealed is not None else ""
    made = backups.back_up(ledger)
    typer.echo(f"已备份，检查过是完好的：{made.name}")
    typer.echo(f"        {made.path}")
    if sealed is not None:
        from sgtrack.privacy.encryption import encrypt_file

        with made.path.open("rb") as content:
            encrypt_file(content, sealed, secret)
        typer.echo(f"加密的一份：{sealed}；忘了密码谁也打不开，恢复用 sgtrack restore {sealed}")


@app.command("list", cls=ChineseCommand)
def list_backups(ctx: typer.Context, as_json: AsJson = False) -> None:
    """列出台账的备份，新的在前，逐个检查是否完好。

    例：sgtrack backup list

    例：sgtrack backup list --json
    """
    from sgtrack.recovery.backups import is_sound, list_backups
    from sgtrack.screen.backup_view import Shown, backup_json, backup_table
    from sgtrack.screen.console import out, print_json

    found = [
        Shown(
            one,
            one.path.stat().st_size,
            is_sound(one),
        )
        for one in list_backups(app_context(ctx).workspace.ledger_file)
    ]
    if as_json:
        print_json([backup_json(one) for one in found])
    elif found:
        out().print(backup_table(found))
    else:
        typer.echo("还没有备份：每天第一次写入时自动做，也可以用 sgtrack backup")


def restore(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="备份",
            help="backup list 里的名称，可以只写前面几位；或一个加密的备份文件",
            show_default=False,
        ),
    ],
    certain: Certain = False,
) -> None:
    """把台账恢复到一份备份；现在的台账先留底，也在 backups 里。

    例：sgtrack restore 20260324-090501-daily

    例：sgtrack restore 20260324 --yes
    """
    from sgtrack.recovery.restore import check_backup, find_backup
    from sgtrack.recovery.restore import restore as put_back

    ledger = app_context(ctx).workspace.ledger_file
    found = _unsealed(ledger, Path(name)) or find_backup(ledger, name)
    check_backup(found)
    when = f"{found.at:%Y-%m-%d %H:%M}"
    if not _agreed(f"台账恢复到 {when} 的样子，这以后的记录只留在底子里，恢复吗", certain):
        return
    replaced = put_back(ledger, found)
    typer.echo(f"台账已恢复到 {when}（{found.name}）")
    if replaced is not None:
        typer.echo(f"原来的台账留在 {replaced.path}")


def _unsealed(ledger: Path, file: Path) -> Backup | None:
    """A sealed backup, opened and put among the others; None where it is no sealed file."""
    from sgtrack.privacy.encryption import decrypt_file, is_encrypted
    from sgtrack.recovery import backups
    from sgtrack.recovery.restore import check_backup

    if not is_encrypted(file):
        return None
    target = backups.path_for_unsealed(ledger)
    decrypt_file(file, target, read_passphrase(twice=False))
    (made,) = (one for one in backups.list_backups(ledger) if one.path == target)
    try:
        check_backup(made)
    except Refused:
        target.unlink()
        raise
    return made


def recover(ctx: typer.Context, certain: Certain = False) -> None:
    """台账损坏时，把还读得出的记录救进一份新台账，并说清救回什么、没救回什么。

    最新的完好备份也用上；损坏的原件留在 backups 里。台账的结构被别的程序改动时也这样重建；
    只是月度累计和记录对不上时，照记录重算累计。

    例：sgtrack recover

    例：sgtrack recover --yes
    """
    from tempfile import TemporaryDirectory

    from sgtrack.model.errors import reason_of
    from sgtrack.recovery.recover import is_altered
    from sgtrack.recovery.recover import recover as put_together
    from sgtrack.recovery.restore import is_damaged, preserve_damaged, put_in_place
    from sgtrack.screen.backup_view import recovered_words

    context = app_context(ctx)
    if context.workspace.server is not None and _computed_anew(context):
        return
    ledger = context.workspace.ledger_file
    if not ledger.exists() or not ledger.stat().st_size:
        raise Refused("台账不见了，没有可抢救的", "用 sgtrack backup list 找一份备份，再 restore")
    if not is_damaged(ledger) and not is_altered(ledger):
        if not _computed_anew(context):
            raise Refused("台账没有损坏，不用抢救", "要回到以前的样子用 sgtrack restore 备份")
        return
    try:
        with TemporaryDirectory() as scratch:
            made, found = put_together(ledger, Path(scratch))
            for sentence in recovered_words(found):
                typer.echo(sentence)
            if not _agreed("用救回的代替损坏的台账吗", certain):
                return
            kept = preserve_damaged(ledger)
            put_in_place(ledger, made)
    except OSError as error:
        raise Refused(
            f"没有救成（{reason_of(error)}）", "检查磁盘空间；损坏的台账还在原处，没有改动"
        ) from error
    typer.echo(f"台账可以用了；损坏的原件留在 {kept.path}")


def _computed_anew(context: AppContext) -> bool:
    """Put right what can be in a sound ledger, if anything is wrong; entries are not touched."""
    from sgtrack.recovery.recover import repair_rollups

    wrong = repair_rollups(context.workspace.ledger)
    if not wrong:
        return False
    named = "、".join(f"{community} {month}" for community, month in wrong if month)
    about = context.without_names(named) if named else "已经不在的记录"
    typer.echo(f"累计照记录重算了：{about}；记录本身没有改动")
    return True


def _agreed(question: str, certain: bool) -> bool:
    if certain:
        return True
    if not can_ask():
        raise Refused("这会代替现在的台账，要先确认", "确定就加上 --yes")
    if ask_yes(question):
        return True
    typer.echo("没有改动")
    return False
