"""The part of a brief on problems: what is overdue or behind, each indicator once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sgtrack.brief.brief_material import BriefMaterial, is_own_submission
from sgtrack.progress.indicator_progress import Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, behind_words

_LONGEST = 420
"""Maximum number of characters: with plans it should fill a page of 22 lines of 28."""
_LEVELS = ((99, True), (6, True), (4, True), (3, True), (2, True), (1, True), (0, True), (0, False))
"""How many items of a category are described, and whether the others are named.

The first level whose text fits is used.
"""
_MOST_PERIODS = 2
_TROUBLED = (State.OVERDUE, State.BEHIND)


def tell_problems(month: BriefMaterial) -> tuple[str, ...]:
    """Write one sentence for each category with indicators that are overdue or behind.

    If the text is longer than a page, only the most urgent items of each category are described;
    the others are named or, at last, counted.
    """
    urgent = [
        progress
        for progress in month.now.attention
        if progress.state in _TROUBLED and not is_own_submission(progress, month.window)
    ]
    sentences: tuple[str, ...] = ()
    for most, is_naming in _LEVELS:
        sentences = tuple(_sentences(month.now, urgent, most, is_naming=is_naming))
        if sum(map(len, sentences)) <= _LONGEST:
            break
    return sentences


def _sentences(
    now: ProjectProgress, urgent: list[Progress], most: int, *, is_naming: bool
) -> Iterable[str]:
    for category in now.categories:
        own = [p for p in urgent if p in category.indicators]
        if not own:
            continue
        counts = [(state, [p for p in own if p.state is state]) for state in _TROUBLED]
        summary = "、".join(f"{STATE_ON_SCREEN[s]}{len(some)}项" for s, some in counts if some)
        items: dict[str, list[Progress]] = {}
        for progress in own:
            items.setdefault(progress.item.code, []).append(progress)
        described, others = list(items.values())[:most], list(items.values())[most:]
        told = [_item_words(some, now.as_of) for some in described]
        if others and is_naming:
            names = "、".join(some[0].item.name for some in others)
            told.append(f"另有{names}{sum(map(len, others))}项" if described else names)
        detail = f"：{'；'.join(told)}" if told else ""
        yield f"{category.category.name}有{summary}{detail}。"


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
