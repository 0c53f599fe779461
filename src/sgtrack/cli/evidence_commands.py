"""``evidence``: the files that prove activities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, Community, EntryId, Reason, WithNames

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
        list[Path],
        typer.Argument(metavar="文件", help="一个或多个文件", show_default=False, readable=False),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="种类",
            help="签到表、照片、活动方案、总结、媒体截图等；不写就按文件名判断",
            show_default=False,
        ),
    ] = None,
) -> None:
    """给一条记录添加佐证材料。

    例：sgtrack evidence add 7K3QF2 扫描件.pdf --as 签到表

    例：sgtrack evidence add 7K3QF2 现场1.jpg 现场2.jpg
    """
    from sgtrack.evidence.attach import as_evidence, check_kind, refuse_known, warn_of_twins
    from sgtrack.evidence.evidence_store import inspect, keeping
    from sgtrack.ledger.entry_reads import entries_of, find_entry
    from sgtrack.model.ids import short
    from sgtrack.screen.entry_view import evidence_words

    context = app_context(ctx)
    entry = find_entry(context.workspace.ledger, entry_id)
    project = context.project_of(entry.activity.community)
    wanted = check_kind(project, kind)
    sources = [inspect(path) for path in files]

    from sgtrack.ledger.append import add_evidence
    from sgtrack.recovery.ledger_writing import writing

    needs = project.needs_of(entry.activity.item)
    with (
        writing(context.workspace.ledger) as transaction,
        keeping(context.workspace.evidence) as store,
    ):
        evidence = as_evidence(store.take(sources), needs, wanted)
        refuse_known(entry, evidence)
        add_evidence(transaction, entry, evidence, context.origin())
        (now,) = entries_of(transaction.fresh_db(), (entry.id,))
        twins = warn_of_twins(transaction.fresh_db(), now)
    typer.echo(f"已添加 {len(evidence)} 个文件  {short(entry.id)}  {evidence_words(project, now)}")
    shown, alike = context.without_names((evidence, twins))
    for one in shown:
        typer.echo(f"        {one.kind}  {one.name}")
    for twin in alike:
        typer.echo(f"注意：{twin}")


@app.command("list", cls=ChineseCommand)
def list_evidence(
    ctx: typer.Context,
    which: Annotated[
        str | None,
        typer.Argument(metavar="服务项", help="只看这一项的", show_default=False),
    ] = None,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """列出佐证材料，按活动的日期。

    例：sgtrack evidence list 殡葬

    例：sgtrack evidence list --json
    """
    from sgtrack.ledger.entry_reads import read_entries
    from sgtrack.model.queries import EntryFilter
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.evidence_view import evidence_json, evidence_table

    context = app_context(ctx)
    found = [
        entry
        for project, items in context.items(community, which)
        for entry in read_entries(context.workspace.ledger, EntryFilter((project.slug,), items))
        if entry.evidence
    ]
    found = context.without_names(found, with_names=with_names)
    if as_json:
        print_json([line for entry in found for line in evidence_json(entry)])
    elif found:
        out().print(evidence_table(found))
    else:
        typer.echo("没有佐证材料：用 sgtrack evidence add 编号 文件 添加")


@app.command("verify", cls=ChineseCommand)
def verify(ctx: typer.Context, community: Community = None) -> None:
    """逐个重读存下的文件，看内容有没有变。

    例：sgtrack evidence verify

    例：sgtrack evidence verify -c 三里
    """
    from sgtrack.evidence.file_checks import damaged
    from sgtrack.ledger.entry_reads import read_entries
    from sgtrack.model.queries import EntryFilter
    from sgtrack.screen.evidence_view import damage_words

    context = app_context(ctx)
    slugs = tuple(project.slug for project in context.projects(community))
    entries = read_entries(context.workspace.ledger, EntryFilter(slugs, everything=True))
    files = {one.sha256 for entry in entries for one in entry.evidence}
    found = context.without_names(damaged(context.workspace.evidence, entries))
    for one in found:
        typer.echo(damage_words(one))
    if found:
        typer.echo(f"{len(files)} 个文件里，{len(found)} 个不是存入时的样子", err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(files)} 个文件，内容都和存入时一样")


@app.command("void", cls=ChineseCommand)
def void(
    ctx: typer.Context,
    evidence_id: Annotated[
        str,
        typer.Argument(
            metavar="材料编号",
            help="evidence list 里的材料编号，最后 6 位",
            show_default=False,
        ),
    ],
    reason: Reason = "",
) -> None:
    """去掉加错的佐证材料：不再作为证明，文件和原因都留着。

    例：sgtrack evidence void M4T0ZQ -r 加错了活动

    例：sgtrack evidence void M4T0ZQ -r 照片看不清
    """
    from sgtrack.entry.text_cleaning import clean
    from sgtrack.ledger.entry_reads import find_evidence
    from sgtrack.model.errors import Refused

    context = app_context(ctx)
    found = find_evidence(context.workspace.ledger, evidence_id)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写去掉的原因", "加上 -r 原因，如 -r 加错了活动")

    from sgtrack.ledger.append import void_evidence
    from sgtrack.recovery.ledger_writing import writing

    with writing(context.workspace.ledger) as transaction:
        void_evidence(transaction, found, context.origin(), why)
    typer.echo(context.without_names(f"已去掉 {found.kind}  {found.name}  原因：{why}"))
