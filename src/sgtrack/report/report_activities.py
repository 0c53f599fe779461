"""Lists the activities of a report by clause, and sums them up by quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from sgtrack.brief.brief_composition import done
from sgtrack.model.contract import Item, Per, Project
from sgtrack.model.entries import Entry
from sgtrack.model.units import UNITS, Measure, plain
from sgtrack.model.wording import day_words
from sgtrack.progress.contract_status import compute_progress
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.periods import owed_periods
from sgtrack.progress.tally import ZERO, Series, Tallies
from sgtrack.report.report_context import (
    ActivityRow,
    ClauseActivities,
    EvidenceShare,
    QuarterRow,
)


def is_activity(project: Project, entry: Entry) -> bool:
    """Return whether an entry is an activity, and not the submission of a monthly brief."""
    item = project.items.get(entry.activity.item)
    return item is None or not item.is_brief


def is_complete(project: Project, entry: Entry) -> bool:
    """Return whether an entry has all the evidence that its item requires."""
    return not _missing(project, entry)


def _missing(project: Project, entry: Entry) -> tuple[str, ...]:
    return project.lacking(entry.activity.item, {evidence.kind for evidence in entry.evidence})


def list_by_clause(project: Project, entries: Iterable[Entry]) -> tuple[ClauseActivities, ...]:
    """Return the activities of each clause in the order of their dates."""
    by_item: dict[str, list[Entry]] = {}
    for entry in entries:
        if is_activity(project, entry):
            by_item.setdefault(entry.activity.item, []).append(entry)
    clauses = []
    for clause in project.clauses.values():
        own = [entry for item in clause.items for entry in by_item.get(item.code, ())]
        own.sort(key=lambda entry: (entry.activity.day, entry.id))
        if own:
            rows = tuple(_activity_row(project, entry) for entry in own)
            clauses.append(ClauseActivities(clause.code, clause.text, f"{len(own)}次", rows))
    return tuple(clauses)


def _activity_row(project: Project, entry: Entry) -> ActivityRow:
    words, missing = done(project, entry), _missing(project, entry)
    return ActivityRow(
        words.date,
        words.item,
        words.title,
        words.place,
        words.amounts,
        " ".join(entry.effect.split()),
        f"缺{'、'.join(missing)}" if missing else "齐全",
    )


def sum_by_quarter(
    project: Project, tallies: Tallies, entries: Iterable[Entry], as_of: date
) -> tuple[QuarterRow, ...]:
    """Return the activities of each quarter that has begun, and the percentage at its end.

    ``tallies`` must include the figures at the end of each quarter.
    """
    done_before: set[object] = set()
    rows = []
    listed = [entry for entry in entries if is_activity(project, entry)]
    for quarter in owed_periods(project.period, Per.QUARTER):
        if quarter.period.start > as_of:
            break
        end = min(quarter.period.end, as_of)
        progress = compute_progress(project, tallies, end)
        complete = {p.indicator.key for p in progress.indicators if p.state is State.DONE}
        own = [entry for entry in listed if entry.activity.day in quarter.period]
        rows.append(
            QuarterRow(
                quarter.on_screen,
                f"{day_words(quarter.period.start)}至{day_words(end)}",
                f"{len(own)}次",
                f"{plain(_sum(own, '人次'))}人次",
                f"{plain(_sum(own, '户次'))}户次",
                f"{len(complete - done_before)}项",
                f"{progress.percent}%",
            )
        )
        done_before |= complete
    return tuple(rows)


def quarter_ends(project: Project, as_of: date) -> tuple[date, ...]:
    """Return the last days of the quarters that have ended by a day."""
    quarters = owed_periods(project.period, Per.QUARTER)
    return tuple(q.period.end for q in quarters if q.period.end <= as_of)


def _sum(entries: Iterable[Entry], unit: str) -> Decimal:
    return sum((entry.activity.amounts.get(unit, ZERO) for entry in entries), ZERO)


def share_evidence(project: Project, entries: tuple[Entry, ...]) -> Iterator[EvidenceShare]:
    """Yield for each category how many activities have all evidence, and the missing kinds."""
    for category in project.categories:
        codes = {item.code for item in category.items}
        own = [e for e in entries if e.activity.item in codes and is_activity(project, e)]
        if not own:
            continue
        complete = sum(1 for entry in own if is_complete(project, entry))
        lacking = Counter(kind for entry in own for kind in _missing(project, entry))
        yield EvidenceShare(
            category.code,
            category.name,
            f"{len(own)}次",
            f"{complete}次",
            f"{complete * 100 // len(own)}%",
            "、".join(f"{kind}{count}次" for kind, count in lacking.items()) or "无",
        )


def series_summary(series: Iterable[tuple[Item, Series]]) -> tuple[str, ...]:
    """Describe the groups and cases of each item: 小组服务：4个，共开展18次，已结束3个."""
    by_item: dict[str, list[Series]] = {}
    names: dict[str, str] = {}
    for item, one in series:
        by_item.setdefault(item.code, []).append(one)
        names[item.code] = item.name
    return tuple(
        f"{names[code]}：{len(ones)}个，共开展{sum(one.sessions for one in ones)}次，"
        f"已结束{sum(1 for one in ones if one.closed)}个，"
        f"计入指标{sum(1 for one in ones if one.counted)}个。"
        for code, ones in by_item.items()
    )


def reach(entry: Entry) -> Decimal:
    """Return the number of visits of an activity."""
    amounts = entry.activity.amounts.items()
    return sum((a for unit, a in amounts if UNITS[unit].measure is Measure.VISITS), ZERO)
