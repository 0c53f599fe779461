"""Which service item a sentence speaks of, told by the contract's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log, sqrt

from sgtrack.model.contract import Item, Project
from sgtrack.model.units import UNITS, Measure, matching_unit
from sgtrack.sentence.phrases import CERTAIN, Phrases, groups, heard, pairs_of
from sgtrack.sentence.quantities import Quantity
from sgtrack.sentence.vocabulary import vocabulary

_OWN = 3.5
_OTHER_PART = 0.25
"""What the other part of a name such as 家庭监护与安全教育 adds to the one that is heard."""
_CLAUSE_SHARE = 0.2
"""What a pair of characters of a clause's text is worth beside one of the item's own name."""
_VERBATIM = 1.0
"""What each character is worth that the sentence has in one run from the item's own name."""
_CLAUSE_VERBATIM = 0.5
_WHOLE_NAME = 6.0
_MEANT = 4.0
"""What it is worth that a phrase stands for a word which the item's name has as a whole."""
_FORM = 9.0
_UNIT_FITS = 1.9
_OFTEN = 8
_UNIT_STRANGE = 1.0
_COUNTED = 3.0
"""What it is worth that an amount counts what the item is named for: 岗位4个, 案例1篇."""
_WHOM = 2.0
"""What it is worth that an item's name and the sentence speak of the same people."""
_OTHERS = 0.6
"""What is left of a name that is for others than those the sentence speaks of."""
_BY_CLAUSE = 0.5
_BY_CATEGORY = 0.25
_LEAST = 4.0
"""The score below which no item is told by the words."""
_NEAR = 0.87
"""An item that reaches this share of the best one's score fits as well."""
_SURE = 0.35
"""The share of an item's name that must be said, not only hinted at, for it to be sure."""
_MARKS = re.compile(r"[，。；、：！,;:｜]")
_AND = re.compile(r"[与和及、]")
_PEOPLE = (Measure.VISITS, Measure.DISTINCT)


@dataclass(frozen=True, slots=True)
class Fit:
    """An item with how well a sentence fits it, and the words that say so.

    It is not sure where only hints speak for it; then it is asked.
    """

    item: Item
    score: float
    words: str
    sure: bool


def fitting(project: Project, text: str, amounts: Iterable[Quantity]) -> list[Fit]:
    """The items a sentence may mean, the best first; several only where they fit about equally."""
    fits = [fit for fit in scored(project, text, amounts) if fit.score >= _LEAST]
    near = [fit for fit in fits if fit.score >= fits[0].score * _NEAR]
    return _one_of_family(near)


def scored(project: Project, text: str, amounts: Iterable[Quantity]) -> list[Fit]:
    """Every item of a contract with how well a sentence fits it, the best first."""
    for_others, for_theirs = heard(text)
    weights = _weights(project)
    units = tuple(amounts)
    fits = []
    for item in project.items.values():
        said = for_theirs if _is_theirs(project, item, for_others.whom) else for_others
        score = _score(project, item, said, weights, units)
        sure = _is_sure(project, item, said, weights)
        fits.append(Fit(item, score, _evidence(item, said), sure))
    return sorted(fits, key=lambda fit: -fit.score)


def _is_theirs(project: Project, item: Item, said: frozenset[str]) -> bool:
    """Whether an item is for those a sentence speaks of; both old and young are nobody's."""
    ages = vocabulary().ages
    theirs = said - ages if said >= ages else said
    return bool(theirs & _whom_of(project, item, item.name).keys())


def _one_of_family(fits: list[Fit]) -> list[Fit]:
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
    said: Phrases,
    weights: Mapping[str, float],
    amounts: tuple[Quantity, ...],
) -> float:
    own = max(_name_score(project, item, name, said, weights) for name in _names(item))
    if own <= 0:
        return 0.0
    clause = project.clauses[item.clause].text
    quoted = _shared(clause, said.text, 4)
    beside = sum(
        weights.get(pair, 1.0) for pair in _core(clause) - pairs_of(item.name) if pair in said.text
    )
    return (
        own
        + _CLAUSE_SHARE * beside
        + _CLAUSE_VERBATIM * len(quoted)
        + _unit_score(project, item, amounts)
        + _counted_score(project, item, said, amounts)
    )


def _names(item: Item) -> tuple[str, ...]:
    return (item.name, *item.words)


def _name_score(
    project: Project, item: Item, name: str, said: Phrases, weights: Mapping[str, float]
) -> float:
    """How much of a name is heard; of 家庭监护与安全教育 one part is enough, the other adds."""
    own, *others = sorted(
        (_part_score(part, said, weights) for part in _AND.split(name)), reverse=True
    )
    if not own:
        return 0.0
    if said.whom and groups(name) and not groups(name) & said.whom:
        own *= _OTHERS
    score = own + _OTHER_PART * sum(others) + _whom_score(_whom_of(project, item, name), said.whom)
    score += _VERBATIM * len(_shared(name, said.text, 3))
    if name in said.text:
        score += _WHOLE_NAME
    meant = [strength for meaning, strength in said.meanings.items() if meaning in name]
    return score + _MEANT * max(meant, default=0.0) + _form_score(name, said)


def _part_score(part: str, said: Phrases, weights: Mapping[str, float]) -> float:
    core = _core(part)
    whole = sum(weights.get(pair, 1.0) for pair in core)
    found = sum(weights.get(pair, 1.0) * said.pairs.get(pair, 0.0) for pair in core)
    share = found / whole if whole else 0.0
    return _OWN * sqrt(whole) * share * (0.5 + share)


def _is_sure(project: Project, item: Item, said: Phrases, weights: Mapping[str, float]) -> bool:
    """Whether more than hints stands for an item, and it is neither for others nor denied."""
    for_whom = _whom_of(project, item, item.name)
    others = said.whom and for_whom and not said.whom & for_whom.keys()
    if others and max(for_whom.values()) >= _BY_CLAUSE and item.name not in said.text:
        return False
    if any(meaning in name for meaning in said.denied for name in _names(item)):
        return False
    certain = {pair for pair, strength in said.pairs.items() if strength >= CERTAIN}
    meant = [meaning for meaning, strength in said.meanings.items() if strength >= CERTAIN]
    for name in _names(item):
        if any(meaning in name for meaning in meant):
            return True
        for part in _AND.split(name):
            core = _core(part)
            whole = sum(weights.get(pair, 1.0) for pair in core)
            if sum(weights.get(pair, 1.0) for pair in core & certain) >= _SURE * whole > 0:
                return True
    return False


def _form_score(name: str, said: Phrases) -> float:
    """A report, a group, a file is one whatever it is about: 县融媒报道了防溺水活动."""
    forms = vocabulary().forms
    named = any(
        form in name and all(said.pairs.get(pair, 0.0) >= 1.0 for pair in pairs_of(form))
        for form in forms
    )
    return _FORM if named else 0.0


def _whom_score(wanted: Mapping[str, float], said: frozenset[str]) -> float:
    """Whom an item and the sentence both speak of speaks for it; somebody else against it."""
    if not wanted:
        return 0.0
    sure = max(wanted.values())
    if wanted.keys() & said:
        return _WHOM * sure
    return -2 * _WHOM * sure if said else -_WHOM * sure


def _whom_of(project: Project, item: Item, name: str) -> dict[str, float]:
    """Whom an item is for: surely where its name says it, less so where only its clause does."""
    clause = project.clauses[item.clause]
    category = next(one for one in project.categories if clause in one.clauses)
    for text, sure in (
        (name, 1.0),
        (clause.text, _BY_CLAUSE),
        (category.content, _BY_CATEGORY),
    ):
        if named := groups(text):
            return dict.fromkeys(named, sure)
    return {}


def _shared(name: str, text: str, least: int) -> str:
    """The longest run of characters, of at least so many, that a name and the text share.

    It says more than for whom: 留守儿童 alone is none.
    """
    name = _without_whom(name)
    for length in range(min(len(name), len(text)), least - 1, -1):
        for start in range(len(name) - length + 1):
            run = name[start : start + length]
            if "｜" not in run and run in text and pairs_of(_bare(run)):
                return run
    return ""


def _unit_score(project: Project, item: Item, amounts: tuple[Quantity, ...]) -> float:
    """Units the item counts speak for it; kinds of amounts it does not have speak against it."""
    units = project.units_of(item.code)
    score = 0.0
    for one in amounts:
        if one.each:
            continue
        measure = UNITS[one.unit].measure
        if measure in _PEOPLE and one.unit not in ("户", "户次", "支"):
            continue
        if matching_unit(one.unit, units):
            score += _UNIT_FITS * _rarity(project, matching_unit(one.unit, units) or one.unit)
        elif measure in (Measure.TIME, Measure.MATERIAL) or one.unit in ("户次", "支"):
            score -= _UNIT_STRANGE
    return score


def _rarity(project: Project, unit: str) -> float:
    """What a unit tells beside one that every eighth item has: 学时 says more than 次."""
    total = len(project.items)
    having = sum(unit in project.units_of(code) for code in project.items)
    return max(1.0, log(1 + total / having) / log(1 + _OFTEN))


def _counted_score(
    project: Project, item: Item, said: Phrases, amounts: tuple[Quantity, ...]
) -> float:
    """What was counted tells more than what was spoken of beside it."""
    units = project.units_of(item.code)
    named = _core(item.name)
    for one in amounts:
        if one.each or UNITS[one.unit].measure is not Measure.WORKS:
            continue
        at = said.text.find(one.words)
        if at < 0 or not matching_unit(one.unit, units):
            continue
        before = _MARKS.split(said.text[:at])[-1][-5:]
        after = _MARKS.split(said.text[at + len(one.words) :])[0][:5]
        if named & (pairs_of(before) | pairs_of(after)):
            return _COUNTED
    return 0.0


def _evidence(item: Item, said: Phrases) -> str:
    """The longest words of the sentence that the item's name or what stands for it has."""
    own = _names(item)
    meant = [
        phrase
        for meaning, phrases in said.phrases.items()
        if any(pairs_of(meaning) & pairs_of(word) for word in own)
        for phrase in phrases
    ]
    best = ""
    for word in (*own, *sorted(meant)):
        for start in range(len(word)):
            end = start + max(len(best) + 1, 2)
            while end <= len(word) and word[start:end] in said.text:
                best = word[start:end]
                end += 1
    return best


def _weights(project: Project) -> dict[str, float]:
    """What a pair of characters tells: the fewer items have it, the more."""
    count: Counter[str] = Counter()
    for item in project.items.values():
        count.update({pair for name in (item.name, *item.words) for pair in _core(name)})
    total = len(project.items)
    return {pair: log(1 + total / n) for pair, n in count.items()}


@cache
def _core(name: str) -> frozenset[str]:
    """The pairs of characters of a name that do not say for whom, nor what every name says."""
    if core := pairs_of(_bare(name)):
        return frozenset(core)
    little = {pair for word in _told() if word in name for pair in pairs_of(word)}
    return frozenset(pairs_of(name) - little)


@cache
def _bare(name: str) -> str:
    """A name with a mark for every word that says for whom, or what every name says."""
    return re.sub("|".join(_told()), "｜", name)


@cache
def _without_whom(name: str) -> str:
    """A name with a mark for every word that says for whom."""
    words = {word for group in vocabulary().whom.values() for word in group}
    return re.sub("|".join(sorted(words, key=len, reverse=True)), "｜", name)


@cache
def _told() -> tuple[str, ...]:
    words = vocabulary()
    whom = {word for group in words.whom.values() for word in group}
    units = {unit for unit in UNITS if len(unit) > 1}
    return tuple(sorted(units.union(words.everywhere, whom), key=len, reverse=True))
