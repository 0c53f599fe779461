"""Shows the values read from a sentence, each beside the words that it was read from."""

from __future__ import annotations

from datetime import date

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from sgtrack.model.contract import Project
from sgtrack.model.units import plain
from sgtrack.screen.console import grid
from sgtrack.sentence.sentence_reader import SentenceReading


def reading_table(project: Project, reading: SentenceReading, today: date) -> RenderableType:
    """Build a table with a row for each value: label, value, and the words it was read from."""
    table = grid("", Column("", ratio=1), Column("", ratio=1), heading=False)
    if reading.day is None:
        table.add_row("日期", f"{today}（今天）", "没有写")
    elif reading.day.day is None:
        table.add_row("日期", _open("要问"), f"“{reading.day.words}”")
    else:
        table.add_row("日期", str(reading.day.day), f"“{reading.day.words}”")
    if reading.item is not None:
        table.add_row(
            "服务项",
            f"{reading.item.code} {reading.item.name}",
            f"“{reading.items[0].words}”",
        )
    else:
        fitting = "、".join(f"{fit.item.code} {fit.item.name}" for fit in reading.items)
        table.add_row("服务项", _open("要问"), fitting or "看不出来")
    for unit, read_amount in reading.amounts.items():
        table.add_row("数量", f"{plain(read_amount.amount)}{unit}", f"“{read_amount.words}”")
    for question in reading.questions:
        table.add_row("数量", _open(f"要问多少{question.unit}"), f"“{question.words}”")
    if reading.place is not None:
        table.add_row("地点", reading.place.words, "")
    if reading.title:
        table.add_row("标题", reading.title, "")
    return table


def _open(words: str) -> Text:
    return Text(words, style="yellow")
