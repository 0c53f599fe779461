"""What a contract still asks for, by when, and what can no longer be made up."""

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
    """What is missing of an indicator in a stretch of days.

    ``rest`` is in the indicator's unit: what is missing of a total or of a month; the hours of the
    person with the least; the number of types; 1 for a milestone. ``target`` is the whole of which
    it is the rest, ``weight`` the share of the indicator it stands for (a month of twelve: 1/12).
    ``days`` are those on which an activity still counts for it, ``timed`` says that they end by
    themselves and not with the project, ``late`` that the contract wanted it earlier. ``label`` and
    ``on_screen`` name the month, quarter or year, where it is of one; ``for_month`` is set where
    only the submission of that month's brief will do.
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
    """What cannot be made up any more, in the indicator's unit, and of which months or quarters."""

    item: Item
    indicator: Indicator
    missing: Decimal
    on_screen: str = ""


@dataclass(frozen=True)
class Left:
    """Everything that is left of a contract at a day."""

    demands: tuple[Demand, ...]
    missed: tuple[Missed, ...]


def left_of(found: ProjectProgress, tallies: Tallies, first_day: date) -> Left:
    """What is left of a contract.

    Args:
        found: where it stands.
        tallies: what that was computed from.
        first_day: the first day on which something can still be done.
    """
    open_days = Period(max(first_day, found.project.period.start), found.project.period.end)
    owing = _Owing(found, tallies, open_days)
    parts = [part for one in found.indicators for part in owing.of(one)]
    return Left(
        tuple(part for part in parts if isinstance(part, Demand)),
        tuple(part for part in parts if isinstance(part, Missed)),
    )


@dataclass(frozen=True)
class _Owing:
    found: ProjectProgress
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
        """The days from the beginning of each reporting month until its brief is due."""
        return {w.label: Period(w.period.start, w.due) for w in windows(self.found.project)}

    def _can_hand_in(self, month: str) -> bool:
        """Whether the month's brief can be issued: briefs are issued in order."""
        item = self.found.project.brief_item
        last = self.tallies.last_month_of(item.code, self.found.as_of) if item else None
        return month in self._briefs and (last is None or f"{last:%Y-%m}" < month)


def counts_groups(item: Item, indicator: Indicator) -> bool:
    """Whether the indicator counts the groups or cases of an item that runs over sessions."""
    return counts_series(item, kind_of(indicator), indicator.unit)
