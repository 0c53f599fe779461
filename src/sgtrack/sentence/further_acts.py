"""Finds the further activities in a sentence, which count for another item of the contract.

走访低保户8人次，并开展垃圾分类宣讲 describes two activities, and only the officer knows which of
them the entry is about. A clause that only says how, why or with which result something was done
describes no further activity.
"""

from __future__ import annotations

import re

from sgtrack.model.contract import Item, Project
from sgtrack.model.units import PEOPLE, matching_unit
from sgtrack.sentence.item_matching import ItemMatch, is_named, score_phrases
from sgtrack.sentence.phrases import read_clauses
from sgtrack.sentence.quantities import Quantity, find_quantities
from sgtrack.sentence.vocabulary import vocabulary

_LEAST = 13.0
"""The minimum score of a clause that describes a further activity."""
_SHARED = 0.5
"""Maximum score of the sentence's item in a clause about another item, as a share of its best."""
_SHARED_BY_FORM = 0.1
"""The same maximum if the name of the sentence's item contains a form of work such as 报道."""
_NEAR = 0.6
"""The minimum score of a sure match, as a share of the best score of the clause."""
_NO_ACT = re.compile(
    "^(?:｜|社工|共|本次)*(?:通过|借助|围绕|依托|利用|采取|采用|以|用|为了|为做好|为进一步|经|内容|主题|主要|涉及|聊|谈|主讲|一个是|了解|招募|首批)"
    "|问题|内容是|通过|成员|核实|顺[带便手道]|[走探家][访视]中|(?:前|时|后|中|期间|之际|过程中|基础上)$"
)
"""Clauses about the manner, the purpose, the contents or the occasion of an act."""
_PART = re.compile("｜*其中")
_FURTHER = re.compile(
    "^(?:｜)*(?:社工|志愿者)?(?:并|还|又|同时|同步|另|随后|之后|然后|接着|会后|课后|活动后|饭后|现场|[上下]午|晚上|当[天晚]"
    "|[给为向对][^，｜]{1,8}(?:讲|宣传|宣讲))"
)
"""Beginnings of clauses that describe a further activity."""


def find_further_acts(project: Project, text: str, match: ItemMatch) -> list[ItemMatch]:
    """Return the items of the further activities in a sentence, the best match first.

    ``match`` is the item of the sentence. If the sentence names this item in the words of the
    contract, a clause describes a further activity only if it begins with a word such as 并 or
    会后, or has an amount that counts.
    """
    named = is_named(project, match.item, text)
    reported = any(form in match.item.name for form in vocabulary().forms)
    shared = _SHARED_BY_FORM if reported else _SHARED
    acts: dict[str, ItemMatch] = {}
    for phrases in read_clauses(text):
        clause = phrases[0].text
        if _NO_ACT.search(clause):
            continue
        amounts = find_quantities(clause)
        matches = score_phrases(project, *phrases, amounts)
        own = next(m.score for m in matches if m.item.code == match.item.code)
        best = next((m for m in matches if m.sure), matches[0])
        if best.score < max(_LEAST, _NEAR * matches[0].score) or not best.sure:
            continue
        if _are_related(best.item, match.item) or own > shared * best.score:
            continue
        counted = _counts(project, best.item, amounts)
        units = {amount.unit for amount in amounts}
        if _PART.match(clause) and not units & set(best.item.own_units):
            continue  # 其中6人就业 needs an item that counts 人, such as 实现就业.
        # In 收集意见17条, no amount counts for 需求收集服务.
        if counted or _FURTHER.search(clause) or not (named or amounts):
            acts.setdefault(best.item.code, best)
    return sorted(acts.values(), key=lambda act: -act.score)


def _are_related(item: Item, other: Item) -> bool:
    """Return whether two items are the same, or one is a part of the other."""
    return item.code in (other.code, other.part_of) or item.part_of == other.code


def _counts(project: Project, item: Item, amounts: list[Quantity]) -> bool:
    """Return whether an item counts one of the amounts."""
    units = project.units_of(item.code)
    if not units:  # A milestone counts no amounts: 6项制度上墙.
        return bool(amounts)
    people = "人次" in units
    return any(
        matching_unit(amount.unit, units) or (people and amount.unit in (*PEOPLE, "户", "户次"))
        for amount in amounts
    )
