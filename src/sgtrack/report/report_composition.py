"""Pure functions that compose the midterm report, the final report, and the status page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sgtrack.brief.brief_composition import TO_FILL_IN, done
from sgtrack.brief.brief_context import Done
from sgtrack.brief.images import inline
from sgtrack.evidence.attach import MEDIA_EVIDENCE
from sgtrack.model.contract import Indicator, Item, Project
from sgtrack.model.entries import Entry
from sgtrack.model.figures import Figures
from sgtrack.model.issued import IndicatorKey, IssuedBrief, head_code
from sgtrack.model.units import plain
from sgtrack.model.wording import full_day
from sgtrack.pictures.charts import Share, draw
from sgtrack.progress.contract_status import ContractStatus, compute_month_ends, compute_progress
from sgtrack.progress.indicator_progress import Progress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.per_person_kind import PersonProgress
from sgtrack.progress.periods import windows
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    change_words,
    lack_words,
    proven_words,
    states_words,
    target_words,
)
from sgtrack.progress.tally import ZERO, Series, Tallies, tally
from sgtrack.report.people_groups import sum_by_group
from sgtrack.report.report_activities import (
    is_activity,
    is_complete,
    list_by_clause,
    reach,
    series_summary,
    share_evidence,
)
from sgtrack.report.report_context import (
    MONTHS_A_TABLE,
    BriefRow,
    CategoryRow,
    EvidenceLine,
    MonthRow,
    MonthTable,
    PersonLine,
    QuarterRow,
    ReportContext,
    ReportRow,
    ReportSection,
    SeriesRow,
)
from sgtrack.report.report_problems import describe_problems, describe_shortfalls

TITLES = {"midterm": "中期评估报告", "final": "结项评估报告"}
_HIGHLIGHTS = 2
"""Maximum number of highlighted activities of each category."""


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """The increase of each indicator in a month.

    ``issued`` is true if the increases come from an issued brief. ``label`` is the month, such as
    2026-03, or the name of a supplement. It is empty for increases after the last month column.
    """

    label: str
    gains: Mapping[IndicatorKey, Decimal]
    issued: bool


@dataclass(frozen=True, slots=True)
class ReportMaterial:
    """The input of a midterm or final report.

    ``entries`` are all valid entries until the day of the report. ``head`` is the digest of the
    last record of the hash chain.
    """

    status: ContractStatus
    months: tuple[MonthColumn, ...]
    entries: tuple[Entry, ...]
    series: tuple[tuple[Item, Series], ...]
    people: tuple[PersonProgress, ...]
    briefs: tuple[IssuedBrief, ...]
    head: str
    today: date
    with_names: bool
    quarters: tuple[QuarterRow, ...]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def compose(kind: str, material: ReportMaterial) -> ReportContext:
    """Compose the texts of a report; ``kind`` is ``midterm`` or ``final``."""
    status = material.status
    project, now, texts = status.project, status.claimed, material.texts
    activities = tuple(entry for entry in material.entries if is_activity(project, entry))
    return ReportContext(
        title=TITLES[kind],
        community=project.full_name,
        agency=project.agency or f"编制单位{TO_FILL_IN}",
        date=full_day(material.today),
        with_names=material.with_names,
        facts=_facts(project),
        overview=_overview(status, len(activities)),
        percent=f"{now.percent}%",
        sections=_sections(status),
        months=_months(material),
        highlights=tuple(_highlights(project, material.entries)),
        series=tuple(_series_row(item, series) for item, series in material.series),
        training=tuple(_training(status)),
        people=tuple(
            PersonLine(
                person.role,
                person.name if material.with_names else f"第{n}人",
                person.year,
                f"{plain(person.actual)}{person.unit}",
                f"{plain(person.target)}{person.unit}",
            )
            for n, person in enumerate(material.people, start=1)
        ),
        media=tuple(
            done(project, entry)
            for entry in material.entries
            if MEDIA_EVIDENCE in project.needs_of(entry.activity.item)
        ),
        problems=describe_problems(now),
        evidence_summary=_evidence_summary(project, activities),
        evidence=tuple(_evidence(project, material.entries)),
        briefs=tuple(
            BriefRow(
                brief.number_words,
                brief.month,
                full_day(brief.issued),
                f"迟{brief.days_late}天" if brief.days_late else "按时",
                head_code(brief.head),
            )
            for brief in material.briefs
        ),
        code=head_code(material.head) if material.head else "",
        categories=tuple(_category_rows(status)),
        groups=sum_by_group(project, material.entries),
        quarters=material.quarters,
        activities=list_by_clause(project, material.entries),
        series_summary=series_summary(material.series),
        shares=tuple(share_evidence(project, material.entries)),
        changes=change_words(project),
        results=texts.get("主要成效", ()),
        practices=texts.get("经验做法", ()),
        causes=texts.get("原因分析", ()),
        conclusions=texts.get("结论", ()),
        advice=texts.get("下一步建议", ()),
    )


def _facts(project: Project) -> tuple[str, ...]:
    checked = "" if project.period_checked else "（待核对）"
    return (
        f"项目名称：{project.county}{project.full_name}社会工作服务项目"
        f"（{project.package or f'采购包{TO_FILL_IN}'}）。",
        f"合同编号：{project.contract or TO_FILL_IN}。采购人：{project.buyer or TO_FILL_IN}。"
        f"承接机构：{project.agency or TO_FILL_IN}。"
        f"社工站（室）：{project.station or TO_FILL_IN}。",
        f"项目期限：{full_day(project.period.start)}至{full_day(project.period.end)}{checked}。",
        f"合同约定{len(project.categories)}类服务、{len(project.clauses)}条服务指标，"
        f"共{sum(1 for _ in project.indicators())}个可考核的指标。",
        *(f"合同变更：{words}。" for words in change_words(project)),
    )


def _overview(status: ContractStatus, activities: int) -> tuple[str, ...]:
    """Write the overall percentage beside the share of the project period that has passed."""
    now = status.claimed
    return (
        f"截至{full_day(now.as_of)}，项目期已过{now.elapsed}%，"
        f"共开展活动{activities}次。{states_words(now)}。"
        f"按佐证齐全的活动计算，完成率{status.proven.percent}%。",
    )


def _category_rows(status: ContractStatus) -> Iterator[CategoryRow]:
    for claimed, proven in zip(status.claimed.categories, status.proven.categories, strict=True):
        count = Counter(progress.state for progress in claimed.indicators)
        yield CategoryRow(
            f"{claimed.category.code} {claimed.category.name}",
            str(len(claimed.indicators)),
            str(count[State.DONE]),
            str(count[State.BEHIND]),
            str(count[State.OVERDUE]),
            f"{claimed.percent}%",
            f"{proven.percent}%",
        )


def _sections(status: ContractStatus) -> tuple[ReportSection, ...]:
    proven = {progress.indicator.key: progress for progress in status.proven.indicators}
    as_of = status.claimed.as_of
    return tuple(
        ReportSection(
            code=category.category.code,
            name=category.category.name,
            content=category.category.content,
            percent=f"{category.percent}%",
            rows=tuple(
                ReportRow(
                    code=progress.item.code,
                    name=progress.item.name,
                    target=target_words(progress.indicator),
                    total=kind_of(progress.indicator).total_words(progress),
                    percent=f"{progress.percent}%",
                    proven=proven_words(progress, proven[progress.indicator.key]),
                    state=STATE_ON_SCREEN[progress.state],
                    shortfall=_shortfall(progress, as_of),
                )
                for progress in category.indicators
            ),
        )
        for category in status.claimed.categories
    )


def _shortfall(progress: Progress, as_of: date) -> str:
    """Write the amount or work that an indicator lacks; return "" if it is done or ended."""
    if progress.state in (State.DONE, State.ENDED):
        return ""
    indicator = progress.indicator
    if progress.state is State.ON_TRACK and kind_of(indicator).has_pace:
        rest = (indicator.target or ZERO) - progress.actual
        return f"进度正常，距目标差{plain(rest)}{indicator.unit}"
    return lack_words(progress, as_of)


def _months(material: ReportMaterial) -> tuple[MonthTable, ...]:
    """Make tables of at most twelve months; a * in a heading marks a month without issued brief."""

    def gain_words(column: MonthColumn, indicator: Indicator) -> str:
        gain = column.gains.get(indicator.key, ZERO)
        return kind_of(indicator).gain_words(gain, indicator).removesuffix(indicator.unit or "")

    tables = []
    for first in range(0, max(len(material.months), 1), MONTHS_A_TABLE):
        columns = material.months[first : first + MONTHS_A_TABLE]
        empty = ("",) * (MONTHS_A_TABLE - len(columns))
        rows = tuple(
            MonthRow(
                progress.item.code,
                f"{progress.item.name}（{progress.indicator.unit or '完成'}）",
                (*(gain_words(column, progress.indicator) for column in columns), *empty),
                kind_of(progress.indicator).total_words(progress),
            )
            for progress in material.status.claimed.indicators
        )
        labels = (
            f"{int(column.label[5:7])}月{column.label[8:]}{'' if column.issued else '*'}"
            if column.label
            else "以后*"
            for column in columns
        )
        tables.append(MonthTable((*labels, *empty), rows))
    return tuple(tables)


def compute_month_columns(
    project: Project, tallies: Tallies, briefs: tuple[IssuedBrief, ...], as_of: date
) -> tuple[MonthColumn, ...]:
    """Compute the increase of each indicator in each month until a day.

    The figures of a month come from its issued brief. Without an issued brief, they come from the
    ledger.
    """
    issued = [brief for brief in briefs if brief.last_day <= as_of]
    columns = [MonthColumn(brief.label, brief.gains, True) for brief in issued]
    before: Mapping[IndicatorKey, Decimal] = issued[-1].totals if issued else {}
    labels = [window.label for window in windows(project)]
    last = issued[-1].month if issued else ""
    begin = labels.index(last) + 1 if last in labels else 0
    for window in windows(project)[begin:]:
        if window.period.start > as_of:
            break
        totals = _totals(project, tallies, min(window.period.end, as_of))
        columns.append(MonthColumn(window.label, _subtract(totals, before), False))
        before = totals
    rest = _subtract(_totals(project, tallies, as_of), before)
    if any(rest.values()):
        columns.append(MonthColumn("", rest, False))
    return tuple(columns)


def _totals(project: Project, tallies: Tallies, as_of: date) -> dict[IndicatorKey, Decimal]:
    indicators = compute_progress(project, tallies, as_of).indicators
    return {progress.indicator.key: progress.actual for progress in indicators}


def _subtract(
    totals: Mapping[IndicatorKey, Decimal], before: Mapping[IndicatorKey, Decimal]
) -> dict[IndicatorKey, Decimal]:
    return {key: actual - before.get(key, ZERO) for key, actual in totals.items()}


def _highlights(project: Project, entries: tuple[Entry, ...]) -> Iterator[Done]:
    """Yield the activities with the most visits (人次), at most ``_HIGHLIGHTS`` a category.

    Activities without a title or without visits are left out.
    """
    for category in project.categories:
        codes = {item.code for item in category.items}
        chosen = [e for e in entries if e.activity.item in codes and e.activity.title and reach(e)]
        chosen.sort(key=reach, reverse=True)
        for entry in sorted(chosen[:_HIGHLIGHTS], key=lambda e: (e.activity.day, e.id)):
            yield done(project, entry)


def _series_row(item: Item, series: Series) -> SeriesRow:
    state = "已结束" if series.closed else "进行中"
    counted = "" if series.counted else "，未计入"
    return SeriesRow(
        item.name,
        series.title,
        f"{series.sessions}{f'/{item.sessions}' if item.sessions > 1 else ''}次",
        f"{series.first:%m-%d}至{series.last:%m-%d}",
        state + counted,
    )


def _training(status: ContractStatus) -> Iterator[str]:
    for progress in status.claimed.indicators:
        name, indicator = progress.item.name, progress.indicator
        if progress.item.per_person:
            yield (
                f"{name}：名册{progress.people}人，{target_words(indicator)}，"
                f"达标{progress.people_met}人，最低{plain(progress.actual)}{indicator.unit}。"
            )
        elif "培训" in name and indicator.unit and indicator.per is None:
            total = kind_of(indicator).total_words(progress)
            yield f"{name}：{total}（合同{target_words(indicator)}）。"


def _evidence_summary(project: Project, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    files = {evidence.sha256 for entry in entries for evidence in entry.evidence}
    complete = sum(1 for entry in entries if is_complete(project, entry))
    return (f"共{len(entries)}次活动，佐证齐全的{complete}次；存档文件{len(files)}个。",)


def _evidence(project: Project, entries: tuple[Entry, ...]) -> Iterator[EvidenceLine]:
    for item in project.items.values():
        own = [entry for entry in entries if entry.activity.item == item.code]
        kinds = Counter(evidence.kind for entry in own for evidence in entry.evidence)
        yield EvidenceLine(
            item.code,
            item.name,
            f"{len(own)}次",
            f"{sum(1 for entry in own if is_complete(project, entry))}次",
            "、".join(f"{kind}{count}" for kind, count in kinds.items()),
        )


def compose_status_page(
    communities: Iterable[tuple[ContractStatus, Figures]], as_of: date
) -> dict[str, Any]:
    """Compose the values for the template of the status page."""
    return {
        "as_of": full_day(as_of),
        "communities": [_community(status, figures, as_of) for status, figures in communities],
    }


def _community(status: ContractStatus, figures: Figures, as_of: date) -> dict[str, Any]:
    now = status.claimed
    project = now.project
    shares = [
        Share(f"{progress.category.code} {progress.category.name}", float(progress.percent))
        for progress in now.categories
    ]
    months = compute_month_ends(project, tally(project, figures), as_of)
    return {
        "name": project.full_name,
        "percent": f"{now.percent}%",
        "summary": f"{states_words(now)}；有佐证的完成率{status.proven.percent}%。",
        "problems": describe_shortfalls(now),
        "charts": [
            {"caption": chart.caption, "picture": inline(chart)}
            for chart in draw(shares, months, "svg")
        ],
        "sections": _sections(status),
    }
