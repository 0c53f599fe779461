"""Shows backups, recoveries and the results of ``forget`` on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from sgtrack.app.backup_ledger import CheckedBackup, RecoveryResult
from sgtrack.model.entries import short_id
from sgtrack.model.record_kinds import KIND_LABELS
from sgtrack.recovery.backups import Reason
from sgtrack.recovery.recover import Lost, Recovered
from sgtrack.screen.console import grid, right

if TYPE_CHECKING:  # The import loads sqlmodel.
    from sgtrack.app.forget_name import ForgetResult

REASONS = {
    Reason.DAILY: "每天",
    Reason.MIGRATION: "升级以前",
    Reason.MANUAL: "手工",
    Reason.MERGE: "合并以前",
    Reason.REPLACED: "恢复以前",
    Reason.DAMAGED: "损坏的原件",
}


def backup_table(listed: Iterable[CheckedBackup]) -> RenderableType:
    """Build a table of backups."""
    table = grid("名称", "时间", "原因", right("大小"), "状态")
    for checked in listed:
        table.add_row(
            checked.backup.name,
            f"{checked.backup.at:%Y-%m-%d %H:%M}",
            REASONS[checked.backup.reason],
            f"{max(checked.size // 1024, 1)} KB",
            "完好" if checked.is_sound else Text("损坏", style="red"),
        )
    return table


def backup_json(checked: CheckedBackup) -> dict[str, Any]:
    """Return a backup as JSON values."""
    return {
        "name": checked.backup.name,
        "at": checked.backup.at.isoformat(),
        "reason": checked.backup.reason.value,
        "size": checked.size,
        "sound": checked.is_sound,
    }


def recovered_words(recovered: Recovered) -> Iterator[str]:
    """Describe which records were recovered and which were lost."""
    if recovered.chained:
        whole = "，每条都和写入时一样" if recovered.saved else ""
        yield f"救回 {recovered.saved} 条记录{whole}"
    if recovered.base is not None:
        yield f"其中 {recovered.only_in_backup} 条来自 {recovered.base.at:%Y-%m-%d %H:%M} 的备份"
    if recovered.unproven:
        yield f"还读出 {len(recovered.unproven)} 条，没有校验码可以核对，请对照签到表等材料："
        yield from _listed(recovered.unproven)
    if recovered.lost:
        yield f"未能救回 {len(recovered.lost)} 条，需重新记录："
        yield from _listed(recovered.lost)
    if recovered.nameless:
        yield f"另有 {recovered.nameless} 条连编号也读不出来"
    if not recovered.chained:
        yield "校验链没有读出来，从现在起重新开始；以前简报上的校验码对不上了"
    elif recovered.lost or recovered.nameless or recovered.unproven:
        yield "sgtrack verify 以后会一直说明这次的损失"


def _listed(records: tuple[Lost, ...]) -> Iterator[str]:
    for record in records:
        kind = KIND_LABELS.get(record.kind, record.kind)
        yield f"    {kind}  {short_id(record.record_id)}  {record.readable or '内容读不出来'}"


def print_recovery(result: RecoveryResult) -> None:
    """Print which roll-ups were recomputed, and where the damaged ledger is stored."""
    if result.recomputed is not None:
        months = "、".join(result.recomputed) or "已经不在的记录"
        typer.echo(f"照记录重算了：{months}；记录本身没有改动")
    if result.original is not None:
        typer.echo(f"台账可以用了；损坏的原件留在 {result.original.path}")


def print_forget_result(result: ForgetResult, *, dry_run: bool) -> None:
    """Print the changed records, and the files that the officer must check for the name."""
    done = "会改" if dry_run else "改了"
    if not result.ledgers:
        typer.echo("台账和备份里没有这个姓名")
    for backup, counts in result.ledgers:
        kinds = "、".join(f"{KIND_LABELS.get(k, k)} {n} 条" for k, n in counts.records.items())
        which = f"备份 {backup}" if backup else "台账"
        typer.echo(f"{which}：{done} {kinds}，换成 {result.pseudonym}")
    longer = max((counts.longer for _, counts in result.ledgers), default=0)
    if longer:
        typer.echo(f"注意：另有 {longer} 个姓名比它长、包含它，是别人，没有改")
    for path, reason in result.failed:
        typer.echo(f"没有改成：备份 {path}（{reason}）")
    if result.mentioning:
        typer.echo("这些文件里还有这个姓名，sgtrack 不改文件，请您处理：")
        for path in result.mentioning:
            typer.echo(f"    {path}")
    for path in result.encrypted:
        typer.echo(f"加密的文件无法查看，含有该姓名的请重新生成：{path}")
    if result.evidence:
        typer.echo("这些佐证材料属于此人参加的活动，请核对其中有无姓名和照片：")
        for entry, proof in result.evidence:
            day = entry.activity.day
            typer.echo(f"    {short_id(entry.id)} {day} {proof.kind} 材料编号 {short_id(proof.id)}")
    typer.echo("已打印、发出或导出给他人的文件，sgtrack 无法处理，请收回或告知对方")
