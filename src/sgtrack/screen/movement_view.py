"""Shows a recorded or voided entry, and the indicators that it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer
from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.model.entries import short_id
from sgtrack.model.units import amount_words
from sgtrack.progress.indicator_progress import Progress
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, short_target_words
from sgtrack.screen.console import STYLE, grid, out, percent_words
from sgtrack.screen.entry_view import evidence_words, item_words

if TYPE_CHECKING:
    from sgtrack.app.log import Movement, RecordedEntry


def show_recorded(recorded: RecordedEntry, done: str = "") -> None:
    """Print an entry, the remarks on it, and the indicators that it changed.

    ``done`` is a word such as 已记录, or empty if nothing was written.
    """
    for line in (*_entry_lines(recorded, done), *_remark_lines(recorded, done)):
        typer.echo(line)
    show_movement(recorded.movement, is_explained=bool(recorded.series))


def show_effect(recorded: RecordedEntry) -> None:
    """Print the effects of recording an activity, below the draft of the activity."""
    for line in _remark_lines(recorded):
        typer.echo(line)
    show_movement(recorded.movement, is_explained=bool(recorded.series))


def show_voided(recorded: RecordedEntry, reason: str) -> None:
    """Print a voided entry with the reason, and the indicators that it changed."""
    activity = recorded.entry.activity
    item = item_words(recorded.project, activity)
    typer.echo(
        f"作废  {short_id(recorded.entry.id)}  {activity.day}  {item}  "
        f"{amount_words(activity.amounts)}  原因：{reason}"
    )
    show_movement(recorded.movement)


def _entry_lines(recorded: RecordedEntry, done: str) -> Iterator[str]:
    project, entry, activity = recorded.project, recorded.entry, recorded.entry.activity
    head = f"{done}  {short_id(entry.id)}  " if done else ""
    yield f"{head}{activity.day}  {project.name}  {item_words(project, activity)}"
    understood = f"（{'、'.join(recorded.understood)}按默认计）" if recorded.understood else ""
    words = [
        activity.title,
        amount_words(activity.amounts) + understood,
        activity.place,
        activity.activity_type,
        f"{len(activity.participants)} 个姓名" if activity.participants else "",
        "到此结束" if activity.closes else "",
        f"到场{activity.attendance}人次（不计入指标）" if activity.attendance else "",
    ]
    yield "        " + "  ".join(word for word in words if word)


def _remark_lines(recorded: RecordedEntry, done: str = "") -> Iterator[str]:
    entry = recorded.entry
    for warning in recorded.shared_files:
        yield f"注意：{warning}"
    if evidence := evidence_words(recorded.project, entry):
        yield f"        {evidence}"
    if recorded.series:
        yield f"        {recorded.series}"
    for label, text in (("成效", entry.effect), ("补记原因", entry.late_reason)):
        if text:
            yield f"        {label}：{' '.join(text.splitlines())}"
    for remark in recorded.remarks:
        yield f"注意：{remark}"
    if recorded.reported_until is not None:
        later = f"；以后补写原因：sgtrack amend {short_id(entry.id)} -r 原因"
        hint = "" if entry.reason else later if done else "，可以用 -r 写明原因"
        yield f"注意：{recorded.reported_until} 以前的简报已经发出，这条作为补记写进下一期{hint}"


def show_movement(movement: Movement, *, is_explained: bool = False) -> None:
    """Print the indicators that a write changed.

    ``is_explained`` means that a line above already explains why no indicator changed: 仍计1个.
    """
    table = movement_table(movement.before, movement.after)
    if table is not None:
        out().print(table)
    elif not is_explained:
        out().print("各项指标的数量不变")


def movement_table(before: Iterable[Progress], after: Iterable[Progress]) -> RenderableType | None:
    """Build a table of the indicators that changed, or return None if none changed."""
    table = grid(Column(""), Column("", justify="right"), "", heading=False)
    for old, new in zip(before, after, strict=True):
        if old.actual == new.actual and old.percent == new.percent:
            continue
        kind = kind_of(new.indicator)
        table.add_row(
            f"{new.item.label}（{short_target_words(new.indicator)}）",
            Text(f"{kind.moved_words(old)} → {kind.moved_words(new)}"),
            Text.assemble(
                f"{percent_words(new.percent)} ", (STATE_ON_SCREEN[new.state], STYLE[new.state])
            ),
        )
    return table if table.row_count else None
