"""The part of a brief on problems: the indicators that are overdue or behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sgtrack.brief.brief_material import BriefMaterial
from sgtrack.progress.indicator_progress import Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, behind_words

_LONGEST = 380
"""Maximum number of characters, without the officer's causes."""
_LEVELS = ((99, True), (6, True), (4, True), (3, True), (2, True), (1, True), (0, True), (0, False))
"""How many items of a category are described, and whether the others are named.

The first pair whose text fits is used.
"""
_FEW = 8
"""Maximum number of indicators that are grouped by state; more are grouped by category."""
_MOST_PERIODS = 2
_TROUBLED = (State.OVERDUE, State.BEHIND)


def compose_problems(month: BriefMaterial) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Describe the overdue and late indicators, in a sentence for each state or category.

    If the text is too long, only the most urgent items of each category are described; the others
    are named or, at last, counted. A cause that the officer wrote as ``5.1：原因`` stands behind
    its item.

    Returns:
        The sentences, and the paragraphs on causes that belong to no item described in them.
    """
    urgent = [progress for progress in month.now.attention if progress.state in _TROUBLED]
    causes, others = _assign_causes(month)
    sentences: tuple[str, ...] = ()
    for most, is_naming in _LEVELS:
        sentences = tuple(_sentences(month.now, urgent, most, causes, is_naming=is_naming))
        if sum(map(len, sentences)) - sum(map(len, causes.values())) <= _LONGEST:
            break
    told = {progress.item.code for progress in urgent}
    items = month.project.items
    others += [
        f"{items[code].name}：{cause}。" for code, cause in causes.items() if code not in told
    ]
    return sentences, tuple(others)


def _sentences(
    now: ProjectProgress,
    urgent: list[Progress],
    most: int,
    causes: Mapping[str, str],
    *,
    is_naming: bool,
) -> Iterable[str]:
    for name, own in _group(now, urgent):
        counts = [(state, [p for p in own if p.state is state]) for state in _TROUBLED]
        summary = "、".join(f"{STATE_ON_SCREEN[s]}{len(some)}项" for s, some in counts if some)
        items: dict[str, list[Progress]] = {}
        for progress in own:
            items.setdefault(progress.item.code, []).append(progress)
        described = [
            some for n, some in enumerate(items.values()) if n < most or some[0].item.code in causes
        ]
        others = [some for some in items.values() if some not in described]
        told = [
            _item_words(some, now.as_of) + (f"（原因：{cause}）" if cause else "")
            for some in described
            for cause in [causes.get(some[0].item.code)]
        ]
        if others and is_naming:
            names = "、".join(some[0].item.name for some in others)
            told.append(f"另有{names}{sum(map(len, others))}项" if described else names)
        detail = f"：{'；'.join(told)}" if told else ""
        yield f"{name}{summary}{detail}。"


def _group(now: ProjectProgress, urgent: list[Progress]) -> Iterable[tuple[str, list[Progress]]]:
    """Group at most ``_FEW`` indicators by state, with an empty name, and more by category."""
    if len(urgent) <= _FEW:
        groups = [("", [p for p in urgent if p.state is state]) for state in _TROUBLED]
    else:
        groups = [
            (category.category.name, [p for p in urgent if p in category.indicators])
            for category in now.categories
        ]
    return [(name, own) for name, own in groups if own]


def _assign_causes(month: BriefMaterial) -> tuple[dict[str, str], list[str]]:
    """Return the officer's causes by item code, and her paragraphs that name no item."""
    names = {
        name: item.code
        for item in month.project.items.values()
        for name in (item.code, item.name, item.label)
    }
    causes: dict[str, str] = {}
    others: list[str] = []
    for paragraph in month.texts.under("原因分析"):
        name, _, cause = paragraph.replace(":", "：", 1).partition("：")
        code = names.get(name.strip())
        if code and cause.strip():
            cause = cause.strip().rstrip("。")
            causes[code] = f"{causes[code]}；{cause}" if code in causes else cause
        else:
            others.append(paragraph)
    return causes, others


def _item_words(some: list[Progress], as_of: date) -> str:
    """Describe an item with all that it lacks: 为老关爱活动2月尚缺1场."""
    words = []
    for progress in some:
        has_pace = kind_of(progress.indicator).has_pace and progress.state is State.BEHIND
        if has_pace:
            words.append(behind_words(progress, as_of))
        else:
            words.append(kind_of(progress.indicator).gap_words(progress, _MOST_PERIODS))
    name = "" if some[0].item.is_brief else some[0].item.name
    return name + "，".join(dict.fromkeys(words))
