"""``list`` and ``show``: print a list of entries, or one entry in full."""

from __future__ import annotations

from typing import Annotated

import typer

from sgtrack.app.read_entries import find_entries, show_entry
from sgtrack.cli.options import (
    LISTED,
    AsJson,
    Community,
    EntryId,
    LastListed,
    WithNames,
    app_context,
    at_most,
)
from sgtrack.screen.console import out, print_json, print_open_decisions
from sgtrack.screen.entry_view import (
    entry_json,
    entry_sheet,
    entry_table,
    not_listed,
)


def list_entries(
    ctx: typer.Context,
    item: Annotated[str | None, typer.Argument(metavar="服务项", help="只看这一项")] = None,
    month: Annotated[
        str | None, typer.Option("--month", "-m", metavar="月份", help="只看这个月（自然月）")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="文字", help="标题、地点、备注里有这些字")
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
    result = find_entries(
        app_context(ctx),
        community,
        item,
        month=month,
        text=text,
        everything=everything,
        limit=at_most(last, LISTED, as_json=as_json),
        with_names=with_names,
    )
    if as_json:
        projects = result.projects
        print_json(
            [
                entry_json(e, projects.get(e.activity.community), with_source=with_names)
                for e in result.entries
            ]
        )
        return
    if result.entries:
        out().print(entry_table(result.entries, result.projects))
        if result.total > len(result.entries):
            typer.echo(not_listed(len(result.entries), result.total))
    else:
        typer.echo("没有符合的记录")
    print_open_decisions(result.open_decisions)


def show(
    ctx: typer.Context, entry_id: EntryId, with_names: WithNames = False, as_json: AsJson = False
) -> None:
    """看一条记录的全部内容和更正经过。

    例：sgtrack show 7K3QF2

    例：sgtrack show 7K3QF2 --with-names
    """
    details = show_entry(app_context(ctx), entry_id, with_names=with_names)
    if as_json:
        participants = list(details.entry.activity.participants)
        names = {"names": participants} if with_names else {}
        entry = entry_json(details.entry, details.project, with_source=with_names)
        print_json(entry | names)
        return
    out().print(entry_sheet(details.entry, details.history, details.project, with_names))
