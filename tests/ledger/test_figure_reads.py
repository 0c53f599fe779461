"""Monthly sums give the same status as single activities, wherever periods cut the months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from sgtrack.ledger.append import add
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.roster_records import add_people
from sgtrack.model.contract import Period, Project
from sgtrack.model.entries import Activity, Evidence, Origin, Person
from sgtrack.model.figures import FigureQuery, Figures
from sgtrack.progress.contract_status import ContractStatus, compute_status, figure_query_of
from sgtrack.recovery.backups import writing
from sgtrack.workspace import Workspace

from ..support.contracts import with_items
from ..support.examples import examples
from ..support.ledgers import Ledgers, read

ORIGIN = Origin(datetime.fromisoformat("2028-06-30T09:00:00+08:00"), "officer", "sgtrack …")
PERIOD = Period(date(2026, 1, 15), date(2028, 3, 20))
DAYS = st.dates(date(2025, 12, 20), date(2028, 4, 5))
ITEMS = {
    "2.1": "次",
    "6.3": "人次",
    "6.8.1": "个",
    "6.8.2": "个",
    "7.1": "支",
    "7.3.1": "场",
    "8.3": "人",
    "9.1.2": "学时",
    "10.3.1": "期",
}
ALSO = {"7.1": ("6.8.2",), "7.3.1": ("7.4",)}
"""Further items that an activity may serve."""
EVIDENCE = st.sampled_from([(), ("签到表", "照片")]).map(
    lambda kinds: tuple(Evidence("", "a" * 64, 1, f"{kind}.jpg", kind) for kind in kinds)
)
ACTIVITIES = st.lists(
    st.tuples(
        st.builds(
            lambda day, item, amount, title, names, also, closes: Activity(
                "sanli",
                item,
                day,
                title=title,
                activity_type="文体活动类" if item == "7.1" and amount > 1 else "",
                amounts={ITEMS[item]: Decimal(amount)},
                participants=names,
                also=ALSO.get(item, ()) if also else (),
                closes=closes,
                for_month=f"{day:%Y-%m}" if item == "10.3.1" else "",
            ),
            DAYS,
            st.sampled_from(sorted(ITEMS)),
            st.integers(1, 3),
            st.sampled_from(["甲组", "乙组"]),
            st.sampled_from([(), ("张三",), ("张三", "李四")]),
            st.booleans(),
            st.booleans(),
        ),
        EVIDENCE,
    ),
    max_size=25,
)


def with_sessions(contract: Project, code: str, sessions: int) -> Project:
    """The contract where a group counts after so many sessions."""
    return with_items(
        contract, lambda item: replace(item, sessions=sessions) if item.code == code else item
    )


def as_told(standing: ContractStatus) -> ContractStatus:
    """Drop the day on which a group came to count, which a sum over many days does not have."""
    shown = tuple(
        replace(one, series=replace(one.series, counted=one.series.counted and date.min))
        for one in standing.open_series
    )
    return replace(standing, open_series=shown)


BEGUN_TOGETHER = [
    (Activity("sanli", "6.8.1", PERIOD.start, title=title, amounts={"个": Decimal(1)}), ())
    for title in ("甲组", "乙组")
]


MARCH = Activity("sanli", "10.3.1", PERIOD.end, amounts={"期": Decimal(1)}, for_month="2028-03")
BEFORE_AND_AFTER_THE_END = [
    (replace(MARCH, day=date(2028, 3, 2)), ()),
    (replace(MARCH, day=date(2028, 3, 21)), ()),
]


@examples(quick=20, thorough=600)
@example(BEFORE_AND_AFTER_THE_END, [date(2028, 3, 1)])
@example(BEGUN_TOGETHER, [PERIOD.start])
@given(ACTIVITIES, st.lists(DAYS, min_size=1, max_size=4))
def test_sums_give_the_same_status_as_single_activities(
    projects: dict[str, Project],
    ledgers: Ledgers,
    activities: list[tuple[Activity, tuple[Evidence, ...]]],
    days: list[date],
) -> None:
    contract = with_sessions(replace(projects["sanli"], period=PERIOD), "6.8.2", 3)
    with TemporaryDirectory() as folder:
        path = ledgers.give(Workspace(Path(folder))).ledger
        with writing(path) as transaction:
            one = Person("", "sanli", "张三", "社区工作者", PERIOD.start)
            add_people(transaction, [one], ORIGIN)
            before = Figures()
            for activity, proof in activities:
                before = transaction.figures("sanli", figure_query_of(contract, days))
                entry = add(transaction, activity, ORIGIN, again=True, evidence=proof)
        singly = read(
            read_figures, path, "sanli", FigureQuery(one_by_one=frozenset(contract.items))
        )
        sums = read(read_figures, path, "sanli", figure_query_of(contract, days))
        for day in days:
            ours, wanted = (compute_status(contract, one, day) for one in (sums, singly))
            assert as_told(ours) == as_told(wanted)
            if activities:
                added = compute_status(contract, before.with_entry(entry), day)
                assert as_told(added) == as_told(wanted)
            item = contract.items["7.3"]
            alone = compute_status(
                contract,
                read(read_figures, path, "sanli", figure_query_of(contract, [day], {item.code})),
                day,
            )
            for some, whole in zip(
                alone.pairs(), compute_status(contract, sums, day).pairs(), strict=True
            ):
                if some[0].item.code == item.code:
                    assert some == whole
