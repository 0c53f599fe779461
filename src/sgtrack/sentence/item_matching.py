"""Finds the service items of a contract that a sentence may mean, by the words of the contract."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import fsum, log, sqrt

from sgtrack.model.contract import Item, Project
from sgtrack.model.units import UNITS, Measure, matching_unit
from sgtrack.sentence.item_names import bare_name, core_of, names_of, without_groups
from sgtrack.sentence.phrases import CERTAIN, Phrases, mentioned_groups, pairs_of, read_phrases
from sgtrack.sentence.quantities import Quantity
from sgtrack.sentence.vocabulary import vocabulary

_OWN = 3.5
"""The factor for the score of the character pairs in an item's name."""
_OTHER_PART = 0.25
"""The factor for the scores of the weaker parts of a name such as 家庭监护与安全教育."""
_CLAUSE_SHARE = 0.2
"""The factor for the weight of character pairs of the clause that the item's name lacks."""
_VERBATIM = 1.0
"""The score for each character of the longest substring shared with an item's name."""
_CLAUSE_VERBATIM = 0.5
"""The score for each character of the longest substring shared with the clause."""
_WHOLE_NAME = 6.0
"""The score for a sentence that contains the whole name."""
_MEANT = 4.0
"""The score for a phrase that stands for a word of the item's name."""
_FORM = 9.0
"""The score for a form of work (小组, 报道) that the sentence and the item's name state."""
_SESSION = 1.8
"""The factor for ``_FORM`` if the sentence also has the number of a session: 小组第二节."""
_NUMBERED = re.compile(
    r"(?:小组|个案)(?:活动|服务)?[，｜\s（(]?第[一二三四五六七八九十\d]{1,2}[节次期]"
    r"|第[一二三四五六七八九十\d]{1,2}[节次期](?:小组|个案)"
)
_UNIT_FITS = 1.9
"""The minimum score for an amount in a unit of the item."""
_OFTEN = 8
"""The rarity of a unit is 1 if one in this many items uses the unit."""
_UNIT_STRANGE = 1.0
"""The penalty for an amount in a distinctive unit, such as 小时, that the item does not have."""
_COUNTED = 3.0
"""The score for an amount that counts the noun in the item's name: 岗位4个, 案例1篇."""
_WHOM = 2.0
"""The score if the item and the sentence name the same group of people."""
_OTHERS = 0.6
"""The factor for the score of a name that mentions only groups that the sentence lacks."""
_BY_CLAUSE = 0.5
"""The certainty (0 to 1) of a group of people that the clause mentions, but not the name."""
_BY_CATEGORY = 0.25
"""The certainty (0 to 1) of a group of people that only the category mentions."""
_LEAST = 4.0
"""The minimum score of a match."""
_NEAR = 0.87
"""The minimum score of a further match, as a share of the best score."""
_SURE = 0.35
"""The minimum share of a part of an item's name that the sentence must state for a sure match."""
_NAMED = 0.5
"""The minimum share of an item's name that a text must contain to state the name."""
_MARKS = re.compile(r"[，。；、：！,;:｜]")
_AND = re.compile(r"[与和及、]")
_PEOPLE = (Measure.VISITS, Measure.DISTINCT)


@dataclass(frozen=True, slots=True)
class ItemMatch:
    """An item with its score, and the words of the sentence that support the match.

    ``sure`` is false if the officer must be asked, for example because only hints support the
    match.
    """

    item: Item
    score: float
    words: str
    sure: bool


def match_items(project: Project, text: str, amounts: Iterable[Quantity]) -> list[ItemMatch]:
    """Return the best match for a sentence and all matches with a similar score, the best first.

    Leave out matches below ``_LEAST``. Of an item and its part, return only the better match.
    """
    matches = [match for match in score_items(project, text, amounts) if match.score >= _LEAST]
    near = [match for match in matches if match.score >= matches[0].score * _NEAR]
    return _without_family(near)


def codes_like_dates(project: Project, matches: Sequence[ItemMatch]) -> dict[str, bool]:
    """Return the codes that a number such as 5.1 in a sentence may be instead of a date.

    If the sentence surely is about one item, only the code of this item or of its clause is
    returned, with true: the number is this code. Otherwise all codes are returned, with false: the
    number may be a code or a date.
    """
    sure = len(matches) == 1 and matches[0].sure
    codes = [matches[0].item.code] if sure else list(project.items)
    return {".".join(code.split(".")[:2]): sure for code in codes}


def score_items(project: Project, text: str, amounts: Iterable[Quantity]) -> list[ItemMatch]:
    """Score every item of a contract for a sentence, the best first."""
    return score_phrases(project, *read_phrases(text), amounts)


def score_phrases(
    project: Project, for_others: Phrases, for_theirs: Phrases, amounts: Iterable[Quantity]
) -> list[ItemMatch]:
    """Score every item of a contract for the phrases of a text, the best first."""
    weights = _weights(project)
    units = tuple(amounts)
    matches = []
    # A sentence that mentions all age groups is about no particular age group.
    whom, ages = for_others.whom, vocabulary().ages
    theirs = whom - ages if whom >= ages else whom
    for item in project.items.values():
        is_theirs = theirs & _whom_of(project, item, item.name).keys()
        phrases = for_theirs if is_theirs else for_others
        score = _score(project, item, phrases, weights, units)
        sure = _is_sure(project, item, phrases, weights)
        matches.append(ItemMatch(item, score, _evidence(item, phrases), sure))
    return sorted(matches, key=lambda match: -match.score)


def _without_family(matches: list[ItemMatch]) -> list[ItemMatch]:
    """Drop the worse match if both an item and its part match; at equal scores, drop the part."""
    by_code = {match.item.code: match for match in matches}
    dropped = set()
    for match in matches:
        parent = by_code.get(match.item.part_of or "")
        if parent is not None:
            worse = match if match.score <= parent.score else parent
            dropped.add(worse.item.code)
    return [match for match in matches if match.item.code not in dropped]


def _score(
    project: Project,
    item: Item,
    phrases: Phrases,
    weights: Mapping[str, float],
    amounts: tuple[Quantity, ...],
) -> float:
    own = max(_name_score(project, item, name, phrases, weights) for name in names_of(item))
    if own <= 0:
        return 0.0
    clause = project.clauses[item.clause].text
    quoted = _shared(clause, phrases.text, 4)
    others = core_of(clause) - pairs_of(item.name)
    beside = fsum(weights.get(pair, 1.0) for pair in others if pair in phrases.text)
    return (
        own
        + _CLAUSE_SHARE * beside
        + _CLAUSE_VERBATIM * len(quoted)
        + _unit_score(project, item, amounts)
        + _counted_score(project, item, phrases, amounts)
    )


def _name_score(
    project: Project, item: Item, name: str, phrases: Phrases, weights: Mapping[str, float]
) -> float:
    """Score how well a name of an item fits the sentence.

    家庭监护与安全教育 has two parts. The best part counts in full, and further parts count by the
    factor ``_OTHER_PART``.
    """
    own, *others = sorted(
        (_part_score(part, phrases, weights) for part in _AND.split(name)), reverse=True
    )
    if not own:
        return 0.0
    if phrases.whom and mentioned_groups(name) and not mentioned_groups(name) & phrases.whom:
        own *= _OTHERS
    score = own + _OTHER_PART * sum(others)
    score += _whom_score(_whom_of(project, item, name), phrases.whom)
    score += _VERBATIM * len(_shared(name, phrases.text, 3))
    if name in phrases.text:
        score += _WHOLE_NAME
    matching = [strength for meaning, strength in phrases.meanings.items() if meaning in name]
    return score + _MEANT * max(matching, default=0.0) + _form_score(name, phrases)


def _part_score(part: str, phrases: Phrases, weights: Mapping[str, float]) -> float:
    core = core_of(part)
    whole = fsum(weights.get(pair, 1.0) for pair in core)
    matched = fsum(weights.get(pair, 1.0) * phrases.pairs.get(pair, 0.0) for pair in core)
    share = matched / whole if whole else 0.0
    return _OWN * sqrt(whole) * share * (0.5 + share)


def _is_sure(project: Project, item: Item, phrases: Phrases, weights: Mapping[str, float]) -> bool:
    """Return whether a sentence names an item so clearly that the officer need not be asked.

    The sentence must contain a phrase for a word of the item's name, or enough of the name itself.
    Return False if the sentence says that the activity did not take place. Return False also if the
    sentence is about another group of people and does not contain the item's name.
    """
    for_whom = _whom_of(project, item, item.name)
    if not phrases.whom and _is_for_an_age(item, for_whom) and item.name not in phrases.text:
        return False  # 组织居民应急演练 does not say that 安全教育 is for children.
    if item.name in vocabulary().actors:  # 社会组织 in 5支社会组织排练 names only the actors
        evidence = phrases.phrases.get(item.name, frozenset())
        if all(words in item.name for words in evidence):
            return False
    others = phrases.whom and for_whom and not phrases.whom & for_whom.keys()
    if others and max(for_whom.values()) >= _BY_CLAUSE and item.name not in phrases.text:
        return False
    if any(meaning in name for meaning in phrases.denied for name in names_of(item)):
        return False
    certain = {pair for pair, strength in phrases.pairs.items() if strength >= CERTAIN}
    matching = [meaning for meaning, strength in phrases.meanings.items() if strength >= CERTAIN]
    for name in names_of(item):
        if any(meaning in name for meaning in matching):
            return True
        for part in _AND.split(name):
            # In 谈到就业问题, a single pair of 实现就业 says little.
            enough = len(core_of(part) & certain) > 1 or core_of(part) <= certain
            if enough and _named_share(part, certain, weights) >= _SURE:
                return True
    return False


def _is_for_an_age(item: Item, for_whom: Mapping[str, float]) -> bool:
    """Return whether an item is only for old people or children and names no form of work."""
    words = vocabulary()
    return 0 < len(for_whom.keys() & words.ages) == len(for_whom) and not any(
        form in item.name for form in words.forms
    )


def is_named(project: Project, item: Item, text: str) -> bool:
    """Return whether a text states most of a name of an item, in the words of the contract."""
    weights, pairs = _weights(project), pairs_of(text)
    return any(_named_share(name, pairs, weights) >= _NAMED for name in names_of(item))


def _named_share(name: str, pairs: Set[str], weights: Mapping[str, float]) -> float:
    """Return the share of the weight of a name's character pairs that ``pairs`` contains."""
    core = core_of(name)
    whole = fsum(weights.get(pair, 1.0) for pair in core)
    return fsum(weights.get(pair, 1.0) for pair in core & pairs) / whole if whole else 0.0


def _form_score(name: str, phrases: Phrases) -> float:
    """Return a score if the sentence states a form of work that the name contains, else 0.

    In 县融媒报道了防溺水活动, the form 报道 outweighs the topic.
    """
    is_stated = any(
        form in name and all(phrases.pairs.get(pair, 0.0) >= 1.0 for pair in pairs_of(form))
        for form in vocabulary().forms
    )
    if not is_stated:
        return 0.0
    is_session = ("小组" in name or "个案" in name) and _NUMBERED.search(phrases.text)
    return _FORM * (_SESSION if is_session else 1)


def _whom_score(item_groups: Mapping[str, float], mentioned: frozenset[str]) -> float:
    """Return a positive score if the sentence mentions a group of people that the item is for.

    Otherwise return a negative score, which is lower if the sentence mentions other groups. An item
    for no particular group gets 0.
    """
    if not item_groups:
        return 0.0
    sure = max(item_groups.values())
    if item_groups.keys() & mentioned:
        return _WHOM * sure
    return -2 * _WHOM * sure if mentioned else -_WHOM * sure


def _whom_of(project: Project, item: Item, name: str) -> dict[str, float]:
    """Map each group of people that an item is for to its certainty.

    The groups come from the first text that mentions any: the name, the clause or the category.
    """
    clause = project.clauses[item.clause]
    category = next(q for q in project.categories if clause in q.clauses)
    texts = ((name, 1.0), (clause.text, _BY_CLAUSE), (category.content, _BY_CATEGORY))
    for text, sure in texts:
        if groups := mentioned_groups(text):
            return dict.fromkeys(groups, sure)
    return {}


def _shared(name: str, text: str, least: int) -> str:
    """Return the longest common substring of a name and a text, or an empty string.

    The substring has at least ``least`` characters. It contains no word for a group of people
    (留守儿童), and more than generic words.
    """
    name = without_groups(name)
    for length in range(min(len(name), len(text)), least - 1, -1):
        for start in range(len(name) - length + 1):
            run = name[start : start + length]
            if "｜" not in run and run in text and pairs_of(bare_name(run)):
                return run
    return ""


def _unit_score(project: Project, item: Item, amounts: tuple[Quantity, ...]) -> float:
    """Score the units of the amounts.

    A unit of the item adds to the score. A distinctive unit that the item does not have, such as
    小时, subtracts. Amounts per event and amounts in 人 or 人次 are ignored.
    """
    units = project.units_of(item.code)
    score = 0.0
    for quantity in amounts:
        if quantity.each:
            continue
        measure = UNITS[quantity.unit].measure
        if measure in _PEOPLE and quantity.unit not in ("户", "户次", "支"):
            continue
        if unit := matching_unit(quantity.unit, units):
            items_with_unit = sum(unit in project.units_of(code) for code in project.items)
            rarity = log(1 + len(project.items) / items_with_unit) / log(1 + _OFTEN)
            score += _UNIT_FITS * max(1.0, rarity)
        elif measure in (Measure.TIME, Measure.MATERIAL) or quantity.unit in ("户次", "支"):
            score -= _UNIT_STRANGE
    return score


def _counted_score(
    project: Project, item: Item, phrases: Phrases, amounts: tuple[Quantity, ...]
) -> float:
    """Return a score if an amount counts a noun in the item's name: 岗位4个."""
    units = project.units_of(item.code)
    own_pairs = core_of(item.name)
    for quantity in amounts:
        if quantity.each or UNITS[quantity.unit].measure is not Measure.WORKS:
            continue
        at = phrases.text.find(quantity.words)
        if at < 0 or not matching_unit(quantity.unit, units):
            continue
        before = _MARKS.split(phrases.text[:at])[-1][-5:]
        after = _MARKS.split(phrases.text[at + len(quantity.words) :])[0][:5]
        if own_pairs & (pairs_of(before) | pairs_of(after)):
            return _COUNTED
    return 0.0


def _evidence(item: Item, phrases: Phrases) -> str:
    """Return the longest substring of the sentence that supports the item, or an empty string."""
    own = names_of(item)
    matching = [
        expression
        for meaning, expressions in phrases.phrases.items()
        if any(pairs_of(meaning) & pairs_of(word) for word in own)
        for expression in expressions
    ]
    best = ""
    for word in (*own, *sorted(matching)):
        for start in range(len(word)):
            end = start + max(len(best) + 1, 2)
            while end <= len(word) and word[start:end] in phrases.text:
                best = word[start:end]
                end += 1
    return best


def _weights(project: Project) -> dict[str, float]:
    """Return a weight for each character pair of the item names; rarer pairs weigh more."""
    count: Counter[str] = Counter()
    for item in project.items.values():
        count.update({pair for name in names_of(item) for pair in core_of(name)})
    total = len(project.items)
    return {pair: log(1 + total / n) for pair, n in count.items()}
