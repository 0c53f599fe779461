"""``log``, ``amend``, ``void``, ``list`` and ``show``: writing entries and reading them back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.options import (
    Also,
    Amounts,
    AsJson,
    Community,
    Day,
    Item,
    Note,
    Place,
    Reason,
    Title,
    Type,
    Who,
    WithNames,
)
from sgtrack.cli.session import Session, session

if TYPE_CHECKING:
    from sgtrack.ledger.records import Activity, Entry, Figures
    from sgtrack.targets.model import Project

DryRun = Annotated[bool, typer.Option("--dry-run", help="只看结果，不写入")]
Again = Annotated[bool, typer.Option("--again", help="同一天确实有两场同样的活动，照样记")]
EntryId = Annotated[
    str,
    typer.Argument(metavar="编号", help="记录的编号，写最后 6 位即可", show_default=False),
]


def log(
    ctx: typer.Context,
    item: Item,
    amounts: Amounts = None,
    day: Day = None,
    title: Title = None,
    place: Place = None,
    who: Who = None,
    type_: Type = None,
    also: Also = None,
    note: Note = None,
    again: Again = False,
    dry_run: DryRun = False,
    community: Community = None,
) -> None:
    """记一次活动，马上看到指标的变化。

    例：sgtrack log 5.1 3人次

    例：sgtrack log 殡葬 80人次 100份 -d 3-12 -t 惠民殡葬进小区
    """
    from sgtrack.entry.activity import Words, propose
    from sgtrack.entry.amounts import read_amounts

    run = session(ctx)
    project = run.project(community)
    words = Words(
        item=item,
        amounts=read_amounts(amounts or []),
        day=day if day is not None else "今天",
        title=title or "",
        place=place or "",
        kind=type_ or "",
        note=note or "",
        names=tuple(who or ()),
        also=tuple(also or ()),
    )
    proposal = propose(project, words, run.today)
    before = run.figures(project)
    if dry_run:
        typer.echo("试算，没有写入：")
        _say(project, proposal.activity, proposal.understood)
    else:
        from sgtrack.ledger.writing import add

        entry = add(run.workspace.ledger, proposal.activity, run.origin(), again=again)
        _say(project, proposal.activity, proposal.understood, entry)
    for remark in proposal.remarks:
        typer.echo(f"注意：{remark}")
    _say_movement(run, project, before, before.with_activity(proposal.activity))


def amend(
    ctx: typer.Context,
    entry_id: EntryId,
    amounts: Amounts = None,
    reason: Reason = "",
    item: Annotated[
        str | None,
        typer.Option("--item", metavar="服务项", help="改到另一个服务项", show_default=False),
    ] = None,
    day: Day = None,
    title: Title = None,
    place: Place = None,
    who: Who = None,
    type_: Type = None,
    also: Also = None,
    note: Note = None,
    dry_run: DryRun = False,
) -> None:
    """更正一条记录：写要改的内容和原因，原记录保留。

    例：sgtrack amend 7K3QF2 90人次 -r 签到表核对后更正

    例：sgtrack amend 7K3QF2 -d 3-13 -r 日期写错
    """
    from sgtrack.entry.activity import Words, propose
    from sgtrack.entry.amounts import Typed, read_amounts
    from sgtrack.entry.text import clean
    from sgtrack.errors import Refused
    from sgtrack.ledger.reading import find_entry

    run = session(ctx)
    old = find_entry(run.workspace.ledger, entry_id)
    project = run.project_of(old.activity.community)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写更正的原因", "加上 -r 原因，如 -r 签到表核对后更正")
    was = old.activity
    typed = read_amounts(amounts or [])
    kept_names = tuple(who) if who is not None else was.names
    if not typed or item is None:
        from sgtrack.units import is_distinct, plain, spoken_for

        units = project.units_of(was.item) if was.item in project.items else ()
        named = {
            spoken_for(one.unit, units) if one.unit else (units[:1] or ("",))[0] for one in typed
        }
        typed += [
            Typed(amount, unit, f"{plain(amount)}{unit}")
            for unit, amount in was.amounts.items()
            if unit not in named and not (who is not None and is_distinct(unit))
        ]
    words = Words(
        item=item or was.item,
        amounts=typed,
        day=day if day is not None else was.day.isoformat(),
        title=was.title if title is None else title,
        place=was.place if place is None else place,
        kind=was.kind if type_ is None else type_,
        note=was.note if note is None else note,
        names=("、".join(kept_names),),
        also=was.also if also is None else tuple(also),
    )
    proposal = propose(project, words, run.today)
    if proposal.activity == was:
        raise Refused("没有写要改什么", "写上新的数量，或用 -d、-t 等选项写要改的内容")
    before = run.figures(project)
    if dry_run:
        typer.echo("试算，没有写入：")
        _say(project, proposal.activity, proposal.understood)
        return
    from sgtrack.ledger.writing import amend as write_amendment

    entry = write_amendment(run.workspace.ledger, old, proposal.activity, run.origin(), why)
    _say(project, proposal.activity, proposal.understood, entry)
    _say_movement(run, project, before, run.figures(project))


def void(
    ctx: typer.Context, entry_id: EntryId, reason: Reason = "", dry_run: DryRun = False
) -> None:
    """作废一条记录：不再计数，但和原因一起留在台账里。

    例：sgtrack void 7K3QF2 -r 重复记录

    例：sgtrack void 7K3QF2 -r 活动取消 --dry-run
    """
    from sgtrack.entry.text import clean
    from sgtrack.errors import Refused
    from sgtrack.ledger.ids import short
    from sgtrack.ledger.reading import find_entry
    from sgtrack.screen.entries import amount_words, item_words

    run = session(ctx)
    entry = find_entry(run.workspace.ledger, entry_id)
    project = run.project_of(entry.activity.community)
    why = clean(reason, "原因")
    if not why:
        raise Refused("没有写作废的原因", "加上 -r 原因，如 -r 重复记录")
    before = run.figures(project)
    if dry_run:
        typer.echo("试算，没有写入：")
    else:
        from sgtrack.ledger.writing import void as write_void

        write_void(run.workspace.ledger, entry, run.origin(), why)
    activity = entry.activity
    typer.echo(
        f"作废  {short(entry.id)}  {activity.day}  {item_words(project, activity)}  "
        f"{amount_words(activity)}  原因：{why}"
    )
    if not dry_run:
        _say_movement(run, project, before, run.figures(project))


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
    as_json: AsJson = False,
    community: Community = None,
) -> None:
    """列出记录，可按月份、服务项和文字挑选。

    例：sgtrack list -m 3

    例：sgtrack list 殡葬 --text 小区
    """
    from datetime import timedelta

    from sgtrack.entry.dates import read_month
    from sgtrack.ledger.reading import Wanted, read_entries
    from sgtrack.progress.periods import add_months
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.entries import entry_json, entry_table
    from sgtrack.targets.lookup import find_item

    run = session(ctx)
    projects = run.projects(community)
    wanted = Wanted(
        communities=tuple(p.slug for p in projects), text=text or "", everything=everything
    )
    if item is not None:
        code = find_item(projects[0], item).code
        below = tuple(c for c in projects[0].items if code in projects[0].with_ancestors(c))
        wanted = replace(wanted, items=below)
    if month is not None:
        year, number = read_month(month, run.today, projects[0].period)
        start = run.today.replace(year=year, month=number, day=1)
        wanted = replace(wanted, start=start, end=add_months(start, 1) - timedelta(days=1))
    entries = read_entries(run.workspace.ledger, wanted)
    if as_json:
        print_json([entry_json(entry) for entry in entries])
    elif entries:
        out().print(entry_table(entries, {p.slug: p for p in projects}))
    else:
        typer.echo("没有符合的记录")


def show(
    ctx: typer.Context, entry_id: EntryId, with_names: WithNames = False, as_json: AsJson = False
) -> None:
    """看一条记录的全部内容和更正经过。

    例：sgtrack show 7K3QF2

    例：sgtrack show 7K3QF2 --with-names
    """
    from sgtrack.errors import Refused
    from sgtrack.ledger.reading import find_entry
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.entries import entry_json, entry_sheet

    run = session(ctx)
    entry = find_entry(run.workspace.ledger, entry_id)
    if as_json:
        print_json(entry_json(entry))
        return
    history: list[Entry] = []
    older = entry.replaces
    while older is not None:
        history.append(find_entry(run.workspace.ledger, older))
        older = history[-1].replaces
    try:
        project = run.project_of(entry.activity.community)
    except Refused:
        project = None
    out().print(entry_sheet(entry, tuple(history), project, with_names))


def _say(
    project: Project,
    activity: Activity,
    understood: tuple[str, ...],
    entry: Entry | None = None,
) -> None:
    from sgtrack.ledger.ids import short
    from sgtrack.screen.entries import amount_words, item_words

    head = f"已记录  {short(entry.id)}  " if entry is not None else ""
    typer.echo(f"{head}{activity.day}  {project.name}  {item_words(project, activity)}")
    implied = f"（{'、'.join(understood)}按默认计）" if understood else ""
    words = [activity.title, amount_words(activity) + implied, activity.place, activity.kind]
    if activity.names:
        words.append(f"{len(activity.names)} 个姓名")
    typer.echo("        " + "  ".join(word for word in words if word))


def _say_movement(run: Session, project: Project, before: Figures, after: Figures) -> None:
    from sgtrack.progress.progress import progress_of
    from sgtrack.progress.tally import tally
    from sgtrack.screen.console import out
    from sgtrack.screen.progress import movement

    old = progress_of(project, tally(project, before), run.today)
    new = progress_of(project, tally(project, after), run.today)
    moved = movement(old, new)
    out().print(moved if moved is not None else "指标没有变化")
