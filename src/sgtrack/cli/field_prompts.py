"""Questions for the fields of an activity, one function a field."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Unpack

import typer

from sgtrack.cli.prompts import DECLINED, Leaving, among, ask, key_of, offering
from sgtrack.entry.amount_parsing import AmountInput, read_amounts
from sgtrack.entry.date_parsing import read_date
from sgtrack.entry.proposal import check_day, find_type
from sgtrack.entry.text_cleaning import clean, clean_names
from sgtrack.model.errors import Refused
from sgtrack.model.units import plain
from sgtrack.model.wording import required_words
from sgtrack.targets.lookup import find_candidates, find_item

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

    from sgtrack.app.context import AppContext
    from sgtrack.model.contract import Item, Project
    from sgtrack.model.entries import Entry

_LONGEST_NAMES = 2000


def ask_item(
    project: Project,
    default: str = "",
    candidates: Sequence[Item] = (),
    **leaving: Unpack[Leaving],
) -> Item:
    """Ask for the item; list the matching items while the officer types.

    The candidates are listed with numbers, and the first one is the default answer.
    """
    listed = [f"{item.code} {item.name}" for item in candidates]
    for number, words in enumerate(listed, start=1):
        typer.echo(f"  {number}  {words}")

    def find(text: str) -> Item:
        if text.isdigit() and 0 < int(text) <= len(candidates):
            return candidates[int(text) - 1]
        return find_item(project, _coded(text))

    choose = f"写 1 到 {len(listed)} 选一个，或" if len(listed) > 1 else ""
    return find(
        ask(
            "服务项",
            find,
            default=default or (listed[0] if listed else ""),
            hint=f"{choose}写编号、几个字或拼音首字母，如 5.1、殡葬、bz；↓ 列出全部",
            completer=_items_matching(project),
            **leaving,
        )
    )


def ask_day(
    context: AppContext, project: Project, default: str = "今天", **leaving: Unpack[Leaving]
) -> str:
    """Ask for the day of an activity, which must be in the project period and not in the future."""

    def check(text: str) -> None:
        check_day(project, read_date(text, context.today, project.period), context.today)

    return ask(
        "日期",
        check,
        default=default,
        hint="今天、昨天、3-12、3月12日、周三",
        completer=among((day, "") for day in ("今天", "昨天", "前天")),
        **leaving,
    )


def ask_amount(unit: str, default: str = "", **leaving: Unpack[Leaving]) -> AmountInput | None:
    """Ask for an amount in a unit; return None if the answer is empty or 0."""

    def check(text: str) -> None:
        if text:
            _in_unit(text, unit)

    text = ask(unit, check, default=default, hint=f"多少{unit}；没有就写 0", **leaving)
    amount = _in_unit(text, unit) if text else None
    return amount if amount is not None and amount.amount else None


def _in_unit(text: str, unit: str) -> AmountInput:
    written = text if text.endswith(unit) else f"{text}{unit}"
    amounts = read_amounts([written], zero=True)
    if len(amounts) != 1 or amounts[0].unit != unit:
        raise Refused(f"“{text}”不是数量", f"只写数字，单位是{unit}")
    return amounts[0]


def ask_title(
    item: Item, default: str, earlier: Sequence[Entry] = (), **leaving: Unpack[Leaving]
) -> str:
    """Ask for the title, which a group or case must have; suggest the names of open groups."""
    closed = {e.activity.title for e in earlier if e.activity.closes}
    titles = dict.fromkeys(e.activity.title for e in earlier if e.activity.title not in closed)

    def check(text: str) -> None:
        if item.series and not text:
            raise Refused(f"{item.name}要写名称", "同一名称的多次记录只算一个")
        _check_text(text, "标题")

    return ask(
        "标题",
        check,
        default=default,
        hint="小组或个案的名称，每次都一样；↓ 列出进行中的"
        if item.series
        else "活动名称；没有按回车",
        completer=among((title, "进行中") for title in titles if item.series),
        **leaving,
    )


def ask_type(item: Item, default: str, **leaving: Unpack[Leaving]) -> str:
    """Ask for the type of an activity, which must be one of the types that the contract lists."""
    text = ask(
        "类型",
        lambda text: find_type(item.types, text) if text else None,
        default=default,
        hint="、".join(item.types),
        completer=among((name, "") for name in item.types),
        **leaving,
    )
    return find_type(item.types, text) if text else ""


def ask_names(
    default: tuple[str, ...], roster: Iterable[str] = (), **leaving: Unpack[Leaving]
) -> tuple[str, ...]:
    """Ask for the people or groups who took part; suggest the names on the roster."""

    def check(text: str) -> None:
        _check_text(text, "姓名", _LONGEST_NAMES)
        clean_names([text])

    text = ask(
        "姓名",
        check,
        default="、".join(default),
        hint="参加的人或组织，用顿号分开：甲、乙；没有就回车",
        completer=_names_after_comma(roster),
        **leaving,
    )
    return clean_names([text])


def ask_place(default: str, earlier: Sequence[Entry] = (), **leaving: Unpack[Leaving]) -> str:
    """Ask for the place; suggest the places of earlier activities."""
    places = list(dict.fromkeys(e.activity.place for e in reversed(earlier) if e.activity.place))
    return ask(
        "地点",
        lambda text: _check_text(text, "地点", 100),
        default=default,
        hint="活动地点；没有按回车",
        completer=among((name, "") for name in places),
        **leaving,
    )


def ask_files(item: Item, **leaving: Unpack[Leaving]) -> list[Path]:
    """Ask for files that prove the activity."""
    from prompt_toolkit.completion import PathCompleter

    from sgtrack.evidence.evidence_store import inspect

    def check(text: str) -> None:
        for path in dropped_files(text):
            inspect(path)

    needs = f"{required_words(item.evidence)}；" if item.evidence else ""
    text = ask(
        "佐证材料",
        check,
        hint=f"{needs}把文件拖进来，可以几个；以后再加就回车",
        completer=PathCompleter(expanduser=True),
        **leaving,
    )
    return dropped_files(text)


def _check_text(text: str, what: str, longest: int = 200) -> None:
    """Refuse a text that is too long, or that answers a yes-or-no question, such as y."""
    if key_of(text) in (*DECLINED, "y", "yes"):
        raise Refused(f"“{text}”不是{what}", "没有就清空再按回车；不记了就按 Ctrl-C")
    clean(text, what, longest)


def dropped_files(text: str, *, backslash_is_folder: bool = os.name == "nt") -> list[Path]:
    r"""Split the text that a terminal inserts when files are dropped on it.

    A name with spaces is quoted, or has a backslash before each space. On Windows a backslash
    separates folders instead, as in ``C:\照片\1.jpg``.
    """
    words = split_words(text, backslash_is_folder=backslash_is_folder)
    return [Path(word).expanduser() for word in words]


def split_words(text: str, *, backslash_is_folder: bool = os.name == "nt") -> list[str]:
    """Split a line as a shell does; a line with an unclosed quote is one word."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.quotes = "'\""
    if backslash_is_folder:
        lexer.escape = ""
    try:
        return list(lexer)
    except ValueError:
        return [text]


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


def _coded(text: str) -> str:
    """Return the code at the start of a chosen suggestion; strip final dots from other texts."""
    first, _, rest = text.strip().partition(" ")
    return first if rest and first[:1].isdigit() else text.strip().rstrip(".")


def _items_matching(project: Project) -> Completer:
    """Return a completer that suggests the matching items, each with its units."""

    def find_matches(text: str) -> Iterator[tuple[str, str, str]]:
        words = text.rstrip(".")
        for item in find_candidates(project, words) if words else project.items.values():
            yield item.code, f"{item.code} {item.name}", "、".join(project.units_of(item.code))

    return offering(find_matches)


def _names_after_comma(roster: Iterable[str]) -> Completer:
    """Return a completer for the last name of a list such as 甲、乙."""
    names = list(roster)

    def find_matches(text: str) -> Iterator[tuple[str, str, str]]:
        before, comma, last = text.rpartition("、")
        for name in names:
            if name.startswith(last) and name not in before.split("、"):
                yield f"{before}{comma}{name}", name, "名册"

    return offering(find_matches)
