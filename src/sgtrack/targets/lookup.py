"""Finds items, categories and projects by code, Chinese fragment or pinyin initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from sgtrack.model.contract import Category, Item, Project
from sgtrack.model.errors import Refused

Named = TypeVar("Named")
_NO_MATCH = 3
"""The result of :func:`_match_step` for letters that do not match."""
_OTHER_INITIALS = {
    ch: letters
    for letters, characters in {
        "ae": "阿",
        "ay": "艾",
        "bm": "秘",
        "bp": "便埔堡扁暴泊磅",
        "cd": "澄铛",
        "cj": "车",
        "cq": "仇",
        "cs": "乘刹匙参盛禅裳",
        "cx": "畜",
        "cz": "传攒曾朝查种藏重长颤",
        "ds": "单",
        "dt": "囤弹提调",
        "dz": "翟",
        "fp": "否番繁",
        "gj": "夹给贾颈",
        "gk": "咖扛",
        "hk": "会溃",
        "hx": "吓巷行",
        "jk": "槛",
        "jl": "靓",
        "jq": "圈奇将强茄",
        "jx": "校系解降",
        "kq": "卡壳",
        "ln": "弄",
        "ls": "率",
        "ly": "乐",
        "mw": "蔓",
        "nz": "粘",
        "qt": "覃",
        "qx": "纤",
        "sx": "厦宿省",
        "sz": "属折术识",
        "wy": "尉尾遗",
        "yz": "柚",
    }.items()
    for ch in characters
}
"""The initials of characters with several usual readings; archaic readings are left out."""


def pinyin_initials(text: str) -> str:
    """Return the pinyin initials of the Chinese characters in a text: ``hmbz`` for 惠民殡葬."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary is slow to load

    letters = lazy_pinyin(_han_of(text), style=Style.FIRST_LETTER, errors="ignore")
    return "".join(letters).lower()


def _all_initials(text: str) -> list[str]:
    """Return the initials of all usual readings of each Chinese character, such as zc for 朝."""
    own = pinyin_initials(text)
    han = _han_of(text)
    if len(own) != len(han):  # The dictionary lacks a rare character.
        return list(own)
    return [letter + _OTHER_INITIALS.get(ch, "") for letter, ch in zip(own, han, strict=True)]


def _han_of(text: str) -> str:
    return "".join(ch for ch in text if "\u4e00" <= ch <= "\u9fff")


def find_item(project: Project, typed: str) -> Item:
    """Return the only item that ``typed`` matches.

    Raises:
        Refused: no item matches, or several match; the message lists at most eight of them.
    """
    items = find_candidates(project, typed)
    if len(items) == 1:
        return items[0]
    if items:
        names = "、".join(f"{item.code} {item.name}" for item in items[:8])
        more = f" 等 {len(items)} 项" if len(items) > 8 else ""
        raise Refused(f"“{typed}”可以指多个服务项：{names}{more}", "请写其中一个的编号")
    raise Refused(
        f"{project.name}的合同里没有找到“{typed}”",
        "写服务项编号（如 5.1）、名称里的几个字或拼音首字母；sgtrack targets 列出全部",
    )


def find_candidates(project: Project, typed: str) -> list[Item]:
    """Return every item that ``typed`` may mean, in contract order.

    A number is the code of an item, or of a clause or category; 5。1 and 5,1 are 5.1. A clause or
    category stands for its items, except parts (其中) of one of these items.

    ASCII letters are pinyin initials of the item's name, in whole or in part. Chinese text is
    compared with the items in these steps, until a step matches any item:

    1. the whole name or a whole search word;
    2. a part of the name;
    3. a part of a search word;
    4. characters of the name, in their order;
    5. a part of the clause's text.
    """
    typed = _plain_code(typed.strip())
    if not typed:
        return []
    items = list(project.items.values())
    if typed[0].isdigit():
        if typed in project.items:
            return [project.items[typed]]
        below = [item for item in items if item.code.startswith(f"{typed}.")]
        return [item for item in below if item.part_of not in {i.code for i in below}]
    if typed.isascii():
        return _match_initials(items, typed.lower(), lambda item: item.name)
    rules: tuple[Callable[[Item], bool], ...] = (
        lambda item: item.name == typed or typed in item.words,
        lambda item: typed in item.name,
        lambda item: any(typed in word for word in item.words),
        lambda item: _in_order(typed, item.name),
        lambda item: typed in project.clauses[item.clause].text,
    )
    return _first_match(items, rules)


def _plain_code(typed: str) -> str:
    """Write a code with ASCII digits and dots; return other words as they are."""
    text = unicodedata.normalize("NFKC", typed)
    is_code = re.fullmatch(r"\d+(?:\s*[.。,、·]\s*\d+)*[.。]?", text)
    return ".".join(re.findall(r"\d+", text)) if is_code else typed


def find_category(project: Project, typed: str) -> Category | None:
    """Return the category with this code or exact name; None if no or several categories match."""
    matches = [c for c in project.categories if _plain_code(typed) in (c.code, c.name)]
    return matches[0] if len(matches) == 1 else None


def find_projects(projects: Iterable[Project], typed: str) -> list[Project]:
    """Return every project that ``typed`` may mean.

    ``typed`` is compared with the projects in these steps, until a step matches any project:

    1. the whole slug or name;
    2. the start of the slug, or a part of the names of street and community;
    3. the pinyin initials of these names, in whole or in part.
    """
    all_projects = list(projects)
    rules: tuple[Callable[[Project], bool], ...] = (
        lambda p: typed in (p.slug, p.name),
        lambda p: p.slug.startswith(typed.lower()) or typed in p.full_name,
    )
    matches = _first_match(all_projects, rules)
    if not matches and typed.isascii() and typed.isalpha():
        matches = _match_initials(all_projects, typed.lower(), lambda p: p.full_name)
    return matches


def find_project(projects: Iterable[Project], typed: str) -> Project:
    """Return the only project that ``typed`` matches; see :func:`find_projects`.

    Raises:
        Refused: no project matches, or several match.
    """
    all_projects = list(projects)
    matches = find_projects(all_projects, typed)
    if len(matches) == 1:
        return matches[0]
    names = "、".join(f"{p.slug}（{p.name}）" for p in (matches or all_projects))
    names = names or "（还没有目标文件）"
    message = f"“{typed}”可以指多个社区" if matches else f"没有社区“{typed}”"
    raise Refused(f"{message}：{names}", "请写其中一个的代号")


def _match_initials(
    candidates: list[Named], letters: str, name: Callable[[Named], str]
) -> list[Named]:
    if not letters.isalpha():
        return []
    usual = [_match_step(letters, pinyin_initials(name(one))) for one in candidates]
    any_reading = [_match_step(letters, _all_initials(name(one))) for one in candidates]
    best = min(usual, default=_NO_MATCH)
    if best == _NO_MATCH:
        usual, best = any_reading, min(any_reading, default=_NO_MATCH)
    # A better match with a rarer reading makes the letters ambiguous, so both are returned.
    return [
        one
        for one, own, rare in zip(candidates, usual, any_reading, strict=True)
        if own == best < _NO_MATCH or rare < best
    ]


def _match_step(letters: str, initials: Sequence[Collection[str]]) -> int:
    """Return how well letters match initials: 0 in whole, 1 at the start, 2 within, or 3 not."""
    for start in range(len(initials) - len(letters) + 1):
        if all(
            letter in initial for letter, initial in zip(letters, initials[start:], strict=False)
        ):
            return 2 if start else int(len(letters) < len(initials))
    return _NO_MATCH


def _first_match(
    candidates: list[Named], rules: tuple[Callable[[Named], bool], ...]
) -> list[Named]:
    for matches in rules:
        matching = [candidate for candidate in candidates if matches(candidate)]
        if matching:
            return matching
    return []


def _in_order(typed: str, name: str) -> bool:
    rest = iter(name)
    return all(ch in rest for ch in typed)
