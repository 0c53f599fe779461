"""``bundle``, ``merge`` and ``resolve``: merge ledgers of several laptops and resolve conflicts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from sgtrack.app.merge_ledgers import bundle_ledger, list_conflicts, merge_ledgers, resolve_conflict
from sgtrack.cli.options import AsJson, DryRun, Reason, app_context
from sgtrack.model.entries import short_id
from sgtrack.model.issued import head_code
from sgtrack.screen.console import out, print_json
from sgtrack.screen.merge_view import conflict_table, conflicts_json, merged_json, merged_words

_MANY = 10
"""Minimum number of steps for a progress bar; each ledger takes two steps."""


def bundle(
    ctx: typer.Context,
    path: Annotated[
        Path, typer.Option("--output", "-o", metavar="文件", help="写成哪个文件，如 三里.zip")
    ],
    with_evidence: Annotated[
        bool, typer.Option("--with-evidence", help="佐证材料也放进去（里面可能有姓名）")
    ] = False,
    with_names: Annotated[
        bool, typer.Option("--with-names", help="留着姓名；不写就换成代号，人数不变")
    ] = False,
) -> None:
    """把台账打成一个合并包，交给另一台电脑或县里，用 sgtrack merge 并进去。

    姓名默认换成代号：同一个人总是同一个代号，人数照样算得对。同一社区的几台
    电脑先并到一台（带姓名），再由那台打包上报。

    例：sgtrack bundle -o 三里6月.zip

    例：sgtrack bundle -o U盘/三里.zip --with-names --with-evidence
    """
    context = app_context(ctx)
    bundled = bundle_ledger(context, path, with_names=with_names, with_evidence=with_evidence)
    typer.echo(f"已生成 {path}：活动记录 {bundled.activities} 条，文件 {bundled.files} 个")
    typer.echo(f"        台账的校验码 {head_code(bundled.head)}")
    if bundled.missing:
        typer.echo(f"注意：有 {bundled.missing} 个文件不在这台电脑上，或有变，没有放进去")
    if bundled.replaced is None:
        typer.echo("含姓名，请勿外传")
    else:
        typer.echo(f"{bundled.replaced} 个姓名换成了代号；没有写在 --who 和名册里的姓名认不出来")
    if with_evidence:
        typer.echo("注意：佐证材料原样放进去了，签到表、照片里可能有姓名")


def merge(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="台账", help="另一台电脑的 ledger.db、工作文件夹或合并包"),
    ],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """把其他电脑的台账合并进来：可以重复操作，不分先后，已有的记录不会重复计入。

    几个台账一起并，有一个不行就都不并；别的台账本身不改动。两台电脑对同一条
    记录的更正不一致，以先作出的为准，用 sgtrack resolve 决定以哪一个为准。

    例：sgtrack merge U盘/三里.zip U盘/北街/ledger.db

    例：sgtrack merge 上报/*.zip --dry-run
    """
    context = app_context(ctx)
    with _bar(len(paths) * 2) as step:
        outcome = merge_ledgers(context, paths, dry_run=dry_run, step=step)
    if as_json:
        print_json(merged_json(outcome.result) | {"returned_names": outcome.returned_names})
        return
    if dry_run:
        typer.echo("试算，没有写入：")
    for merged in outcome.result.merged:
        for line in merged_words(merged):
            typer.echo(line)
    for slug in outcome.without_targets:
        typer.echo(
            f"注意：社区 {slug} 没有目标文件，记录已接收，暂无法计算完成率；"
            f"把 {slug}.yaml 放进 {context.workspace.targets}"
        )
    if outcome.returned_names:
        typer.echo(
            f"注意：有 {outcome.returned_names} 个在这里隐去过的姓名又随其他台账进入；"
            "再运行一次 sgtrack forget 姓名"
        )
    conflicts = outcome.result.conflicts
    if conflicts.decisions or conflicts.briefs:
        out().print(conflict_table(conflicts))


def resolve(
    ctx: typer.Context,
    chosen: Annotated[
        str | None,
        typer.Argument(metavar="编号", help="要用的那一条更正或作废的编号；不写就列出冲突"),
    ] = None,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """几台电脑对同一条记录的更正不一致时，决定以哪一个为准；其他的留在台账里，不计数。

    例：sgtrack resolve

    例：sgtrack resolve 7K3QF2 -r 签到表核对过，以这条为准
    """
    context = app_context(ctx)
    if chosen is None:
        conflicts = list_conflicts(context)
        if as_json:
            print_json(conflicts_json(conflicts))
        elif conflicts.decisions or conflicts.briefs:
            out().print(conflict_table(conflicts))
        else:
            typer.echo("没有冲突")
        return
    conflict, decision, why = resolve_conflict(context, chosen, reason)
    activity = conflict.entry.activity
    typer.echo(f"已决定：{activity.day} {activity.item} 以 {short_id(decision)} 为准，原因：{why}")


@contextmanager
def _bar(steps: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar on a terminal if there are at least ``_MANY`` steps.

    Yield a function that advances the bar by one step.
    """
    if steps < _MANY or not sys.stderr.isatty():
        yield lambda: None
        return
    with Progress(console=out(is_error=True), transient=True) as progress:
        task = progress.add_task("合并", total=steps)
        yield lambda: progress.advance(task)
