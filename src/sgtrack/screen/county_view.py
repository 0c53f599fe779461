"""Shows many communities in one table, and in a matrix of communities and categories."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.model.wording import BEHIND, OVERDUE
from sgtrack.progress.county_progress import County, cells_of, states_of
from sgtrack.progress.indicator_progress import State
from sgtrack.progress.progress_wording import STATE_ON_SCREEN
from sgtrack.screen.console import STYLE, bar, grid, percent_words, right

CATEGORIES_A_TABLE = 11
"""The maximum number of categories that fit side by side in 80 columns of text."""


def county_overview(county: County) -> RenderableType:
    """Build a table with a row for each community, the most urgent first, and the matrix."""
    table = grid(
        Column("社区", ratio=1),
        right("完成率"),
        "",
        right("有佐证"),
        right(OVERDUE),
        right(BEHIND),
        right("完成"),
    )
    for status in county.standings:
        states = states_of(status)
        table.add_row(
            status.project.full_name,
            percent_words(status.claimed.percent),
            bar(status.claimed.percent, 16),
            percent_words(status.proven.percent),
            *(
                Text(str(states[state] or ""), style=STYLE[state])
                for state in (State.OVERDUE, State.BEHIND, State.DONE)
            ),
        )
    return Group(
        Text(
            f"{len(county.standings)} 个社区，截至 {county.as_of}（最需要支持的在前）", style="bold"
        ),
        Text(
            f"平均完成 {percent_words(county.percent)}，有佐证 {percent_words(county.proven)}；"
            "看一个社区用 -c 社区，看全部用 --all",
            style="dim",
        ),
        "",
        table,
        *matrix(county),
    )


def matrix(county: County) -> list[RenderableType]:
    """Build tables of communities and categories, each narrow enough for 80 columns of text."""
    parts: list[RenderableType] = []
    for first in range(0, len(county.columns), CATEGORIES_A_TABLE):
        columns = county.columns[first : first + CATEGORIES_A_TABLE]
        table = grid(
            Column("完成率 %", ratio=1),
            *(Column(code, justify="right", no_wrap=True, width=4) for code, _ in columns),
            gap=1,
        )
        for status in county.standings:
            cells = cells_of(status)
            shown = []
            for column in columns:
                cell = cells.get(column)
                if cell is None:
                    shown.append(Text("-", style="dim"))
                else:
                    mark = "!" if cell.worst is State.OVERDUE else ""
                    shown.append(Text(f"{int(cell.percent)}{mark}", style=STYLE[cell.worst]))
            table.add_row(status.project.name, *shown)
        legend = "  ".join(f"{code} {name}" for code, name in columns)
        parts += ["", table, "", Text(legend, style="dim")]
    overdue = STATE_ON_SCREEN[State.OVERDUE]
    return [*parts, Text(f"! 这一类里有{overdue}的指标；- 合同里没有这一类", style="dim")]
