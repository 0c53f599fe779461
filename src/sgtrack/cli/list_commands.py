"""``list`` and ``show``: reading entries back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.command_context import app_context
from sgtrack.cli.conflict_notice import say_conflicts
from sgtrack.cli.options import LISTED, AsJson, Community, EntryId, LastListed, WithNames, at_most

if TYPE_CHECKING:
    from sgtrack.model.contract import Project
    from sgtrack.model.entries import Entry


def list_entries(
    ctx: typer.Context,
    item: Annotated[
        str | None, typer.Argument(metavar="服务项", help="只看这一项", show_default=False)
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", "-m", metavar="月份", help="只看这个月（自然月）", show_default=False
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="文字", help="标题、地点、备注里有这些字", show_default=False
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="连作废和更正前的一起看")] = False,
    last: LastListed = None,
    with_names: WithNames = False,
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """列出记录，可按月份、服务项和文字挑选。

    例：sgtrack list -m 3

    例：sgtrack list 殡葬 --text 小区
    """
    from sgtrack.entry.text_cleaning import clean
    from sgtrack.ledger.entry_reads import count_entries, read_entries
    from sgtrack.model.queries import EntryFilter
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.entry_view import entry_json, entry_table, not_listed

    context = app_context(ctx)
    most = at_most(last, LISTED, as_json=as_json)
    words = clean(text, "文字")
    found = context.items(community, item)
    entries: list[Entry] = []
    there = 0
    for project, codes in found:
        wanted = EntryFilter((project.slug,), codes, text=words, everything=everything, last=most)
        if month is not None:
            days = _days_of(month, context.today, project)
            wanted = replace(wanted, start=days[0], end=days[1])
        some = read_entries(context.workspace.ledger, wanted)
        whole = len(some) != most
        there += len(some) if whole else count_entries(context.workspace.ledger, wanted)
        entries += some
    entries.sort(key=lambda entry: (entry.activity.day, entry.id))
    entries = entries if most is None else entries[-most:]
    entries = context.without_names(entries, with_names=with_names)
    if as_json:
        print_json([entry_json(entry) for entry in entries])
    elif entries:
        out().print(entry_table(entries, {project.slug: project for project, _ in found}))
        if there > len(entries):
            typer.echo(not_listed(len(entries), there))
    else:
        typer.echo("没有符合的记录")
    if not as_json:
        say_conflicts(context, {project.slug for project, _ in found})


def _days_of(month: str, today: date, project: Project) -> tuple[date, date]:
    from sgtrack.entry.date_parsing import read_month
    from sgtrack.progress.periods import add_months

    year, number = read_month(month, today, project.period)
    start = date(year, number, 1)
    return start, add_months(start, 1) - timedelta(days=1)


def show(
    ctx: typer.Context, entry_id: EntryId, with_names: WithNames = False, as_json: AsJson = False
) -> None:
    """看一条记录的全部内容和更正经过。

    例：sgtrack show 7K3QF2

    例：sgtrack show 7K3QF2 --with-names
    """
    from sgtrack.ledger.entry_reads import find_entry
    from sgtrack.model.errors import Refused
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.entry_view import entry_json, entry_sheet

    context = app_context(ctx)
    entry = find_entry(context.workspace.ledger, entry_id)
    if as_json:
        names = {"names": list(entry.activity.participants)} if with_names else {}
        print_json(entry_json(context.without_names(entry, with_names=with_names)) | names)
        return
    history: list[Entry] = []
    older = entry.replaces
    while older is not None:
        history.append(find_entry(context.workspace.ledger, older))
        older = history[-1].replaces
    try:
        project = context.project_of(entry.activity.community)
    except Refused:
        project = None
    shown, before = context.without_names((entry, tuple(history)), with_names=with_names)
    out().print(entry_sheet(shown, before, project, with_names))
