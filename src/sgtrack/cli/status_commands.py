"""``status``, ``due`` and ``explain``: where the contract stands, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.app.context import AppContext
from sgtrack.cli.command_context import app_context
from sgtrack.cli.conflict_notice import say_conflicts
from sgtrack.cli.options import EXPLAINED, AsJson, AsOf, Community, Item, LastExplained, at_most
from sgtrack.model.errors import Refused

if TYPE_CHECKING:
    from sgtrack.model.contract import Item as Found
    from sgtrack.model.contract import Project
    from sgtrack.progress.contract_status import ContractStatus
    from sgtrack.progress.indicator_progress import Progress, ProjectProgress


def status(
    ctx: typer.Context,
    which: Annotated[
        str | None,
        typer.Argument(
            metavar="服务项或类别",
            help="只看一个服务项（5.1、殡葬）或类别（5）",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="列出全部指标")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="文件", help="写成一个网页，手机和电脑都能看", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """看指标完成情况：先看各类别，再看最急的；社区多的时候每个社区一行。

    总体完成率是所有指标完成率的平均数，每个指标最多算 100%，超额完成的不能抵别的指标；
    每月、每季度、每人的指标在各月、各季度、各人之间也不能互相抵。

    例：sgtrack status

    例：sgtrack status 5 --as-of 6-30

    例：sgtrack status --html 进度.html
    """
    from sgtrack.progress.contract_status import compute_status
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.status_view import (
        AT_ONCE,
        heading,
        indicator_table,
        overview,
        status_json,
    )

    context = app_context(ctx)
    projects = context.projects(community)
    until = context.day(as_of, projects[0])
    if html is not None:
        _write_page(context, projects, until, html)
        return
    chosen = _choose(projects, which)
    read = context.figures_of_each((one for one, _ in chosen), until)
    standings = [
        compute_status(project, figures, until)
        for (project, _), figures in zip(chosen, read, strict=True)
    ]
    codes_of = (codes for _, codes in chosen)
    found = list(zip(_nameless(context, standings), codes_of, strict=True))
    if as_json:
        communities = [status_json(one, codes) for one, codes in found]
        print_json({"as_of": until.isoformat(), "communities": communities})
        return
    console = out()
    if which is None and not everything and len(found) > AT_ONCE:
        from sgtrack.progress.county_progress import county_of
        from sgtrack.screen.county_view import county_overview

        console.print(county_overview(county_of((one for one, _ in found), until)))
        found = []
    for n, (one, codes) in enumerate(found):
        if n:
            console.print()
        if which is None and not everything:
            console.print(overview(one))
        else:
            console.print(heading(one), "", indicator_table(one, codes), sep="\n")
    say_conflicts(context, {project.slug for project in projects})


def _nameless(context: AppContext, standings: list[ContractStatus]) -> list[ContractStatus]:
    """The same without the names of people in the titles of groups and cases."""
    open_series = [one.open_series for one in standings]
    if not any(open_series):
        return standings
    shown = context.without_names(open_series)
    return [replace(one, open_series=series) for one, series in zip(standings, shown, strict=True)]


def _write_page(context: AppContext, projects: Sequence[Project], until: date, path: Path) -> None:
    from sgtrack.brief.rendering import write
    from sgtrack.progress.contract_status import compute_status
    from sgtrack.progress.reporting_window import month_ends
    from sgtrack.report.status_page import status_page

    if path.suffix.lower() not in (".html", ".htm"):
        raise Refused(f"“{path.name}”不是网页的文件名", "文件名以 .html 结尾，如 进度.html")
    figures = [(one, context.figures(one, until, *month_ends(one))) for one in projects]
    found = [(compute_status(project, one, until), one) for project, one in figures]
    write({path: status_page(found, until, context.workspace.templates)})
    typer.echo(f"写好了 {path}（截至 {until}）")


def due(
    ctx: typer.Context,
    weeks: Annotated[
        int, typer.Option("--weeks", "-w", metavar="周数", help="看几周以内的", min=1, max=60)
    ] = 4,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """看近几周要交什么：25日的简报、本季度的培训、本月的宣传报道。

    例：sgtrack due

    例：sgtrack due --weeks 8 -c 三里
    """
    from sgtrack.model.units import number
    from sgtrack.progress.contract_status import compute_due
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.due_view import due_table

    context = app_context(ctx)
    found = [
        (project, compute_due(_progress(context, project, context.today), weeks * 7))
        for project in context.projects(community)
    ]
    if as_json:
        print_json(
            [
                {
                    "community": project.slug,
                    "item": one.progress.item.code,
                    "name": one.progress.item.name,
                    "unit": one.progress.indicator.unit,
                    "amount": number(one.amount),
                    "deadline": one.deadline.isoformat(),
                    "late": one.late,
                }
                for project, dues in found
                for one in dues
            ]
        )
        return
    console = out()
    for n, (project, dues) in enumerate(found):
        if n:
            console.print()
        console.print(f"{project.full_name}  {weeks} 周以内", style="bold")
        console.print(due_table(dues, context.today))


def explain(
    ctx: typer.Context,
    item: Item,
    as_of: AsOf = None,
    last: LastExplained = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """说明一个数字由哪些记录组成、按什么规则计算。

    例：sgtrack explain 7.3

    例：sgtrack explain 社会组织 -c 三里
    """
    from sgtrack.ledger.entry_reads import read_entries
    from sgtrack.ledger.known_people import read_roster
    from sgtrack.model.queries import EntryFilter
    from sgtrack.progress.explanation import explain as explain_item
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.explanation_view import explanation_json, explanation_sheet

    context = app_context(ctx)
    chosen = context.items(community, item)
    until = context.day(as_of, chosen[0][0])
    most = at_most(last, EXPLAINED, as_json=as_json)
    pages = []
    for project, codes in chosen:
        found = _in_force(project, codes[0], until)
        wanted = EntryFilter((project.slug,), codes, start=project.period.start, end=until)
        entries = read_entries(context.workspace.ledger, wanted)
        roster = read_roster(context.workspace.ledger, project.slug)
        progress = _of_item(context, project, found, until)
        told = explain_item(project.at(until), found, entries, roster)
        if most is not None:
            told = tuple(one.latest(most) for one in told)
        explained = list(zip(progress, context.without_names(told), strict=True))
        pages.append((project, found, explained))
    if as_json:
        print_json([explanation_json(*page, until) for page in pages])
        return
    console = out()
    for n, page in enumerate(pages):
        if n:
            console.print()
        console.print(explanation_sheet(*page, until))


def _in_force(project: Project, code: str, day: date) -> Found:
    """The item as the contract has it on a day."""
    found = project.at(day).items.get(code)
    if found is None:
        item = project.items[code]
        since = item.added.start if item.added else day
        raise Refused(
            f"{code} {item.name} 从 {since} 起才加入合同", f"--as-of 写 {since} 或以后的日期"
        )
    return found


def _progress(context: AppContext, project: Project, as_of: date) -> ProjectProgress:
    from sgtrack.progress.contract_status import compute_progress
    from sgtrack.progress.tally import tally

    return compute_progress(project, tally(project, context.figures(project, as_of)), as_of)


def _of_item(
    context: AppContext, project: Project, item: Found, as_of: date
) -> tuple[Progress, ...]:
    """Every indicator of one item; what other items have is not even read."""
    from sgtrack.progress.contract_status import compute_item_progress
    from sgtrack.progress.tally import tally

    tallies = tally(project, context.figures(project, as_of, only={item.code}))
    return compute_item_progress(project, {item.code}, tallies, as_of)


def _choose(
    projects: Sequence[Project], which: str | None
) -> list[tuple[Project, frozenset[str] | None]]:
    """The items that a word means in each community: a category's, an item's with its parts."""
    found: list[tuple[Project, frozenset[str] | None]] = []
    refused = None
    for project in projects:
        try:
            found.append((project, None if which is None else _codes(project, which)))
        except Refused as error:
            refused = refused or error
    if not found and refused is not None:
        raise refused
    return found


def _codes(project: Project, which: str) -> frozenset[str]:
    from sgtrack.targets.lookup import find_category, find_item

    category = find_category(project, which)
    if category is not None:
        return frozenset(item.code for item in category.items)
    clause = project.clauses.get(which)
    codes = {i.code for i in clause.items} if clause else {find_item(project, which).code}
    return frozenset(c for c in project.items if codes.intersection(project.with_ancestors(c)))
