"""Guided entry: asks for the fields of an activity one by one."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from sgtrack.cli.prompts import among, ask, offering
from sgtrack.entry.activity_input import ActivityInput, unit_of, units_of
from sgtrack.entry.amount_parsing import AmountInput, read_amounts
from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.proposal import check_day, find_type
from sgtrack.entry.text_cleaning import clean, clean_names
from sgtrack.model.errors import Refused
from sgtrack.model.units import UNITS, plain
from sgtrack.targets.lookup import find_candidates, find_item

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

    from sgtrack.app.context import AppContext
    from sgtrack.app.log import LogSession
    from sgtrack.model.contract import Item, Project
    from sgtrack.model.entries import Entry


def ask_activity(
    session: LogSession, typed: ActivityInput, like: ActivityInput | None
) -> ActivityInput:
    """Ask for the fields of an activity.

    The defaults come from ``typed``. Defaults that ``typed`` lacks come from the older activity
    ``like``, if the officer chooses the item of ``like``.

    Raises:
        typer.Abort: the officer pressed Ctrl-C or Ctrl-D.
    """
    project = session.project
    item = ask_item(project, like.item or "" if like else "")
    start = typed if like is None or like.item != item.code else session.merge(typed, like)
    start = replace(start, item=item.code)
    earlier = session.earlier(item.code)
    start = replace(start, day=ask_day(session.context, project, start.day or "今天"))
    start = replace(start, title=_ask_title(item, start.title or "", earlier))
    if item.types:
        activity_type = ask(
            "类型",
            lambda text: find_type(item.types, text) if text else None,
            default=start.activity_type or "",
            hint="、".join(item.types),
            completer=among((name, "") for name in item.types),
        )
        start = replace(start, activity_type=activity_type)
    units = units_of(project, item.code, start.also or ())
    participants = start.participants or ()
    if item.per_person or any(item.once(unit) for unit in units):
        text = ask(
            "姓名",
            lambda text: clean_names([text]),
            default="、".join(participants),
            hint="参加的人或组织：甲、乙；没有就回车",
        )
        participants = clean_names([text])
    start = replace(start, participants=participants)
    amounts = _ask_amounts(item, units, start, earlier)
    places = list(dict.fromkeys(e.activity.place for e in reversed(earlier) if e.activity.place))
    place = ask(
        "地点",
        lambda text: clean(text, "地点", 100),
        default=start.place or "",
        hint="在哪里；没有就回车",
        completer=among((name, "") for name in places),
    )
    files = start.evidence or tuple(_ask_files(item))
    return replace(start, place=place, amounts=amounts, evidence=files)


def ask_item(project: Project, default: str = "") -> Item:
    """Ask for the item; list the matching items while the officer types."""
    typed = ask(
        "服务项",
        lambda text: find_item(project, _coded(text)),
        default=default,
        hint="输入编号、几个字或拼音首字母，如 5.1、殡葬、bz；用上下键选",
        completer=items_matching(project),
    )
    return find_item(project, _coded(typed))


def ask_day(context: AppContext, project: Project, default: str = "今天") -> str:
    """Ask for the day of an activity, which must be in the project period and not in the future."""

    def check(text: str) -> None:
        check_day(project, read_date(text, context.today, project.period), context.today)

    return ask(
        "日期",
        check,
        default=default,
        hint="今天、昨天、3-12、3月12日、周三",
        completer=among((day, "") for day in ("今天", "昨天", "前天")),
    )


def ask_amount(unit: str, default: str = "", *, hint: str = "") -> AmountInput | None:
    """Ask for an amount in a unit; return None if the answer is empty."""

    def check(text: str) -> None:
        if text:
            _in_unit(text, unit)

    text = ask(unit, check, default=default, hint=hint or f"多少{unit}；没有就删掉，回车")
    return _in_unit(text, unit) if text else None


def _in_unit(text: str, unit: str) -> AmountInput:
    written = text if text.endswith(unit) else f"{text}{unit}"
    amounts = read_amounts([written])
    if len(amounts) != 1 or amounts[0].unit != unit:
        raise Refused(f"“{text}”不是数量", f"只写数字，单位是{unit}")
    return amounts[0]


def _ask_amounts(
    item: Item, units: tuple[str, ...], start: ActivityInput, earlier: Sequence[Entry]
) -> tuple[AmountInput, ...]:
    """Ask for an amount in each unit.

    The default is the first of these that applies:

    1. The typed amount.
    2. The number of participants, if the item counts each person only once in the unit.
    3. The usual amount of earlier entries.
    4. 1, if the unit is one of the item's own units and is implied, such as 场.
    """
    typed = {unit: amount for amount in start.amounts or () if (unit := unit_of(amount, units))}
    amounts = [a for a in start.amounts or () if unit_of(a, units) not in units]
    for unit in units:
        usual = plain(typed[unit].amount) if unit in typed else ""
        if not usual and item.once(unit) and start.participants:
            usual = str(len(start.participants))
        if not usual:
            usual = usual_amount(unit, earlier)
        if not usual and UNITS[unit].implied and unit in item.own_units:
            usual = "1"
        amount = ask_amount(unit, usual)
        if amount is not None:
            amounts.append(amount)
    return tuple(amounts)


def usual_amount(unit: str, earlier: Iterable[Entry]) -> str:
    """Return the median amount of earlier entries in a unit, or an empty text if there are none.

    If the median is not one of the amounts, return the next larger amount.
    """
    amounts = sorted(
        entry.activity.amounts[unit] for entry in earlier if unit in entry.activity.amounts
    )
    if not amounts:
        return ""
    middle = median(amounts)
    return plain(middle if middle in amounts else amounts[len(amounts) // 2])


def _ask_title(item: Item, default: str, earlier: Sequence[Entry]) -> str:
    open_titles = []
    if item.series:
        closed = {e.activity.title for e in earlier if e.activity.closes}
        open_titles = list(
            dict.fromkeys(e.activity.title for e in earlier if e.activity.title not in closed)
        )

    def check(text: str) -> None:
        if item.series and not text:
            raise Refused(f"{item.name}要写名称", "同一名称的多次记录只算一个")
        clean(text, "标题")

    hint = "小组或个案的名称，每次都一样" if item.series else "活动叫什么；没有就回车"
    return ask(
        "标题",
        check,
        default=default,
        hint=hint,
        completer=among((title, "进行中") for title in open_titles),
    )


def _ask_files(item: Item) -> list[Path]:
    from prompt_toolkit.completion import PathCompleter

    from sgtrack.evidence.evidence_store import inspect

    def check(text: str) -> None:
        for path in dropped_files(text):
            inspect(path)

    needs = f"要有{'、'.join(item.evidence)}；" if item.evidence else ""
    text = ask(
        "佐证材料",
        check,
        hint=f"{needs}把文件拖进来，可以几个；以后再加就回车",
        completer=PathCompleter(expanduser=True),
    )
    return dropped_files(text)


def dropped_files(text: str, *, backslash_is_folder: bool = os.name == "nt") -> list[Path]:
    r"""Split the text that a terminal inserts when files are dropped on it.

    A name with spaces is quoted, or has a backslash before each space. On Windows a backslash
    separates folders instead, as in ``C:\照片\1.jpg``.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.quotes = "'\""
    if backslash_is_folder:
        lexer.escape = ""
    try:
        words = list(lexer)
    except ValueError:
        words = [text]
    return [Path(word).expanduser() for word in words]


def _coded(text: str) -> str:
    """Return the code at the start of a chosen suggestion; return other texts without end dots."""
    first, _, rest = text.strip().partition(" ")
    return first if rest and first[:1].isdigit() else text.strip().rstrip(".")


def items_matching(project: Project) -> Completer:
    """Return a completer that suggests the matching items, each with its units."""

    def find_matches(text: str) -> Iterator[tuple[str, str, str]]:
        words = text.rstrip(".")
        for item in find_candidates(project, words) if words else project.items.values():
            yield item.code, f"{item.code} {item.name}", "、".join(project.units_of(item.code))

    return offering(find_matches)
