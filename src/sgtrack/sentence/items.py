"""Which service item a sentence speaks of, told by the contract's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log, sqrt

from sgtrack.sentence.places import find_place
from sgtrack.sentence.quantities import Quantity
from sgtrack.sentence.vocabulary import vocabulary
from sgtrack.targets.model import Item, Project
from sgtrack.units import UNITS, Measure, spoken_for

_OWN = 3.5
_CLAUSE_SHARE = 0.2
"""What a pair of characters of a clause's text is worth beside one of the item's own name."""
_VERBATIM = 1.0
"""What each character is worth that the sentence has in one run from the item's own name."""
_CLAUSE_VERBATIM = 0.5
_HINT = 0.4
"""What a pair of characters is worth that only a hint of the vocabulary stands for."""
_WHOLE_NAME = 6.0
_UNIT_FITS = 1.5
_UNIT_STRANGE = 1.0
_LEAST = 4.0
"""The score below which no item is told by the words."""
_NEAR = 0.87
"""An item that reaches this share of the best one's score fits as well."""
_WHOM = 2.0
_FORM = 5.0
_LOOSE = re.compile(
    r"“[^”]*”|《[^》]*》|(?:[^，。；、]{1,8}、)+[^，。；、]{1,8}等(?=[\u4e00-\u9fff]{2})"
)
"""Titles, and what is listed before 等: they tell less than the words around them."""
_LOOSELY = 0.7
_ASIDE = re.compile(
    r"(?:结合|根据|依据|通过|经过)前期[^，。；]*|对照[^，。；把将]*|焦点小组|"
    r"(?:涵盖|包括|包含)[^，。；]*"
)
"""What came before, and what something has in it: neither is what was done."""
_PEOPLE = (Measure.VISITS, Measure.DISTINCT)


@dataclass(frozen=True, slots=True)
class Fit:
    """An item with how well a sentence fits it, and the words that say so."""

    item: Item
    score: float
    words: str


def fitting(project: Project, text: str, amounts: Iterable[Quantity]) -> list[Fit]:
    """The items a sentence may mean, the best first; several only where they fit about equally."""
    fits = [fit for fit in scored(project, text, amounts) if fit.score >= _LEAST]
    near = [fit for fit in fits if fit.score >= fits[0].score * _NEAR]
    return _one_of_family(project, near)


def scored(project: Project, text: str, amounts: Iterable[Quantity]) -> list[Fit]:
    """Every item of a contract with how well a sentence fits it, the best first."""
    place = find_place(text)
    told = _ASIDE.sub("｜", text.replace(place.words, "｜") if place else text)
    told = _actors().sub("｜", told)
    heard = _heard(told)
    weights = _weights(project)
    units = tuple(amounts)
    fits = [
        Fit(item, _score(project, item, told, heard, weights, units), _evidence(item, told))
        for item in project.items.values()
    ]
    return sorted(fits, key=lambda fit: -fit.score)


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
    heard: Mapping[str, float],
    weights: Mapping[str, float],
    amounts: tuple[Quantity, ...],
) -> float:
    own = max(_name_score(name, text, heard, weights) for name in (item.name, *item.words))
    if not own:
        return 0.0
    clause = project.clauses[item.clause].text
    quoted = _shared(clause, text, 4)
    beside = sum(
        weights.get(pair, 1.0) for pair in _core(clause) - _pairs(item.name) if pair in text
    )
    return (
        own
        + _CLAUSE_SHARE * beside
        + _CLAUSE_VERBATIM * len(quoted)
        + _unit_score(project, item, amounts)
    )


def _name_score(
    name: str, text: str, heard: Mapping[str, float], weights: Mapping[str, float]
) -> float:
    core = _core(name)
    whole = sum(weights[pair] for pair in core)
    found = sum(weights[pair] * heard.get(pair, 0.0) for pair in core)
    if not found:
        return 0.0
    said = _VERBATIM * len(_shared(name, text, 3))
    if name in text:
        said += _WHOLE_NAME
    share = found / whole
    own = _OWN * sqrt(whole) * share * (0.5 + share)
    return own + said + _whom_score(name, text) + _form_score(name, heard)


def _form_score(name: str, heard: Mapping[str, float]) -> float:
    """A report, a group, a file is one whatever it is about: 县融媒报道了防溺水活动."""
    forms = vocabulary().forms
    named = any(
        form in name and all(heard.get(pair, 0.0) == 1.0 for pair in _pairs(form)) for form in forms
    )
    return _FORM if named else 0.0


def _whom_score(name: str, text: str) -> float:
    """Whom a name and the sentence both speak of speaks for it; somebody else against it."""
    whom = vocabulary().whom
    wanted = {who for who, words in whom.items() if any(word in name for word in words)}
    said = {who for who, words in whom.items() if any(word in text for word in words)}
    if not wanted:
        return 0.0
    return _WHOM if wanted & said else -2 * _WHOM if said else -_WHOM


def _shared(name: str, text: str, least: int) -> str:
    """The longest run of characters, of at least so many, that a name and the text share.

    It says more than for whom: 留守儿童 alone is none.
    """
    for length in range(min(len(name), len(text)), least - 1, -1):
        for start in range(len(name) - length + 1):
            run = name[start : start + length]
            if run in text and _pairs(_bare(run)):
                return run
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
        for lists in (vocabulary().meanings, vocabulary().hints)
        for meaning, phrases in lists.items()
        if any(_pairs(meaning) & _pairs(word) for word in own)
        for phrase in phrases
    ]


def _heard(text: str) -> dict[str, float]:
    """The pairs of characters of a sentence, and of the contract's words for what it says.

    Each has its strength: 1 where the sentence or a sure phrase says it, less for a hint.
    """
    heard: dict[str, float] = {}
    words = vocabulary()
    for part, share in ((text, _LOOSELY), (_LOOSE.sub("｜", text), 1.0)):
        said = [(pair, share) for pair in _pairs(part)]
        for strength, lists in ((1.0, words.meanings), (_HINT, words.hints)):
            for meaning, phrases in lists.items():
                if any(phrase in part for phrase in phrases):
                    said += [(pair, strength * share) for pair in _pairs(meaning)]
        for pair, strong in said:
            heard[pair] = max(heard.get(pair, 0.0), strong)
    return heard


def _weights(project: Project) -> dict[str, float]:
    """What a pair of characters tells: the fewer items have it, the more."""
    count: Counter[str] = Counter()
    for item in project.items.values():
        count.update({pair for name in (item.name, *item.words) for pair in _core(name)})
    total = len(project.items)
    return {pair: log(1 + total / n) for pair, n in count.items()}


@cache
def _actors() -> re.Pattern[str]:
    """Those who did it, as they are listed: 社区、社工、志愿者、社会组织五方."""
    one = f"(?:{'|'.join(sorted(vocabulary().actors, key=len, reverse=True))})"
    return re.compile(rf"{one}(?:[、和与及]{one})+")


@cache
def _core(name: str) -> frozenset[str]:
    """The pairs of characters of a name that do not say for whom, nor what every name says."""
    if core := _pairs(_bare(name)):
        return frozenset(core)
    little = {pair for word in _told() if word in name for pair in _pairs(word)}
    return frozenset(_pairs(name) - little)


@cache
def _bare(name: str) -> str:
    """A name with a mark for every word that says for whom, or what every name says."""
    return re.sub("|".join(_told()), "｜", name)


@cache
def _told() -> tuple[str, ...]:
    words = vocabulary()
    whom = {word for group in words.whom.values() for word in group}
    units = {unit for unit in UNITS if len(unit) > 1}
    return tuple(sorted(units.union(words.everywhere, whom), key=len, reverse=True))


def _pairs(text: str) -> set[str]:
    return {
        run[n : n + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for n in range(len(run) - 1)
    }
