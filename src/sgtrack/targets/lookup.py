"""Finds what the officer means: a code, a Chinese fragment or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sgtrack.model.contract import Category, Item, Project
from sgtrack.model.errors import Refused

Thing = TypeVar("Thing")


def initials(text: str) -> str:
    """The pinyin initials of the Chinese characters of a text: 惠民殡葬 is ``hmbz``."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary is slow to load

    han = "".join(ch for ch in text if "\u4e00" <= ch <= "\u9fff")
    return "".join(lazy_pinyin(han, style=Style.FIRST_LETTER, errors="ignore")).lower()


def find_item(project: Project, typed: str) -> Item:
    """The one item that ``typed`` means.

    Raises:
        Refused: none or several fit; the message lists the candidates.
    """
    found = candidates(project, typed)
    if len(found) == 1:
        return found[0]
    if found:
        listed = "、".join(f"{item.code} {item.name}" for item in found[:8])
        more = f" 等 {len(found)} 项" if len(found) > 8 else ""
        raise Refused(f"“{typed}”可以指多个服务项：{listed}{more}", "请写其中一个的编号")
    raise Refused(
        f"{project.name}的合同里没有找到“{typed}”",
        "写服务项编号（如 5.1）、名称里的几个字或拼音首字母；sgtrack targets 列出全部",
    )


def candidates(project: Project, typed: str) -> list[Item]:
    """Every item that ``typed`` may mean, in contract order.

    The first way of reading that fits anything decides: the code; the code of a clause or category;
    the exact name; part of the name; a further word; the letters of pinyin initials; the
    characters in their order; the clause's text.
    """
    typed = typed.strip()
    if not typed:
        return []
    items = list(project.items.values())
    if typed[0].isdigit():
        if typed in project.items:
            return [project.items[typed]]
        below = [item for item in items if item.code.startswith(f"{typed}.")]
        return [item for item in below if item.part_of not in {i.code for i in below}]
    if typed.isascii():
        return _by_letters(items, typed.lower(), lambda item: item.name)
    ways: tuple[Callable[[Item], bool], ...] = (
        lambda item: item.name == typed or typed in item.words,
        lambda item: typed in item.name,
        lambda item: any(typed in word for word in item.words),
        lambda item: _in_order(typed, item.name),
        lambda item: typed in project.clauses[item.clause].text,
    )
    return _first_way(items, ways)


def find_category(project: Project, typed: str) -> Category | None:
    """The category of that number or exact name, if there is just one."""
    found = [c for c in project.categories if typed in (c.code, c.name)]
    return found[0] if len(found) == 1 else None


def find_project(projects: Iterable[Project], typed: str) -> Project:
    """The community that ``typed`` means: its short name, part of its name or pinyin initials.

    Raises:
        Refused: none or several fit.
    """
    known = list(projects)
    ways: tuple[Callable[[Project], bool], ...] = (
        lambda p: typed in (p.slug, p.name),
        lambda p: p.slug.startswith(typed.lower()) or typed in p.full_name,
    )
    found = _first_way(known, ways)
    if not found and typed.isascii() and typed.isalpha():
        found = _by_letters(known, typed.lower(), lambda p: p.full_name)
    if len(found) == 1:
        return found[0]
    listed = "、".join(f"{p.slug}（{p.name}）" for p in (found or known)) or "（还没有目标文件）"
    what = f"“{typed}”可以指多个社区" if found else f"没有社区“{typed}”"
    raise Refused(f"{what}：{listed}", "请写其中一个的代号")


def _by_letters(things: list[Thing], letters: str, name: Callable[[Thing], str]) -> list[Thing]:
    if not letters.isalpha():
        return []
    written = {id(thing): initials(name(thing)) for thing in things}
    return _first_way(
        things,
        (
            lambda thing: written[id(thing)] == letters,
            lambda thing: written[id(thing)].startswith(letters),
            lambda thing: letters in written[id(thing)],
        ),
    )


def _first_way(things: list[Thing], ways: tuple[Callable[[Thing], bool], ...]) -> list[Thing]:
    for fits in ways:
        found = [thing for thing in things if fits(thing)]
        if found:
            return found
    return []


def _in_order(typed: str, name: str) -> bool:
    rest = iter(name)
    return all(ch in rest for ch in typed)
