"""The input of a brief, and which of its entries are services to residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sgtrack.brief.officer_texts import OfficerTexts
from sgtrack.evidence.attach import MEDIA_EVIDENCE
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry
from sgtrack.model.issued import Correction, IndicatorKey
from sgtrack.plan.outcome import PlannedMonth
from sgtrack.progress.contract_status import MonthEnd
from sgtrack.progress.indicator_progress import Progress, ProjectProgress, State
from sgtrack.progress.periods import Window
from sgtrack.progress.tally import ZERO

CASE = "个案"
"""Items with this word are cases, whose titles may name a person and are not printed."""
SeriesKey = tuple[str, str]
"""The item and the title, which identify a group or case."""


@dataclass(frozen=True, slots=True)
class BriefMaterial:
    """The input of a brief.

    Fields that need an explanation:
        since: the first day that the brief covers. It is before the start of ``window`` if the
            previous brief was issued before the end of its month.
        now: the progress on the last day that the brief covers, with this brief submitted.
        before: the amount of each indicator in the last issued brief, if that is the brief of the
            previous month; otherwise the amount on the day before ``since``.
        regular: the entries of the days that the brief covers.
        late, corrections: late entries and corrections for days that earlier briefs covered.
        code: the code that identifies the last record of the hash chain; empty in a draft.
        pace: the planned and the actual percentage at the end of each month.
        planned: the activities planned for this and the next month, or None without a plan.
        series_starts: the first day of each group or case.
        texts: the officer's own texts of the month.
        annex: which annexes the brief has: full, changed or none.
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
    series_starts: Mapping[SeriesKey, date] = field(default_factory=dict)
    texts: OfficerTexts = field(default_factory=OfficerTexts)
    annex: str = "changed"

    @property
    def gains(self) -> dict[IndicatorKey, Decimal]:
        """The amount that this brief adds to each indicator, in the unit of the indicator."""
        return {
            progress.indicator.key: progress.actual - self.before.get(progress.indicator.key, ZERO)
            for progress in self.now.indicators
        }

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The regular and the late entries, by day."""
        entries = (*self.regular, *self.late)
        return tuple(sorted(entries, key=lambda entry: (entry.activity.day, entry.id)))

    @property
    def services(self) -> tuple[Entry, ...]:
        """The entries that are services, by day; no submitted briefs and no media reports."""
        return tuple(e for e in self.entries if is_service(self.project, e.activity.item))

    def amounts_by_item(self) -> dict[str, dict[str, Decimal]]:
        """Return the amounts that the brief adds to each item by unit, corrections included."""
        signed = [(entry.activity, 1) for entry in self.entries]
        for correction in self.corrections:
            signed.append((correction.old.activity, -1))
            # A correction may move an activity to a day that a later brief covers.
            if correction.new and correction.new.activity.day <= self.now.as_of:
                signed.append((correction.new.activity, 1))
        sums: dict[str, dict[str, Decimal]] = {}
        for activity, sign in signed:
            units = sums.setdefault(activity.item, {})
            for unit, amount in activity.amounts.items():
                units[unit] = units.get(unit, ZERO) + sign * amount
        return sums


def is_service(project: Project, code: str) -> bool:
    """Return whether an item is a service to people; briefs and media reports are not."""
    item = project.items.get(code)
    return item is None or not (item.is_brief or MEDIA_EVIDENCE in item.evidence)


def with_submission(now: ProjectProgress, window: Window) -> ProjectProgress:
    """Return the progress with the states that it has once the brief of a month is submitted.

    The submission itself may lie after the last day that the brief covers.
    """

    def submitted(progress: Progress) -> Progress:
        is_troubled = progress.state in (State.BEHIND, State.OVERDUE)
        lacks_only_this = is_troubled and _has_earlier_briefs(progress, window)
        return replace(progress, state=State.ON_TRACK) if lacks_only_this else progress

    categories = (
        replace(category, indicators=tuple(map(submitted, category.indicators)))
        for category in now.categories
    )
    return replace(now, categories=tuple(categories))


def _has_earlier_briefs(progress: Progress, window: Window) -> bool:
    """Return whether an indicator counts briefs, and all earlier months have a submitted one."""
    if not progress.item.is_brief:
        return False
    missed = [p for p in progress.periods if not p.met and p.closed]
    return all(period.owed.label >= window.name for period in missed)


def own_texts(entry: Entry) -> tuple[str, ...]:
    """Return the effect and the note of an entry as a brief prints them, each in one line."""
    texts = (entry.effect, entry.activity.shown_note)
    lines = ("".join(map(str.strip, text.splitlines())) for text in texts)
    return tuple(filter(None, lines))


def printed_title(project: Project, activity: Activity) -> str:
    """Return the title to print; for a case it is the item, because the title may name a person."""
    item = project.items.get(activity.item)
    name = item.name if item else activity.item
    return name if CASE in name else activity.title or name
