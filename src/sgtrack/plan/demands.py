"""The work a contract still needs, by when, and what is too late to make up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Period
from sgtrack.progress.indicator_progress import PeriodProgress, Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.kinds.indicator_kind import counts_series
from sgtrack.progress.reporting_window import windows
from sgtrack.progress.tally import Tallies

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Demand:
    """What an indicator still needs within some days.

    ``rest`` is in the indicator's unit: the missing amount of a total or a month; the missing hours
    of the person with the least; the number of missing types; 1 for a milestone. ``target`` is the
    whole amount, ``weight`` the share of the indicator (a month of twelve: 1/12). An activity
    counts on ``days``; ``timed`` says that they end before the project does, ``late`` that the
    deadline has passed. ``on_screen`` names the month, quarter or year, if there is one;
    ``for_month`` is set if only the brief of that month counts.
    """

    item: Item
    indicator: Indicator
    rest: Decimal
    target: Decimal
    weight: Decimal
    days: Period
    timed: bool = False
    late: bool = False
    on_screen: str = ""
    for_month: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """What is too late to make up, in the indicator's unit, with its month or quarter."""

    item: Item
    indicator: Indicator
    missing: Decimal
    on_screen: str = ""


@dataclass(frozen=True)
class RemainingWork:
    """What a contract still needs at a day, and what is too late."""

    demands: tuple[Demand, ...]
    missed: tuple[Missed, ...]


def compute_demands(progress: ProjectProgress, tallies: Tallies, first_day: date) -> RemainingWork:
    """Compute what a contract still needs.

    Args:
        progress: the progress of the contract.
        tallies: the tallies it was computed from.
        first_day: the first day on which activities can still take place.
    """
    open_days = Period(max(first_day, progress.project.period.start), progress.project.period.end)
    owing = _DemandBuilder(progress, tallies, open_days)
    parts = [part for one in progress.indicators for part in owing.of(one)]
    return RemainingWork(
        tuple(part for part in parts if isinstance(part, Demand)),
        tuple(part for part in parts if isinstance(part, Missed)),
    )


@dataclass(frozen=True)
class _DemandBuilder:
    progress: ProjectProgress
    tallies: Tallies
    open_days: Period

    def of(self, one: Progress) -> Iterator[Demand | Missed]:
        if one.state in (State.DONE, State.ENDED):
            return
        if kind_of(one.indicator).owes_periods:
            for period in one.periods:
                if not period.met:
                    yield self._period(one, period)
            return
        target = one.indicator.target or ONE
        rest = Decimal(len(one.missing)) if one.missing else target - one.actual
        if self.open_days.days < 1:
            yield Missed(one.item, one.indicator, rest)
            return
        due = one.indicator.due
        late = due is not None and due < self.open_days.start
        days = self.open_days if due is None or late else Period(self.open_days.start, due)
        yield Demand(
            one.item,
            one.indicator,
            rest,
            target,
            ONE,
            days,
            timed=due is not None and not late,
            late=late,
            types=one.missing,
        )

    def _period(self, one: Progress, period: PeriodProgress) -> Demand | Missed:
        rest = period.target - period.actual
        owed = period.owed
        for_month = owed.label if one.item.is_brief and self._can_hand_in(owed.label) else ""
        start = max(self.open_days.start, owed.period.start)
        deadline, end = owed.deadline, owed.period.end
        if for_month:
            start = max(self.open_days.start, self._briefs[for_month].start)
            deadline = min(self._briefs[for_month].end, self.open_days.end)
            end = self.open_days.end
        late = deadline < start
        last = end if late else deadline
        if last < start:
            return Missed(one.item, one.indicator, rest, owed.on_screen)
        return Demand(
            one.item,
            one.indicator,
            rest,
            period.target,
            ONE / len(one.periods),
            Period(start, last),
            timed=not late and last < self.open_days.end,
            late=late,
            on_screen=owed.on_screen,
            for_month=for_month,
        )

    @property
    def _briefs(self) -> Mapping[str, Period]:
        """By reporting month, the days from its first until its brief is due."""
        return {w.label: Period(w.period.start, w.due) for w in windows(self.progress.project)}

    def _can_hand_in(self, month: str) -> bool:
        """Whether the month's brief can be issued: briefs are issued in order."""
        item = self.progress.project.brief_item
        last = self.tallies.last_month_of(item.code, self.progress.as_of) if item else None
        return month in self._briefs and (last is None or f"{last:%Y-%m}" < month)


def counts_groups(item: Item, indicator: Indicator) -> bool:
    """Whether the indicator counts the groups or cases of an item that runs over sessions."""
    return counts_series(item, kind_of(indicator), indicator.unit)
