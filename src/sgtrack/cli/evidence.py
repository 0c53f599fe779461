"""``evidence``: the files that prove activities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sgtrack.cli.door import Door, Plain
from sgtrack.cli.options import AsJson, Community, EntryId, Reason, WithNames
from sgtrack.cli.session import session

app = typer.Typer(
    cls=Door,
    name="evidence",
    help="佐证材料：签到表、照片、方案等，按内容存进工作文件夹，原文件不动。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("add", cls=Plain)
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
    from sgtrack.evidence.adding import as_evidence, check_kind, refuse_known, warn_of_twins
    from sgtrack.evidence.store import inspect, keeping
    from sgtrack.ledger.ids import short
    from sgtrack.ledger.reading import entries_of, find_entry
    from sgtrack.screen.entries import evidence_words

    run = session(ctx)
    entry = find_entry(run.workspace.ledger, entry_id)
    project = run.project_of(entry.activity.community)
    wanted = check_kind(project, kind)
    sources = [inspect(path) for path in files]

    from sgtrack.ledger.transaction import writing
    from sgtrack.ledger.writing import add_evidence

    needs = project.needs_of(entry.activity.item)
    with (
        writing(run.workspace.ledger) as transaction,
        keeping(run.workspace.evidence) as store,
    ):
        evidence = as_evidence(store.take(sources), needs, wanted)
        refuse_known(entry, evidence)
        add_evidence(transaction, entry, evidence, run.origin())
        (now,) = entries_of(transaction.db, (entry.id,))
        twins = warn_of_twins(transaction.db, now)
    typer.echo(f"已添加 {len(evidence)} 个文件  {short(entry.id)}  {evidence_words(project, now)}")
    shown, alike = run.without_names((evidence, twins))
    for one in shown:
        typer.echo(f"        {one.kind}  {one.name}")
    for twin in alike:
        typer.echo(f"注意：{twin}")


@app.command("list", cls=Plain)
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
    from sgtrack.ledger.reading import Wanted, read_entries
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.evidence import evidence_json, evidence_table

    run = session(ctx)
    found = [
        entry
        for project, items in run.items(community, which)
        for entry in read_entries(run.workspace.ledger, Wanted((project.slug,), items))
        if entry.evidence
    ]
    found = run.without_names(found, with_names=with_names)
    if as_json:
        print_json([line for entry in found for line in evidence_json(entry)])
    elif found:
        out().print(evidence_table(found))
    else:
        typer.echo("没有佐证材料：用 sgtrack evidence add 编号 文件 添加")


@app.command("verify", cls=Plain)
def verify(ctx: typer.Context, community: Community = None) -> None:
    """逐个重读存下的文件，看内容有没有变。

    例：sgtrack evidence verify

    例：sgtrack evidence verify -c 三里
    """
    from sgtrack.evidence.checking import damaged
    from sgtrack.ledger.reading import Wanted, read_entries
    from sgtrack.screen.evidence import damage_words

    run = session(ctx)
    slugs = tuple(project.slug for project in run.projects(community))
    entries = read_entries(run.workspace.ledger, Wanted(slugs, everything=True))
    files = {one.sha256 for entry in entries for one in entry.evidence}
    found = run.without_names(damaged(run.workspace.evidence, entries))
    for one in found:
        typer.echo(damage_words(one))
    if found:
        typer.echo(f"{len(files)} 个文件里，{len(found)} 个不是存入时的样子", err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(files)} 个文件，内容都和存入时一样")


@app.command("void", cls=Plain)
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
    from sgtrack.entry.text import clean
    from sgtrack.errors import Refused
    from sgtrack.ledger.reading import find_evidence

    run = session(ctx)
    found = find_evidence(run.workspace.ledger, evidence_id)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写去掉的原因", "加上 -r 原因，如 -r 加错了活动")

    from sgtrack.ledger.transaction import writing
    from sgtrack.ledger.writing import void_evidence

    with writing(run.workspace.ledger) as transaction:
        void_evidence(transaction, found, run.origin(), why)
    typer.echo(run.without_names(f"已去掉 {found.kind}  {found.name}  原因：{why}"))
