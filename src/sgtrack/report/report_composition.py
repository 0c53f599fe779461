"""Composes a report from where the contract stands. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.brief.brief_composition import (
    TO_FILL_IN,
    done,
    full_day,
    problems,
    states_words,
    total_words,
)
from sgtrack.brief.brief_context import Done
from sgtrack.model.contract import Item, Project
from sgtrack.model.entries import Entry
from sgtrack.model.issued import IssuedBrief, head_code
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.progress.contract_status import ContractStatus
from sgtrack.progress.indicator_progress import Progress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.per_person_kind import PersonProgress
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    change_words,
    lack_words,
    proven_words,
    target_words,
)
from sgtrack.progress.tally import ZERO, Series
from sgtrack.report.monthly_table import MonthColumn
from sgtrack.report.report_context import (
    MONTHS_A_TABLE,
    BriefRow,
    EvidenceLine,
    MonthRow,
    MonthTable,
    PersonLine,
    ReportContext,
    ReportRow,
    ReportSection,
    SeriesRow,
)

TITLES = {"midterm": "中期评估报告", "final": "结项评估报告"}
MEDIA_EVIDENCE = "媒体截图"
"""An item whose activities are proven by this is a media report."""
HIGHLIGHTS = 2
"""How many activities of a category are told of."""


@dataclass(frozen=True, slots=True)
class ReportMaterial:
    """What a report is composed from; ``entries`` are those that count until the day."""

    standing: ContractStatus
    months: tuple[MonthColumn, ...]
    entries: tuple[Entry, ...]
    series: tuple[tuple[Item, Series], ...]
    people: tuple[PersonProgress, ...]
    briefs: tuple[IssuedBrief, ...]
    head: str
    today: date
    with_names: bool


def compose(kind: str, material: ReportMaterial) -> ReportContext:
    """Say everything a report says; ``kind`` is midterm or final."""
    standing = material.standing
    project, now = standing.project, standing.claimed
    return ReportContext(
        title=TITLES[kind],
        community=project.full_name,
        agency=project.agency or f"编制单位{TO_FILL_IN}",
        date=full_day(material.today),
        with_names=material.with_names,
        facts=_facts(project),
        overview=(
            f"截至{full_day(now.as_of)}，{states_words(now)}。"
            f"按佐证齐全的活动计算，完成率{standing.proven.percent}%。",
        ),
        percent=f"{now.percent}%",
        sections=_sections(standing),
        months=_months(material),
        highlights=tuple(_highlights(project, material.entries)),
        series=tuple(_series(item, one) for item, one in material.series),
        training=tuple(_training(standing)),
        people=tuple(_people(material)),
        media=tuple(_media(project, material.entries)),
        problems=problems(now),
        evidence_summary=_evidence_summary(project, material.entries),
        evidence=tuple(_evidence(project, material.entries)),
        briefs=tuple(
            BriefRow(
                f"第{one.number}期",
                one.month,
                full_day(one.issued),
                f"迟{one.days_late}天" if one.days_late else "按时",
                head_code(one.head),
            )
            for one in material.briefs
        ),
        code=head_code(material.head) if material.head else "",
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


def _sections(standing: ContractStatus) -> tuple[ReportSection, ...]:
    proven = {one.indicator.key: one for one in standing.proven.indicators}
    as_of = standing.claimed.as_of
    return tuple(
        ReportSection(
            code=category.category.code,
            name=category.category.name,
            content=category.category.content,
            percent=f"{category.percent}%",
            rows=tuple(
                ReportRow(
                    code=one.item.code,
                    name=one.item.name,
                    target=target_words(one.indicator),
                    total=total_words(one),
                    percent=f"{one.percent}%",
                    proven=proven_words(one, proven[one.indicator.key]),
                    state=STATE_ON_SCREEN[one.state],
                    shortfall=_shortfall(one, as_of),
                )
                for one in category.indicators
            ),
        )
        for category in standing.claimed.categories
    )


def _shortfall(one: Progress, as_of: date) -> str:
    """Why an indicator is not done; one that is on track only says what is left."""
    if one.state in (State.DONE, State.ENDED):
        return ""
    if one.state is State.ON_TRACK and kind_of(one.indicator).has_pace:
        rest = (one.indicator.target or ZERO) - one.actual
        return f"进度正常，还差{plain(rest)}{one.indicator.unit}"
    return lack_words(one, as_of)


def _months(material: ReportMaterial) -> tuple[MonthTable, ...]:
    found = material.standing.claimed.indicators
    tables = []
    for first in range(0, max(len(material.months), 1), MONTHS_A_TABLE):
        columns = material.months[first : first + MONTHS_A_TABLE]
        empty = ("",) * (MONTHS_A_TABLE - len(columns))
        rows = tuple(
            MonthRow(
                one.item.code,
                f"{one.item.name}（{one.indicator.unit or '完成'}）",
                (*(_gain(column, one) for column in columns), *empty),
                total_words(one),
            )
            for one in found
        )
        tables.append(MonthTable((*(_label(c) for c in columns), *empty), rows))
    return tuple(tables)


def _label(column: MonthColumn) -> str:
    if not column.label:
        return "以后*"
    return f"{int(column.label[5:])}月" + ("" if column.issued else "*")


def _gain(column: MonthColumn, one: Progress) -> str:
    gain = column.gains.get(one.indicator.key, ZERO)
    words = kind_of(one.indicator).gain_words(gain, one.indicator)
    return words.removesuffix(one.indicator.unit or "")


def _highlights(project: Project, entries: tuple[Entry, ...]) -> Iterator[Done]:
    """Of each category the activities with a title that reached most people."""
    for category in project.categories:
        codes = {item.code for item in category.items}
        chosen = [e for e in entries if e.activity.item in codes and e.activity.title and _reach(e)]
        chosen.sort(key=_reach, reverse=True)
        for entry in sorted(chosen[:HIGHLIGHTS], key=lambda e: (e.activity.day, e.id)):
            yield done(project, entry)


def _reach(entry: Entry) -> Decimal:
    return sum(
        (
            amount
            for unit, amount in entry.activity.amounts.items()
            if UNITS[unit].measure is Measure.VISITS
        ),
        ZERO,
    )


def _series(item: Item, one: Series) -> SeriesRow:
    state = "已结束" if one.closed else "进行中"
    counted = "" if one.counted else "，未计入"
    return SeriesRow(
        item.name,
        one.title,
        f"{one.sessions}次",
        f"{one.first:%m-%d}至{one.last:%m-%d}",
        state + counted,
    )


def _training(standing: ContractStatus) -> Iterator[str]:
    for one in standing.claimed.indicators:
        if one.item.per_person:
            yield (
                f"{one.item.name}：名册{one.people}人，{target_words(one.indicator)}，"
                f"达标{one.people_met}人，最少的{plain(one.actual)}{one.indicator.unit}。"
            )
        elif "培训" in one.item.name and one.indicator.unit and one.indicator.per is None:
            yield f"{one.item.name}：{total_words(one)}（合同{target_words(one.indicator)}）。"


def _people(material: ReportMaterial) -> Iterator[PersonLine]:
    for n, one in enumerate(material.people, start=1):
        yield PersonLine(
            one.role,
            one.name if material.with_names else f"第{n}人",
            one.year,
            f"{plain(one.actual)}{one.unit}",
            f"{plain(one.target)}{one.unit}",
        )


def _media(project: Project, entries: tuple[Entry, ...]) -> Iterator[Done]:
    for entry in entries:
        if MEDIA_EVIDENCE in project.needs_of(entry.activity.item):
            yield done(project, entry)


def _evidence_summary(project: Project, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    files = {one.sha256 for entry in entries for one in entry.evidence}
    complete = sum(1 for entry in entries if is_complete(project, entry))
    return (f"共{len(entries)}次活动，佐证齐全的{complete}次；存档文件{len(files)}个。",)


def is_complete(project: Project, entry: Entry) -> bool:
    """Whether an activity has all the evidence its item needs."""
    return not project.lacking(entry.activity.item, {one.kind for one in entry.evidence})


def _evidence(project: Project, entries: tuple[Entry, ...]) -> Iterator[EvidenceLine]:
    for item in project.items.values():
        own = [entry for entry in entries if entry.activity.item == item.code]
        kinds = Counter(one.kind for entry in own for one in entry.evidence)
        yield EvidenceLine(
            item.code,
            item.name,
            f"{len(own)}次",
            f"{sum(1 for entry in own if is_complete(project, entry))}次",
            "、".join(f"{kind}{count}" for kind, count in kinds.items()),
        )
