"""``status``, ``due`` and ``explain``: where the contract stands, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.options import AsJson, AsOf, Community, Item
from sgtrack.cli.session import Session, session

if TYPE_CHECKING:
    from sgtrack.progress.progress import Progress, ProjectProgress
    from sgtrack.targets.model import Category, Project


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
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """看指标完成情况：先看各类别，再看最急的。

    总体完成率是所有指标完成率的平均数，每个指标最多算 100%，超额完成的不能抵别的指标；
    每月、每季度、每人的指标在各月、各季度、各人之间也不能互相抵。

    例：sgtrack status

    例：sgtrack status 5 --as-of 6-30
    """
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.progress import heading, indicator_table, overview, project_json

    run = session(ctx)
    found = [_progress(run, project, _day(run, as_of)) for project in run.projects(community)]
    chosen = [_choose(one, which) for one in found]
    if as_json:
        communities = [
            project_json(one, [p for _, indicators in groups for p in indicators])
            for one, groups in zip(found, chosen, strict=True)
        ]
        print_json({"as_of": _day(run, as_of).isoformat(), "communities": communities})
        return
    console = out()
    for n, (one, groups) in enumerate(zip(found, chosen, strict=True)):
        if n:
            console.print()
        if which is None and not everything:
            console.print(overview(one))
        else:
            console.print(heading(one), "", indicator_table(groups), sep="\n")


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
    from sgtrack.progress.due import coming
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.progress import due_table
    from sgtrack.units import number

    run = session(ctx)
    found = [
        (project, coming(_progress(run, project, run.today), weeks * 7))
        for project in run.projects(community)
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
        console.print(due_table(dues, run.today))


def explain(
    ctx: typer.Context,
    item: Item,
    as_of: AsOf = None,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """说明一个数字由哪些记录组成、按什么规则计算。

    例：sgtrack explain 7.3

    例：sgtrack explain 社会组织 -c 三里
    """
    from sgtrack.ledger.reading import Wanted, read_entries
    from sgtrack.progress.explanation import explain as explain_item
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.explanation import explanation_json, explanation_sheet
    from sgtrack.targets.lookup import find_item

    run = session(ctx)
    until = _day(run, as_of)
    pages = []
    for project in run.projects(community):
        found = find_item(project, item)
        wanted = Wanted(communities=(project.slug,), start=project.period.start, end=until)
        entries = read_entries(run.workspace.ledger, wanted)
        progress = [
            one for one in _progress(run, project, until).indicators if one.item.code == found.code
        ]
        explained = list(zip(progress, explain_item(project, found, entries), strict=True))
        pages.append((project, found, explained))
    if as_json:
        print_json([explanation_json(*page, until) for page in pages])
        return
    console = out()
    for n, page in enumerate(pages):
        if n:
            console.print()
        console.print(explanation_sheet(*page, until))


def _day(run: Session, as_of: str | None) -> date:
    from sgtrack.entry.dates import read_date

    return run.today if as_of is None else read_date(as_of, run.today)


def _progress(run: Session, project: Project, as_of: date) -> ProjectProgress:
    from sgtrack.progress.progress import progress_of
    from sgtrack.progress.tally import tally

    return progress_of(project, tally(project, run.figures(project)), as_of)


def _choose(found: ProjectProgress, which: str | None) -> list[tuple[str, tuple[Progress, ...]]]:
    """The indicators a word means: those of a category, of an item and its parts, or all."""
    from sgtrack.targets.lookup import find_category, find_item

    if which is None:
        return [(_title(c.category), c.indicators) for c in found.categories]
    category = find_category(found.project, which)
    if category is not None:
        return [
            (_title(c.category), c.indicators) for c in found.categories if c.category is category
        ]
    clause = found.project.clauses.get(which)
    codes = {i.code for i in clause.items} if clause else {find_item(found.project, which).code}
    groups = []
    for one in found.categories:
        fitting = tuple(
            p
            for p in one.indicators
            if codes.intersection(found.project.with_ancestors(p.item.code))
        )
        if fitting:
            groups.append((_title(one.category), fitting))
    return groups


def _title(category: Category) -> str:
    return f"{category.code} {category.name}"
