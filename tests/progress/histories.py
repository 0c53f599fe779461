"""Activities of a year, written out or drawn at random."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import packaged

START, END = date(2026, 1, 1), date(2026, 12, 31)
PROJECT = load_folder(packaged("targets")).projects[1]
"""仙鹤观; no fixture, because hypothesis prints the arguments of a failure."""
History = list[tuple[str, int, list[str], str, list[str]]]
ITEMS = ("5.1", "6.3", "6.8.1", "7.1", "7.2.2", "7.2.4", "7.3", "7.3.1", "7.3.3", "7.4", "10.1")


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Random entries: item, day, names, title, also."""
    return draw(
        st.lists(
            st.tuples(
                st.sampled_from(ITEMS),
                st.integers(0, 364),
                st.lists(st.sampled_from("甲乙丙丁"), unique=True, max_size=3),
                st.sampled_from(["一", "二", "三"]),
                st.lists(st.sampled_from(["7.3.2", "8.2"]), unique=True, max_size=1),
            ),
            max_size=25,
        )
    )


def build_activities(project: Project, history: History) -> list[Activity]:
    """The activities of a history, in the order of their days."""
    activities = []
    for n, (item, day, names, title, also) in enumerate(history):
        units = project.units_of(item)
        activities.append(
            Activity(
                "xianheguan",
                item,
                START + timedelta(days=day),
                title=title,
                activity_type=(project.items[item].types or ("",))[
                    n % 4 if project.items[item].types else 0
                ],
                amounts={u: Decimal(1 if u == "个" else 3 + n % 7) for u in units},
                participants=tuple(names),
                also=tuple(also),
            )
        )
    return sorted(activities, key=lambda a: a.day)


def did(item: str, day: str, **more: object) -> Activity:
    """An activity of an item on a day."""
    amounts = {k: Decimal(str(v)) for k, v in dict(more.pop("amounts", {})).items()}  # type: ignore[call-overload]
    return Activity("xianheguan", item, date.fromisoformat(day), amounts=amounts, **more)  # type: ignore[arg-type]
