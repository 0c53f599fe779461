"""Which service item a sentence speaks of, told by the contract's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from sgtrack.sentence.quantities import Quantity
from sgtrack.sentence.vocabulary import vocabulary
from sgtrack.targets.model import Item, Project
from sgtrack.units import UNITS, Measure, spoken_for

_CLAUSE_SHARE = 0.2
"""What a pair of characters of a clause's text is worth beside one of the item's own name."""
_VERBATIM = 1.0
"""What each character is worth that the sentence has in one run from the item's own name."""
_UNIT_FITS = 1.5
_UNIT_STRANGE = 1.0
_LEAST = 4.0
"""The score below which no item is told by the words."""
_NEAR = 0.85
"""An item that reaches this share of the best one's score fits as well."""
_GENERAL = re.compile(r"(?<=..)(?:服务|活动|工作|提交)$")
_PEOPLE = (Measure.VISITS, Measure.DISTINCT)


@dataclass(frozen=True, slots=True)
class Fit:
    """An item with how well a sentence fits it, and the words that say so."""

    item: Item
    score: float
    words: str


def fitting(project: Project, text: str, amounts: Iterable[Quantity]) -> list[Fit]:
    """The items a sentence may mean, the best first; several only where they fit about equally."""
    echoed = _echoed(text)
    weights = _weights(project)
    units = tuple(amounts)
    fits = [
        Fit(item, score, _evidence(item, text))
        for item in project.items.values()
        if (score := _score(project, item, text, echoed, weights, units)) >= _LEAST
    ]
    fits.sort(key=lambda fit: -fit.score)
    near = [fit for fit in fits if fit.score >= fits[0].score * _NEAR]
    return _one_of_family(project, near)


def _one_of_family(project: Project, fits: list[Fit]) -> list[Fit]:
    """Of an item and its parts the parts only where they fit better than the whole."""
    by_code = {fit.item.code: fit for fit in fits}
    dropped = set()
    for fit in fits:
        parent = by_code.get(fit.item.part_of or "")
        if parent is not None:
            worse = fit if fit.score <= parent.score else parent
            dropped.add(worse.item.code)
    return [fit for fit in fits if fit.item.code not in dropped]


def _score(
    project: Project,
    item: Item,
    text: str,
    echoed: str,
    weights: Mapping[str, float],
    amounts: tuple[Quantity, ...],
) -> float:
    name = _pairs(_GENERAL.sub("", item.name)) or _pairs(item.name)
    whole = sum(weights[pair] for pair in name)
    found = sum(weights[pair] for pair in name if pair in echoed)
    by_name = found * (0.5 + found / whole) + _VERBATIM * len(_shared(item.name, text))
    by_word = max(
        (
            sum(weights[pair] for pair in _pairs(word)) * 1.5 + _VERBATIM * len(word)
            for word in item.words
            if word in echoed
        ),
        default=0.0,
    )
    own = max(by_name, by_word)
    if not own:
        return 0.0
    clause = _pairs(project.clauses[item.clause].text) - name
    beside = sum(weights.get(pair, 1.0) for pair in clause if pair in text)
    return own + _CLAUSE_SHARE * beside + _unit_score(project, item, amounts)


def _shared(name: str, text: str) -> str:
    """The longest run of at least three characters of an item's name that the text has too."""
    for length in range(len(name), 2, -1):
        for start in range(len(name) - length + 1):
            if name[start : start + length] in text:
                return name[start : start + length]
    return ""


def _unit_score(project: Project, item: Item, amounts: tuple[Quantity, ...]) -> float:
    """Units the item counts speak for it; kinds of amounts it does not have speak against it."""
    units = project.units_of(item.code)
    score = 0.0
    for one in amounts:
        measure = UNITS[one.unit].measure
        if measure in _PEOPLE and one.unit not in ("户", "户次", "支"):
            continue
        if spoken_for(one.unit, units):
            score += _UNIT_FITS
        elif measure in (Measure.TIME, Measure.MATERIAL) or one.unit in ("户次", "支"):
            score -= _UNIT_STRANGE
    return score


def _evidence(item: Item, text: str) -> str:
    """The longest words of the sentence that the item's name or further words have."""
    best = ""
    for word in (item.name, *item.words, *_phrases_for(item)):
        for start in range(len(word)):
            end = start + max(len(best) + 1, 2)
            while end <= len(word) and word[start:end] in text:
                best = word[start:end]
                end += 1
    return best


def _phrases_for(item: Item) -> list[str]:
    own = (item.name, *item.words)
    return [
        phrase
        for meaning, phrases in vocabulary().meanings.items()
        if any(_pairs(meaning) & _pairs(word) for word in own)
        for phrase in phrases
    ]


def _echoed(text: str) -> str:
    """The sentence followed by the contract's words for what it says in others."""
    said = [
        meaning
        for meaning, phrases in vocabulary().meanings.items()
        if any(p in text for p in phrases)
    ]
    return "｜".join([text, *said])


def _weights(project: Project) -> dict[str, float]:
    """What a pair of characters tells: the fewer items have it, the more."""
    count: Counter[str] = Counter()
    for item in project.items.values():
        count.update(_pairs(item.name) | {p for word in item.words for p in _pairs(word)})
    total = len(project.items)
    whom = {pair for word in vocabulary().whom for pair in _pairs(word)}
    return {pair: log(1 + total / n) / (2 if pair in whom else 1) for pair, n in count.items()}


def _pairs(text: str) -> set[str]:
    return {
        run[n : n + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for n in range(len(run) - 1)
    }
