"""Per person: everyone on a roster must reach the target each year (每人每年不少于20个学时)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgtrack.model.contract import Indicator, Item, Kind, Per, Period, Project
from sgtrack.model.figures import AmountFigure, ParticipantFigure
from sgtrack.model.units import plain
from sgtrack.progress.indicator_progress import PeriodProgress, Progress, State, share
from sgtrack.progress.kinds.indicator_kind import Evaluation, IndicatorKind
from sgtrack.progress.pace import compute_expected, stages_of
from sgtrack.progress.periods import owed_periods, year_of
from sgtrack.progress.tally import ZERO, Credit, Tallies


class PerPersonKind(IndicatorKind):
    """The kind of indicator with a target for each person on a roster."""

    kind = Kind.PER_PERSON
    by_year = True
    by_name = True
    owes_periods = True
    per_person = True
    no_formula = "逐人计算"

    def progress(self, evaluation: Evaluation) -> Progress:
        """Compare the amount of each person in each year with the target of that year."""
        code, tallies = evaluation.item.code, evaluation.tallies
        years = owed_periods(evaluation.period, Per.YEAR)
        now = year_of(evaluation.period, evaluation.as_of)
        shares: list[Decimal] = []
        periods: list[PeriodProgress] = []
        amounts_now: tuple[Decimal, ...] = ()
        for year in years:
            role = evaluation.indicator.role or ""
            people = tallies.people(role, code, year.period, evaluation.as_of)
            until_now = evaluation.until_now(year.period)
            amounts_by_name = tallies.amounts_by_person(code, evaluation.unit, until_now)
            amounts = tuple(amounts_by_name.get(name, ZERO) for name in people)
            least = min(amounts, default=ZERO)
            target = evaluation.target_in(year)
            closed = evaluation.as_of > year.deadline
            periods.append(PeriodProgress(year, least, target, closed))
            shares += [min(a, target) / target for a in amounts] or [ZERO]
            if year == now:
                amounts_now = amounts
        least_now = min(amounts_now, default=ZERO)
        target_now = evaluation.target_in(now)
        stages = stages_of(evaluation.project, evaluation.indicator, now.period)
        expected = compute_expected(stages, evaluation.as_of)
        if all(period.met for period in periods):
            state = State.DONE
        elif any(period.closed and not period.met for period in periods):
            state = State.OVERDUE
        elif least_now >= target_now:
            state = State.ON_TRACK
        else:
            state = evaluation.pace_state(least_now, expected, now.period, now.deadline)
        unmet = (period.owed.deadline for period in periods if not period.met)
        deadline = next(unmet, years[-1].deadline)
        return Progress(
            evaluation.item,
            evaluation.indicator,
            actual=least_now,
            expected=expected,
            # The sum is rounded, so that three thirds are one.
            percent=share(round(sum(shares, ZERO), 20), Decimal(len(shares))),
            state=state,
            deadline=deadline,
            near=evaluation.is_near(deadline),
            periods=tuple(periods),
            people=len(amounts_now),
            people_met=sum(1 for amount in amounts_now if amount >= target_now),
        )

    def credits(self, evaluation: Evaluation) -> Iterable[Credit]:
        """Yield a credit per activity, with the amount that each participant on the roster gets.

        People who have left the roster since the activity are included.
        """
        code, unit, period = evaluation.item.code, evaluation.unit, evaluation.period
        role = evaluation.indicator.role or ""
        people = set(evaluation.tallies.people(role, code, period, period.start))
        shares: dict[str, list[ParticipantFigure]] = defaultdict(list)
        for row in evaluation.tallies.person_rows(code, unit, period):
            if row.source and row.name in people:
                shares[row.source.id].append(row)
        for credit in evaluation.credits_in(period):
            if not isinstance(credit.row, AmountFigure) or credit.row.source is None:
                continue
            rows = shares[credit.row.source.id]
            if rows:
                yield Credit(credit.row, rows[0].amount, f"{len(rows)}人各得")
            else:
                yield Credit(credit.row, ZERO, "参加人员均不在名册上")

    def rule_words(self, project: Project, item: Item, indicator: Indicator) -> str:
        """Describe whose amounts are compared with the target."""
        unit = indicator.unit or ""
        return f"名册（{indicator.role}）上每人每年各自的{unit}，以最低的一人为准"

    def target_words(self, indicator: Indicator, amount: str) -> str:
        """Describe the target, as in 每人每年20学时."""
        return f"每人每年{amount}"

    def actual_words(self, progress: Progress) -> str:
        """Describe how many people reached the target, as in 5/8人达标."""
        return f"{progress.people_met}/{progress.people}人达标"

    def total_words(self, progress: Progress) -> str:
        """Describe the minimum and who reached the target: 最低4学时（3人中0人达标）."""
        return f"最低{super().actual_words(progress)}（{_met_words(progress)}）"

    def gain_words(self, gain: Decimal, indicator: Indicator) -> str:
        """Describe what a month added to the minimum over all people.

        Return 0 for a decrease, for example when a new year begins or a person joins.
        """
        return super().gain_words(max(gain, ZERO), indicator)

    def achieved_words(self, gain: Decimal, indicator: Indicator) -> str:
        """Return an empty string, because a minimum over people cannot be attributed to a month."""
        return ""

    def gap_words(self, progress: Progress, most: int | None = None) -> str:
        """Describe what is missing, as in 3人中0人达标，最低4学时.

        If there are no people, say so.
        """
        if not progress.people:
            return "名册为空，尚无培训记录"
        return f"{_met_words(progress)}，最低{super().actual_words(progress)}"

    def count(self, progress: Progress) -> tuple[Decimal, Decimal]:
        """Return the number of people, and of those who reached the target."""
        return Decimal(progress.people), Decimal(progress.people_met)

    def count_words(self, actual: Decimal, target: Decimal, indicator: Indicator) -> str:
        """Describe how many people reached the target, as in 15/18人达标."""
        return f"{plain(actual)}/{plain(target)}人达标"


def _met_words(progress: Progress) -> str:
    return f"{progress.people}人中{progress.people_met}人达标"


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """The amount and the target of one person in a year, in the unit of the indicator."""

    name: str
    role: str
    item: str
    unit: str
    actual: Decimal
    target: Decimal
    year: str


def compute_person_progress(
    project: Project, tallies: Tallies, as_of: date
) -> tuple[PersonProgress, ...]:
    """List the amount of each person for each per-person indicator in the current year."""
    project = project.at(as_of)
    owed = year_of(project.period, as_of)
    until_now = Period(owed.period.start, min(owed.period.end, as_of))
    people: list[PersonProgress] = []
    for _, _, item, indicator in project.indicators():
        if indicator.kind is not Kind.PER_PERSON:
            continue
        role, unit, target = indicator.role or "", indicator.unit or "", indicator.target or ZERO
        amounts = tallies.amounts_by_person(item.code, unit, until_now)
        for name in tallies.people(role, item.code, owed.period, as_of):
            actual = amounts.get(name, ZERO)
            people.append(
                PersonProgress(name, role, item.code, unit, actual, target, owed.on_screen)
            )
    return tuple(people)
