"""Many communities on the screen: one line each, and a matrix of communities and categories."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.progress.county_progress import County, cells_of, states_of
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.progress_wording import STATE_ON_SCREEN
from sgtrack.screen.console import STYLE, bar, grid, percent_words

CATEGORIES_A_TABLE = 11
"""How many categories stand side by side on 80 columns."""


def county_overview(found: County) -> RenderableType:
    """One line for each community, those first that need help most, then the matrix."""
    table = grid(
        Column("社区", ratio=1),
        Column("完成率", justify="right", no_wrap=True),
        Column("", no_wrap=True),
        Column("有佐证", justify="right", no_wrap=True),
        Column("逾期", justify="right", no_wrap=True),
        Column("落后", justify="right", no_wrap=True),
        Column("完成", justify="right", no_wrap=True),
    )
    for one in found.standings:
        states = states_of(one)
        table.add_row(
            one.project.full_name,
            percent_words(one.claimed.percent),
            bar(one.claimed.percent, 16),
            percent_words(one.proven.percent),
            *(
                Text(str(states[state] or ""), style=STYLE[state])
                for state in (State.OVERDUE, State.BEHIND, State.DONE)
            ),
        )
    return Group(
        Text(
            f"{len(found.standings)} 个社区，截至 {found.as_of}（最需要帮助的在前）", style="bold"
        ),
        Text(
            f"平均完成 {percent_words(found.percent)}，有佐证 {percent_words(found.proven)}；"
            "看一个社区用 -c 社区，看全部用 --all",
            style="dim",
        ),
        "",
        table,
        *matrix(found),
    )


def matrix(found: County) -> list[RenderableType]:
    """Communities and categories, in as many tables as the width asks for."""
    parts: list[RenderableType] = []
    for first in range(0, len(found.columns), CATEGORIES_A_TABLE):
        columns = found.columns[first : first + CATEGORIES_A_TABLE]
        table = grid(
            Column("完成率 %", ratio=1),
            *(Column(code, justify="right", no_wrap=True, width=4) for code, _ in columns),
            gap=1,
        )
        for one in found.standings:
            cells = cells_of(one)
            shown = []
            for column in columns:
                cell = cells.get(column)
                if cell is None:
                    shown.append(Text("-", style="dim"))
                else:
                    mark = "!" if cell.worst is State.OVERDUE else ""
                    shown.append(Text(f"{int(cell.percent)}{mark}", style=STYLE[cell.worst]))
            table.add_row(one.project.name, *shown)
        legend = "  ".join(f"{code} {name}" for code, name in columns)
        parts += ["", table, "", Text(legend, style="dim")]
    overdue = STATE_ON_SCREEN[State.OVERDUE]
    return [*parts, Text(f"! 这一类里有{overdue}的指标；- 合同里没有这一类", style="dim")]
