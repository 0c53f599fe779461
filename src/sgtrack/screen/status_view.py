"""Shows the status of communities and the amounts that fall due, on the screen and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.status import CommunityDues, StatusResult
from sgtrack.model.contract import Indicator, Project
from sgtrack.model.units import number, plain
from sgtrack.progress.contract_status import ContractStatus, find_due_brief
from sgtrack.progress.indicator_progress import Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import Owed
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    actual_words,
    change_source,
    due_brief_words,
    lack_words,
    proven_words,
    short_target_words,
)
from sgtrack.screen.console import STYLE, bar, grid, out, percent_words, right

_RANGES = 3
"""The maximum number of ranges of missed periods to list for an indicator."""
_WHOLE_COMMUNITIES = 3
"""The maximum number of communities to show with a full overview; more get one line each."""
_URGENT_INDICATORS = 10
"""The maximum number of overdue or behind indicators to list; further ones are only counted."""


def print_status(result: StatusResult, *, brief: bool) -> None:
    """Print the status of each community.

    If ``brief`` is true, print an overview of each community, or one line each if there are more
    than ``_WHOLE_COMMUNITIES``. Otherwise, print all selected indicators.
    """
    console = out()
    if brief and len(result.communities) > _WHOLE_COMMUNITIES:
        # Imported here because only agencies with many communities see this table.
        from sgtrack.progress.county_progress import county_of  # noqa: PLC0415
        from sgtrack.screen.county_view import county_overview  # noqa: PLC0415

        statuses = (selected.status for selected in result.communities)
        console.print(county_overview(county_of(statuses, result.as_of)))
        return
    for n, selected in enumerate(result.communities):
        if n:
            console.print()
        if brief:
            console.print(overview(selected.status))
        else:
            table = indicator_table(selected.status, selected.codes)
            console.print(heading(selected.status), "", table, sep="\n")


def result_json(result: StatusResult) -> dict[str, Any]:
    """Return the status of all communities as JSON values."""
    return {
        "as_of": result.as_of.isoformat(),
        "communities": [
            status_json(selected.status, selected.codes) for selected in result.communities
        ],
    }


def status_json(status: ContractStatus, codes: frozenset[str] | None = None) -> dict[str, Any]:
    """Return the status of a community as JSON values.

    ``codes`` selects items by code; None selects all.
    """
    return {
        "community": status.project.slug,
        "name": status.project.name,
        "percent": number(status.claimed.percent),
        "proven_percent": number(status.proven.percent),
        "indicators": [
            _indicator_json(claimed, proven)
            for claimed, proven in status.pairs()
            if codes is None or claimed.item.code in codes
        ],
        "open": [
            {
                "item": running.item.code,
                "name": running.item.name,
                "title": running.series.title,
                "sessions": running.series.sessions,
                "first": running.series.first.isoformat(),
                "last": running.series.last.isoformat(),
                "counted": running.series.counted is not None,
            }
            for running in status.open_series
            if codes is None or running.item.code in codes
        ],
    }


def _indicator_json(claimed: Progress, proven: Progress) -> dict[str, Any]:
    indicator = claimed.indicator
    return {
        "item": claimed.item.code,
        "name": claimed.item.name,
        "unit": indicator.unit,
        "kind": indicator.kind.value,
        "target": None if indicator.target is None else number(indicator.target),
        "per": indicator.per.value if indicator.per else None,
        "actual": number(claimed.actual),
        "proven": number(proven.actual),
        "percent": number(claimed.percent),
        "state": claimed.state.value,
        "expected": number(claimed.expected),
        "deadline": claimed.deadline.isoformat(),
        **changes_json(indicator),
        "periods": [
            {
                "period": p.owed.label,
                "actual": number(p.actual),
                "target": number(p.target),
                "met": p.met,
            }
            for p in claimed.periods
        ],
    }


def changes_json(indicator: Indicator) -> dict[str, Any]:
    """Return the changes of an indicator by supplementary agreements as JSON values."""
    return {
        "revised": [
            {
                "from": revision.change.start.isoformat(),
                "document": revision.change.document,
                "before": number(revision.before),
                "target": number(revision.after),
            }
            for revision in indicator.revised
        ],
        "added": indicator.added.start.isoformat() if indicator.added else None,
        "ended": indicator.ended.start.isoformat() if indicator.ended else None,
    }


def heading(status: ContractStatus) -> RenderableType:
    """Show the community, the date, and the overall completion."""
    project, progress = status.project, status.claimed
    period, checked = project.period, "" if project.period_checked else "（待核对）"
    package = f"（{project.package}）" if project.package else ""
    return Group(
        Text(f"{project.full_name}{package}", style="bold"),
        Text(
            f"截至 {progress.as_of}，项目期 {period.start} 至 {period.end}{checked}，"
            f"已过 {progress.elapsed}%",
            style="dim",
        ),
        Text.assemble(
            "总体完成 ",
            (percent_words(progress.percent), "bold"),
            "  ",
            bar(progress.percent, 36),
            f"  有佐证 {percent_words(status.proven.percent)}",
        ),
    )


def overview(status: ContractStatus) -> RenderableType:
    """Show the categories, the indicators that need attention, and the open groups and cases."""
    table = grid("服务类别", right("完成率"), "", "指标")
    for category in status.claimed.categories:
        count = Counter(progress.state for progress in category.indicators)
        states = [(f"{STATE_ON_SCREEN[s]}{count[s]} ", STYLE[s]) for s in State if count[s]]
        table.add_row(
            f"{category.category.code:>2} {category.category.name}",
            percent_words(category.percent),
            bar(category.percent, 20),
            Text.assemble(*states),
        )
    parts = [*_brief_first(status.project, find_due_brief(status.claimed), status.claimed.as_of)]
    return Group(heading(status), "", table, "", *parts, attention(status.claimed), *_open(status))


def _brief_first(project: Project, owed: Owed | None, as_of: date) -> list[RenderableType]:
    """Name the brief that is due within some days, and the command that writes it."""
    if owed is None:
        return []
    command = f"sgtrack brief --month {owed.label} -c {project.slug}"
    return [Text(f"{due_brief_words(owed, as_of)}：{command}", style="bold red")]


def _open(status: ContractStatus) -> list[RenderableType]:
    """List the groups and cases that have begun and are not closed."""
    if not status.open_series:
        return []
    table = grid("", Column("", ratio=1), Column(""), heading=False)
    for running in status.open_series:
        item, series = running.item, running.series
        required = f"/{item.sessions}" if item.sessions > 1 else ""
        waiting = "" if series.counted else "，尚未计入"
        words = f"{series.sessions}{required}次，最近 {series.last}{waiting}"
        table.add_row(f"{item.code} {item.name}", series.title, words)
    count = len(status.open_series)
    title = f"进行中的小组和个案 {count} 个（最后一次完成后用 log 或 amend 加 --close）"
    return ["", Text(title, style="bold"), table]


def attention(now: ProjectProgress) -> RenderableType:
    """List the indicators that are overdue or behind, the most urgent first.

    At most ``_URGENT_INDICATORS`` are listed; further ones are only counted.
    """
    urgent = now.attention
    if not urgent:
        return Text("没有逾期或滞后的指标", style="green")
    table = grid("", Column("", width=28), Column("", ratio=1), heading=False)
    for progress in urgent[:_URGENT_INDICATORS]:
        state = Text(STATE_ON_SCREEN[progress.state], style=STYLE[progress.state])
        table.add_row(state, progress.item.label, lack_words(progress, now.as_of, _RANGES))
    more = len(urgent) - _URGENT_INDICATORS
    rest = (
        [Text(f"另有 {more} 项，用 sgtrack status --all 查看全部", style="dim")] if more > 0 else []
    )
    return Group(Text(f"需要关注 {len(urgent)} 项（最紧急的在前）", style="bold"), table, *rest)


def indicator_table(status: ContractStatus, codes: frozenset[str] | None = None) -> RenderableType:
    """Build a table of indicators for each category.

    ``codes`` selects items by code; None selects all.
    """
    parts: list[RenderableType] = []
    proven = {id(claimed): proven for claimed, proven in status.pairs()}
    for category in status.claimed.categories:
        chosen = [p for p in category.indicators if codes is None or p.item.code in codes]
        if not chosen:
            continue
        table = grid(
            "",
            Column("服务项", width=20),
            Column("目标", width=14),
            Column("累计", justify="right"),
            right("佐证"),
            right("应完成"),
            right("完成率"),
            "状态",
            gap=1,
        )
        last = None
        for progress in chosen:
            item = progress.item
            table.add_row(
                item.code if item is not last else "",
                item.name if item is not last else "",
                short_target_words(progress.indicator),
                actual_words(progress),
                proven_words(progress, proven[id(progress)]),
                kind_of(progress.indicator).expected_words(progress),
                percent_words(progress.percent),
                Text(STATE_ON_SCREEN[progress.state], style=STYLE[progress.state]),
            )
            last = item
        title = f"{category.category.code} {category.category.name}"
        changed = [
            Text(f"{p.item.label}（{short_target_words(p.indicator)}）：{source}", style="dim")
            for p in chosen
            if (source := change_source(p.indicator))
        ]
        parts += [Text(title, style="bold"), table, *changed, ""]
    return Group(*parts[:-1])


def due_sheet(community: CommunityDues, weeks: int, today: date) -> RenderableType:
    """List what is due within some weeks, the earliest first.

    Overdue indicators and periods are only counted.
    """
    heading = Text(f"{community.project.full_name}  {weeks} 周以内", style="bold")
    late = sum(1 for due in community.dues if due.late)
    first = _brief_first(community.project, community.brief, today)
    missed = [Text(f"另有 {late} 项已逾期，用 sgtrack status 查看", style="red")] if late else []
    coming = [due for due in community.dues if not due.late]
    if not coming:
        return Group(heading, *first, Text("这段时间没有到期的任务", style="green"), *missed)
    table = grid("截止", right("剩余"), Column("服务项"), Column("应完成"))
    for due in coming:
        unit = due.progress.indicator.unit
        amount = f"{plain(due.amount)}{unit}" if unit else "完成"
        days = (due.deadline - today).days
        row = (f"{days}天" if days else "今日", due.progress.item.label, f"{due.label}{amount}")
        table.add_row(due.deadline.isoformat(), *row)
    return Group(heading, *first, table, *missed)


def dues_json(communities: Iterable[CommunityDues]) -> list[dict[str, Any]]:
    """Return the amounts that are due soon or overdue as JSON values."""
    return [
        {
            "community": community.project.slug,
            "item": due.progress.item.code,
            "name": due.progress.item.name,
            "unit": due.progress.indicator.unit,
            "amount": number(due.amount),
            "deadline": due.deadline.isoformat(),
            "late": due.late,
        }
        for community in communities
        for due in community.dues
    ]
