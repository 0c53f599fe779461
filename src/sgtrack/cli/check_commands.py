"""``check`` and ``verify``: what an evaluator would object to, and whether history was altered."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.command_context import app_context
from sgtrack.cli.options import AsJson, Community, WithNames


def check(
    ctx: typer.Context,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """检查台账里评估时会被问到的地方；没有问题就不说话。

    缺佐证、文件有变、一个文件用两次、合同没有的服务项、只有人数没有姓名、同一个人两种写法、
    一次活动计入几项、数量明显异常、活动没有达到合同对每次的要求、
    目标文件改了却没有写变更、几台电脑的台账合并后互相矛盾的地方。

    例：sgtrack check

    例：sgtrack check -c 三里 --with-names
    """
    from sgtrack.checks.findings import Finding, Material, Topic, disagreements, findings
    from sgtrack.checks.integrity import read_brought
    from sgtrack.evidence.evidence_store import Condition
    from sgtrack.evidence.file_checks import damaged
    from sgtrack.ledger.conflicts import read_conflicts, read_twins
    from sgtrack.ledger.contract_versions import read_contracts
    from sgtrack.ledger.entry_reads import read_entries
    from sgtrack.ledger.known_people import read_roster
    from sgtrack.model.queries import EntryFilter
    from sgtrack.privacy.permissions import warning
    from sgtrack.screen.check_view import finding_json, finding_table
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.evidence_view import file_words

    context = app_context(ctx)
    if told := warning(context.workspace):
        typer.echo(f"注意：{told}", err=True)
    brought = read_brought(context.workspace.ledger)
    disagreed = read_conflicts(context.workspace.ledger)
    pages = []
    projects = context.projects(community)
    for project in projects:
        entries = read_entries(context.workspace.ledger, EntryFilter((project.slug,)))
        roster = read_roster(context.workspace.ledger, project.slug)
        broken = [
            Finding(Topic.EVIDENCE_DAMAGED, (one.entry,), file_words(one))
            for one in damaged(context.workspace.evidence, entries)
            if one.condition is not Condition.MISSING or one.evidence.sha256 not in brought
        ]
        noted = read_contracts(context.workspace.ledger, project.slug)
        between = disagreements(
            disagreed.of({project.slug}), read_twins(context.workspace.ledger, project.slug)
        )
        found = (*broken, *between, *findings(Material(project, entries, roster, noted)))
        pages.append((project, context.without_names(found, with_names=with_names)))
    unknown = () if community else _unknown(context)
    if as_json:
        print_json(
            [finding_json(project, one, with_names) for project, found in pages for one in found]
            + [
                {"community": slug, "topic": "community_unknown", "entries": [], "message": said}
                for slug, said in unknown
            ]
        )
    else:
        for _, said in unknown:
            typer.echo(said)
        for project, found in pages:
            if found:
                out().print(finding_table(project, found, with_names))
    if unknown or any(found for _, found in pages):
        raise typer.Exit(1)


def _unknown(context: AppContext) -> tuple[tuple[str, str], ...]:
    """The communities that have entries but no target file, as after a merging."""
    from sgtrack.ledger.entry_reads import read_communities
    from sgtrack.targets.cache import list_target_files

    known = {path.stem for path in list_target_files(context.workspace.targets)}
    return tuple(
        (slug, f"社区 {slug} 有 {count} 条记录，没有目标文件：把 {slug}.yaml 放进 targets")
        for slug, count in read_communities(context.workspace.ledger)
        if slug not in known
    )


def verify(
    ctx: typer.Context,
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="校验码", help="简报上印的校验码，看它在台账的哪里", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """证明台账和佐证材料没有被 sgtrack 以外的程序改过。

    例：sgtrack verify

    例：sgtrack verify 3f2a-91bc-0d47-88e1
    """
    from sgtrack.checks.integrity import find_code, integrity
    from sgtrack.screen.check_view import fault_words, integrity_json
    from sgtrack.screen.console import print_json

    context = app_context(ctx)
    if code is not None:
        place = find_code(context.workspace.ledger, code)
        at = f"{place.at:%Y-%m-%d %H:%M} 的" if place.at else ""
        typer.echo(f"校验码 {place.code} 在台账里：{at}第 {place.seq} 条记录之后")
    found = context.without_names(integrity(context.workspace.ledger, context.workspace.evidence))
    if as_json:
        print_json(integrity_json(found))
    else:
        for fault in found.faults:
            typer.echo(fault_words(fault))
    if found.faults:
        typer.echo(f"台账或佐证材料被改动，共 {len(found.faults)} 处，最早的一处列在最前", err=True)
        raise typer.Exit(1)
    if not as_json:
        typer.echo(
            f"台账完好：{found.links} 条记录、{found.files} 个文件都和写入时一样，"
            f"校验码 {found.code or '（还没有记录）'}"
        )
        if found.elsewhere:
            typer.echo(f"合并进来的记录另有 {found.elsewhere} 个文件没有一起来，还在原来的电脑上")
