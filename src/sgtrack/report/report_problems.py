"""Describes the overdue and late indicators of a contract, one sentence for each category."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sgtrack.model.wording import PROJECT_ENDED
from sgtrack.progress.indicator_progress import CategoryProgress, Progress, ProjectProgress, State
from sgtrack.progress.kinds import kind_of
from sgtrack.progress.progress_wording import STATE_ON_SCREEN, behind_words, gap_words, lack_words

_TROUBLED = (State.OVERDUE, State.BEHIND)


def describe_problems(now: ProjectProgress) -> tuple[str, ...]:
    """Return a sentence for each category with indicators that are overdue or behind.

    An example is 提供救助服务：滞后1项（入户访视完成10人次，序时应完成25人次）.
    After the end of the project, only what is missing is named.
    """
    has_ended = now.as_of >= now.project.period.end
    lines = (_sentence(category, now, has_ended=has_ended) for category in now.categories)
    return tuple(line for line in lines if line)


def _sentence(category: CategoryProgress, now: ProjectProgress, *, has_ended: bool) -> str:
    parts = []
    if has_ended:
        missed = [p for p in category.indicators if p.state not in (State.DONE, State.ENDED)]
        if missed:
            parts = [f"{PROJECT_ENDED}未完成{len(missed)}项（{_listed(missed)}）"]
    else:
        for state in _TROUBLED:
            chosen = [p for p in category.indicators if p.state is state]
            if chosen:
                words = _listed(chosen) if state is State.OVERDUE else _listed(chosen, now.as_of)
                parts.append(f"{STATE_ON_SCREEN[state]}{len(chosen)}项（{words}）")
    return f"{category.category.name}：{'；'.join(parts)}。" if parts else ""


def _listed(some: Iterable[Progress], as_of: date | None = None) -> str:
    """Name each item with all that it lacks, compared with the pace of ``as_of`` if given."""
    lacks: dict[str, list[str]] = {}
    for progress in some:
        has_pace = kind_of(progress.indicator).has_pace
        words = behind_words(progress, as_of) if as_of and has_pace else gap_words(progress)
        lacks.setdefault(progress.item.name, []).append(words)
    return "；".join(f"{name}{'，'.join(words)}" for name, words in lacks.items())


def describe_shortfalls(now: ProjectProgress) -> tuple[str, ...]:
    """Write sentences about indicators that are overdue or due soon, then about others behind."""
    sentences = [
        f"{progress.item.label}：{lack_words(progress, now.as_of)}。"
        for progress in now.attention
        if progress.state is State.OVERDUE or progress.near
    ]
    for category in now.categories:
        items: dict[str, list[str]] = {}
        for progress in category.indicators:
            if progress.state is State.BEHIND and not progress.near:
                words = behind_words(progress, now.as_of)
                items.setdefault(progress.item.name, []).append(words)
        if items:
            listed = "；".join(f"{name}{'，'.join(words)}" for name, words in items.items())
            sentences.append(f"{category.category.name}方面进度滞后：{listed}。")
    return tuple(sentences)
