"""Pure functions that compose the texts of a monthly brief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.brief.brief_context import BriefContext, Corrected, Done, Pictured, Row, Section, bar
from sgtrack.evidence.attach import PHOTO, is_picture
from sgtrack.model.contract import Kind, Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.issued import Correction, IndicatorKey
from sgtrack.model.units import amount_words, plain
from sgtrack.model.wording import day_words, full_day
from sgtrack.plan.outcome import PlannedMonth
from sgtrack.plan.plan_wording import planned_words
from sgtrack.progress.conditions import shortfalls
from sgtrack.progress.contract_status import MonthEnd, compute_due
from sgtrack.progress.indicator_progress import CategoryProgress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.periods import Window
from sgtrack.progress.progress_wording import (
    STATE_ON_SCREEN,
    behind_words,
    change_words,
    lack_words,
    states_words,
    target_words,
)
from sgtrack.progress.tally import ZERO

TO_FILL_IN = "待填"
_PHOTOS = 2
"""Maximum number of photos of an activity in a brief."""


@dataclass(frozen=True, slots=True)
class BriefMaterial:
    """The input of a brief.

    Fields that need an explanation:
        since: the first day that the brief covers. It is before the start of ``window`` if the
            previous brief was issued before the end of its month.
        now: the progress on the last day that the brief covers.
        before: the amount of each indicator in the last issued brief, if that is the brief of the
            previous month; otherwise the amount on the day before ``since``.
        regular: the entries of the days that the brief covers.
        late, corrections: late entries and corrections for days that earlier briefs covered.
        code: the code that identifies the last record of the hash chain; empty in a draft.
        pace: the planned and the actual percentage at the end of each month.
        planned: the activities planned for this and the next month, or None without a plan.
    """

    project: Project
    window: Window
    since: date
    today: date
    now: ProjectProgress
    before: Mapping[IndicatorKey, Decimal]
    regular: tuple[Entry, ...]
    late: tuple[Entry, ...] = ()
    corrections: tuple[Correction, ...] = ()
    code: str = ""
    pace: tuple[MonthEnd, ...] = ()
    planned: tuple[PlannedMonth, ...] | None = None

    @property
    def gains(self) -> dict[IndicatorKey, Decimal]:
        """The amount that this brief adds to each indicator, in the unit of the indicator."""
        return {
            progress.indicator.key: progress.actual - self.before.get(progress.indicator.key, ZERO)
            for progress in self.now.indicators
        }


def compose(month: BriefMaterial) -> BriefContext:
    """Compose the texts of a brief."""
    project, window, now = month.project, month.window, month.now
    gains = month.gains
    return BriefContext(
        title=project.brief.title,
        number=window.number,
        month=f"{window.year}年{window.month}月",
        window=f"{full_day(month.since)}至{full_day(now.as_of)}",
        community=project.full_name,
        package=project.package or TO_FILL_IN,
        agency=project.agency or f"编印单位{TO_FILL_IN}",
        date=full_day(month.today),
        copies_to="，".join(project.brief.copies_to) or TO_FILL_IN,
        percent=f"{now.percent}%",
        overview=_overview(month, gains),
        sections=tuple(_section(category, gains) for category in now.categories),
        activities=tuple(done(project, entry) for entry in month.regular),
        problems=problems(now),
        plans=_plans(now, window) if month.planned is None else _planned(month, month.planned),
        late=tuple(done(project, entry) for entry in month.late),
        corrections=tuple(_corrected(project, change) for change in month.corrections),
        code=month.code,
        recipients=_recipients(project),
        pace=month.pace,
        pictured=tuple(_pictured(project, (*month.regular, *month.late))),
    )


def _recipients(project: Project) -> tuple[str, ...]:
    """Write a line for each group of recipients: 报 (superiors), 送 (equals), 发 (subordinates)."""
    brief = project.brief
    lists = (("报", brief.copies_to), ("送", brief.sent_to), ("发", brief.issued_to))
    lines = tuple(f"{how}：{'，'.join(offices)}。" for how, offices in lists if offices)
    return lines or (f"报：{TO_FILL_IN}",)


def problems(now: ProjectProgress) -> tuple[str, ...]:
    """Write sentences about indicators that are overdue or due soon, then about others behind."""
    sentences = [
        f"{progress.item.label}：{lack_words(progress, now.as_of)}。"
        for progress in now.attention
        if progress.state is State.OVERDUE or progress.near
    ]
    for category in now.categories:
        items: dict[str, list[str]] = {}
        for progress in category.indicators:
            if progress.state is State.BEHIND and not progress.near:
                words = behind_words(progress, now.as_of)
                items.setdefault(progress.item.name, []).append(words)
        if items:
            listed = "；".join(f"{name}{'，'.join(words)}" for name, words in items.items())
            sentences.append(f"{category.category.name}方面进度落后：{listed}。")
    return tuple(sentences)


def _section(category: CategoryProgress, gains: Mapping[IndicatorKey, Decimal]) -> Section:
    return Section(
        code=category.category.code,
        name=category.category.name,
        percent=f"{category.percent}%",
        rows=tuple(
            Row(
                code=now.item.code,
                name=now.item.name,
                target=target_words(now.indicator),
                month=kind_of(now.indicator).gain_words(gains[now.indicator.key], now.indicator),
                total=kind_of(now.indicator).total_words(now),
                percent=f"{now.percent}%",
                bar=bar(now.percent),
                state=STATE_ON_SCREEN[now.state],
            )
            for now in category.indicators
        ),
    )


def _overview(month: BriefMaterial, gains: Mapping[IndicatorKey, Decimal]) -> tuple[str, ...]:
    project, now = month.project, month.now
    entries = (*month.regular, *month.late)
    sums: dict[str, Decimal] = {}
    for entry in entries:
        for unit, amount in entry.activity.amounts.items():
            sums[unit] = sums.get(unit, ZERO) + amount
    late = f"（含补记{len(month.late)}次）" if month.late else ""
    short = sum(1 for e in entries if e.activity.item in shortfalls(project, e.activity))
    missed = f"（其中{short}次没有达到合同对每次活动的要求，不计入指标）" if short else ""
    parts = [f"记录活动{len(entries)}次{late}{missed}"]
    for unit, words in (("人次", "服务"), ("户次", "排查走访"), ("份", "发放资料")):
        if sums.get(unit):
            parts.append(f"{words}{plain(sums[unit])}{unit}")
    if month.corrections:
        parts.append(f"更正以前各期的记录{len(month.corrections)}条")
    return (
        f"本月{project.full_name}社会工作服务项目共{'，'.join(parts)}。"
        f"截至{full_day(now.as_of)}，{states_words(now)}。",
        *(f"合同变更：{words}。" for words in change_words(project, month.window.period)),
        *_category_sentences(now, gains),
    )


def _category_sentences(now: ProjectProgress, gains: Mapping[IndicatorKey, Decimal]) -> list[str]:
    sentences = []
    for category in now.categories:
        items: dict[str, dict[str | None, str]] = {}
        for progress in category.indicators:
            indicator = progress.indicator
            gain = gains[indicator.key]
            words = kind_of(indicator).achieved_words(gain, indicator) if gain > 0 else ""
            if words:
                items.setdefault(progress.item.name, {})[indicator.unit] = words
        listed = [f"{name}{'、'.join(words.values())}" for name, words in items.items()]
        if listed:
            sentences.append(f"{category.category.name}方面：{'，'.join(listed)}。")
    return sentences


def done(project: Project, entry: Entry) -> Done:
    """Compose the texts of one activity in a document, such as date, place and amounts."""
    activity = entry.activity
    name = _name(project, activity)
    return Done(
        date=day_words(activity.day),
        item=name,
        title=activity.title or name,
        place=activity.place,
        amounts=amount_words(activity.amounts),
        note=activity.told_note,
        reason=entry.late_reason or entry.reason,
    )


def _pictured(project: Project, entries: Iterable[Entry]) -> Iterator[Pictured]:
    """Yield the activities that have photos, each with at most ``_PHOTOS`` photos."""
    for entry in entries:
        photos = [e for e in entry.evidence if e.kind == PHOTO and is_picture(e.name)][:_PHOTOS]
        if photos:
            words = done(project, entry)
            place = f"（{words.place}）" if words.place else ""
            yield Pictured(
                f"{words.date}　{words.title}{place}",
                tuple(photo.sha256 for photo in photos),
                tuple(photo.name for photo in photos),
            )


def _name(project: Project, activity: Activity) -> str:
    item = project.items.get(activity.item)
    return item.name if item else activity.item


def _corrected(project: Project, correction: Correction) -> Corrected:
    old = correction.old.activity
    if correction.new is None:
        before, after = amount_words(old.amounts), "作废"
    else:
        before, after = _difference(project, old, correction.new.activity)
    name = _name(project, old)
    return Corrected(day_words(old.day), name, old.title or name, before, after, correction.reason)


def _difference(project: Project, old: Activity, new: Activity) -> tuple[str, str]:
    """Return the changed values before and after a correction, without names of people."""
    pairs = [
        (day_words(old.day), day_words(new.day)),
        (_name(project, old), _name(project, new)),
        (amount_words(old.amounts), amount_words(new.amounts)),
        (old.title, new.title),
        (old.activity_type, new.activity_type),
        ("、".join(old.also), "、".join(new.also)),
    ]
    differing = [(was or "无", now or "无") for was, now in pairs if was != now]
    if not differing:
        return "其他内容", "已更正"
    return "，".join(was for was, _ in differing), "，".join(now for _, now in differing)


def _plans(now: ProjectProgress, window: Window) -> tuple[str, ...]:
    """Write plans from the progress alone, for a brief without a computed plan.

    List the targets with a deadline at most 31 days after ``window``, then the overdue periodic
    indicators, then the indicators with less than the expected amount.
    """
    days = (window.period.end - now.as_of).days + 31
    owed = [
        f"{day_words(due.deadline)}前完成{due.progress.item.name}{due.label}"
        f"{plain(due.amount)}{due.progress.indicator.unit or '项'}"
        for due in compute_due(now, days)
        if not due.late and due.deadline > now.as_of
    ]
    overdue: list[str] = []
    lacking: dict[str, list[str]] = {}
    for progress in now.attention:
        indicator = progress.indicator
        lack = (progress.expected - progress.actual).to_integral_value()
        if kind_of(indicator).has_pace and lack >= 1:
            lacking.setdefault(progress.item.name, []).append(f"{plain(lack)}{indicator.unit}")
        if indicator.kind is Kind.PERIODIC and progress.state is State.OVERDUE:
            overdue.append(f"补做{progress.item.label}（{lack_words(progress, now.as_of)}）")
    behind = [f"加快{name}，补上落后的{'、'.join(lacks)}" for name, lacks in lacking.items()]
    return _listed(dict.fromkeys([*owed, *overdue, *behind]))


def _planned(material: BriefMaterial, months: tuple[PlannedMonth, ...]) -> tuple[str, ...]:
    """Write the planned activities: first late ones and those with a deadline, then the others.

    The others are grouped by category, and included only if they belong to the last planned month.
    The submission of this brief is left out.
    """
    project = material.project
    dated: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    category_of = {item.code: c for c in project.categories for item in c.items}
    for n, month in enumerate(months):
        for planned in month.activities:
            if planned.form.for_month == material.window.label:
                continue
            words = planned_words(project, planned)
            if planned.late:
                dated.setdefault("尽快补上", []).append(words)
            elif planned.deadline:
                dated.setdefault(f"{day_words(planned.days.end)}前完成", []).append(words)
            elif n == len(months) - 1:
                others.setdefault(category_of[planned.form.item.code].code, []).append(words)
    names = {category.code: category.name for category in project.categories}
    return _listed(
        [f"{when}{'、'.join(what)}" for when, what in dated.items()]
        + [f"{names[code]}：{'、'.join(what)}" for code, what in others.items()]
    )


def _listed(plans: Iterable[str]) -> tuple[str, ...]:
    lines = list(plans)
    return (*(f"{line}；" for line in lines[:-1]), *(f"{line}。" for line in lines[-1:]))
