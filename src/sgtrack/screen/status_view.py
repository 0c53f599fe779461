"""Progress on the screen and as JSON: the categories, what needs attention, every indicator."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.app.status import StatusResult
from sgtrack.model.contract import Indicator
from sgtrack.model.units import number
from sgtrack.progress.contract_status import ContractStatus
from sgtrack.progress.indicator_progress import CategoryProgress, Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    actual_words,
    change_source,
    lack_words,
    proven_words,
    short_target_words,
)
from sgtrack.screen.console import STYLE, bar, grid, out, percent_words

STRETCHES = 3
"""How many stretches of missed periods are named; a contract of five years may have dozens."""
AT_ONCE = 3
"""Up to how many communities are shown whole; of more, a line each."""
SHOWN = 10
"""How many indicators that need attention are listed before the rest is only counted."""


def print_status(result: StatusResult, *, brief: bool) -> None:
    """Print each community: its overview where ``brief``, else every selected indicator.

    Many communities get a line each.
    """
    console = out()
    if brief and len(result.communities) > AT_ONCE:
        # Only an agency with many communities sees this table.
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
    """The status of all communities for other programs."""
    return {
        "as_of": result.as_of.isoformat(),
        "communities": [
            status_json(selected.status, selected.codes) for selected in result.communities
        ],
    }


def status_json(found: ContractStatus, codes: frozenset[str] | None = None) -> dict[str, Any]:
    """A community with the keys of the design, and what of each figure is proven."""
    return {
        "community": found.project.slug,
        "name": found.project.name,
        "percent": number(found.claimed.percent),
        "proven_percent": number(found.proven.percent),
        "indicators": [
            _indicator_json(claimed, proven)
            for claimed, proven in found.pairs()
            if codes is None or claimed.item.code in codes
        ],
        "open": [
            {
                "item": one.item.code,
                "name": one.item.name,
                "title": one.series.title,
                "sessions": one.series.sessions,
                "first": one.series.first.isoformat(),
                "last": one.series.last.isoformat(),
                "counted": one.series.counted is not None,
            }
            for one in found.open_series
            if codes is None or one.item.code in codes
        ],
    }


def _indicator_json(one: Progress, proven: Progress) -> dict[str, Any]:
    indicator = one.indicator
    return {
        "item": one.item.code,
        "name": one.item.name,
        "unit": indicator.unit,
        "kind": indicator.kind.value,
        "target": None if indicator.target is None else number(indicator.target),
        "per": indicator.per.value if indicator.per else None,
        "actual": number(one.actual),
        "proven": number(proven.actual),
        "percent": number(one.percent),
        "state": one.state.value,
        "expected": number(one.expected),
        "deadline": one.deadline.isoformat(),
        **changes_json(indicator),
        "periods": [
            {
                "period": p.owed.label,
                "actual": number(p.actual),
                "target": number(p.target),
                "met": p.met,
            }
            for p in one.periods
        ],
    }


def changes_json(indicator: Indicator) -> dict[str, Any]:
    """What supplementary agreements did to an indicator."""
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


def heading(standing: ContractStatus) -> RenderableType:
    """Which community, as of when, and how far in all."""
    project, found = standing.project, standing.claimed
    elapsed = min(max((found.as_of - project.period.start).days + 1, 0), project.period.days)
    share = (Decimal(elapsed) * 100 / project.period.days).quantize(Decimal("0.1"), ROUND_DOWN)
    package = f"（{project.package}）" if project.package else ""
    period = "" if project.period_checked else "（待核对）"
    return Group(
        Text(f"{project.full_name}{package}", style="bold"),
        Text(
            f"截至 {found.as_of}，项目期 {project.period.start} 至 {project.period.end}{period}，"
            f"已过 {share}%",
            style="dim",
        ),
        Text.assemble(
            "总体完成 ",
            (percent_words(found.percent), "bold"),
            "  ",
            bar(found.percent, 36),
            f"  有佐证 {percent_words(standing.proven.percent)}",
        ),
    )


def overview(standing: ContractStatus) -> RenderableType:
    """The categories with bars, what needs attention now, the worst first, and what is open."""
    found = standing.claimed
    table = grid(
        Column("服务类别", no_wrap=True),
        Column("完成率", justify="right", no_wrap=True),
        Column("", no_wrap=True),
        Column("指标", no_wrap=True),
    )
    for one in found.categories:
        table.add_row(
            f"{one.category.code:>2} {one.category.name}",
            percent_words(one.percent),
            bar(one.percent, 20),
            _states(one),
        )
    return Group(heading(standing), "", table, "", attention(found), *_open(standing))


def _open(standing: ContractStatus) -> list[RenderableType]:
    """The groups and cases that have begun and are not closed."""
    if not standing.open_series:
        return []
    table = grid(Column("", no_wrap=True), Column("", ratio=1), Column(""), heading=False)
    for one in standing.open_series:
        asked = one.item.sessions
        of = f"/{asked}" if asked > 1 else ""
        waiting = "" if one.series.counted else "，还没有计入"
        table.add_row(
            f"{one.item.code} {one.item.name}",
            one.series.title,
            f"{one.series.sessions}{of}次，最近 {one.series.last}{waiting}",
        )
    count = len(standing.open_series)
    title = f"进行中的小组和个案 {count} 个（做完最后一次用 log 或 amend 加 --close）"
    return ["", Text(title, style="bold"), table]


def _states(one: CategoryProgress) -> Text:
    count = dict.fromkeys(State, 0)
    for progress in one.indicators:
        count[progress.state] += 1
    words = Text()
    for state in State:
        if count[state]:
            words.append(f"{STATE_ON_SCREEN[state]}{count[state]} ", style=STYLE[state])
    return words


def attention(found: ProjectProgress) -> RenderableType:
    """What is overdue or behind, the worst first, with what is missing and by when."""
    urgent = found.attention
    if not urgent:
        return Text("没有逾期或落后的指标", style="green")
    table = grid(Column("", no_wrap=True), Column("", width=28), Column("", ratio=1), heading=False)
    for one in urgent[:SHOWN]:
        table.add_row(
            Text(STATE_ON_SCREEN[one.state], style=STYLE[one.state]),
            one.item.label,
            lack_words(one, found.as_of, STRETCHES),
        )
    more = len(urgent) - SHOWN
    rest = [Text(f"还有 {more} 项，sgtrack status --all 看全部", style="dim")] if more > 0 else []
    return Group(Text(f"需要关注 {len(urgent)} 项（最急的在前）", style="bold"), table, *rest)


def indicator_table(
    standing: ContractStatus, codes: frozenset[str] | None = None
) -> RenderableType:
    """Every indicator, or those of the given items, by category."""
    parts: list[RenderableType] = []
    proven = {id(claimed): shown for claimed, shown in standing.pairs()}
    for category in standing.claimed.categories:
        chosen = [p for p in category.indicators if codes is None or p.item.code in codes]
        if not chosen:
            continue
        table = grid(
            Column("", no_wrap=True),
            Column("服务项", width=20),
            Column("目标", width=14),
            Column("累计", justify="right"),
            Column("佐证", justify="right", no_wrap=True),
            Column("应有", justify="right", no_wrap=True),
            Column("完成率", justify="right", no_wrap=True),
            Column("状态", no_wrap=True),
            gap=1,
        )
        last = None
        for one in chosen:
            new = one.item is not last
            table.add_row(
                one.item.code if new else "",
                one.item.name if new else "",
                short_target_words(one.indicator),
                actual_words(one),
                proven_words(one, proven[id(one)]),
                kind_of(one.indicator).expected_words(one),
                percent_words(one.percent),
                Text(STATE_ON_SCREEN[one.state], style=STYLE[one.state]),
            )
            last = one.item
        title = f"{category.category.code} {category.category.name}"
        changed = [
            Text(f"{one.item.label}（{short_target_words(one.indicator)}）：{source}", style="dim")
            for one in chosen
            if (source := change_source(one.indicator))
        ]
        parts += [Text(title, style="bold"), table, *changed, ""]
    return Group(*parts[:-1])
