"""Selects the amounts of a sentence that count for an item, and the questions to ask."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from sgtrack.model.contract import Item, Project
from sgtrack.model.text import UNIT_PATTERN
from sgtrack.model.units import PEOPLE, UNITS, Measure, matching_unit
from sgtrack.sentence.amount_questions import (
    AmountQuestion,
    Doubt,
    Spans,
    ask_firms,
    ask_indirect,
    is_share,
    join_words,
    make_question,
    spans_of,
)
from sgtrack.sentence.amount_roles import (
    are_partial_sums,
    attended,
    counts_people,
    find_totals,
    is_beside,
    is_goods,
    is_person,
    is_staff,
    is_state,
    keep_attendees,
    keep_nearest,
    listed,
    may_be_subset,
    may_not_count,
    names_head,
    same_things,
    took_place,
    without_parts,
    without_to_date,
    words_beside,
)
from sgtrack.sentence.phrases import named_groups, pairs_of
from sgtrack.sentence.quantities import Quantity, find_quantities
from sgtrack.sentence.vocabulary import vocabulary

_PLUS = re.compile(
    rf"(?P<thing>[\u4e00-\u9fff]{{2,8}})[+＋](?P<number>\d{{1,3}})(?!\d|\s*(?:{UNIT_PATTERN}))"
)
_NEWLY = re.compile("(?:新[建增添]|又完成|又建|再添)了?$")
_CLEAR_UNITS = ("例", "篇", "支", "期")
"""Units in which an amount counts for an item even if no noun of the item is beside it."""
_PART_UNITS = ("项", "条", "件", "则", "处")
"""Units that may count the parts of a work instead of whole works: 清单1份，需求14项."""
_FIRM = re.compile(
    r"[^，。；、,;]{0,6}(?:单位|企业|公司|商家|商户|组织|媒体|医院|门店|店|厂|社会力量|机构)"
)
_LABEL_AFTER = re.compile(r"[^，。；、,;和与及\d]{0,8}")
_LABEL_BEFORE = re.compile(r"[^，。；、,;和与及\d]{1,8}$")
_ALONG = re.compile("家长|家属|父母|妈妈|监护人|子女|儿女|亲属|陪同|陪护")
_ONLOOKERS = re.compile(
    r"[^，。；、,;\d]{0,4}(?:观礼|旁听|陪同|围观|陪伴|接送|捧场|发言|提问|上台|在?[^，。；、\d]{0,3}等候)"
)
_CUMULATIVE = re.compile(r"(?<![年月度至前天])累计(?!已|达)[^，。；\d已达]{0,8}$")
"""Words before an amount that may be the sum of one day or cumulative: 累计, but not 累计已达."""
_MARKED_NEW = re.compile("(?:新增|新[建开发注]|[此本]次|这[场次回]|又)[^，。；,;]{0,12}$")
_PART_BEFORE = re.compile("其中[^，。；]{0,8}$")
_FOUND_ILL = re.compile("(?:发现|查出|筛查?出|检出|确诊)[^，。；\\d]{0,8}$")
_SOMEBODY = re.compile("[人员者长民女友户工]")


@dataclass(frozen=True, slots=True)
class ReadAmount:
    """An amount with the words it was read from, and where these are in the text."""

    amount: Decimal
    words: str
    spans: Spans


def select_amounts(
    project: Project, item: Item, text: str
) -> tuple[dict[str, ReadAmount], tuple[AmountQuestion, ...]]:
    """Return the amounts that a text states for an item, by unit, and the questions to ask."""
    units = project.units_of(item.code)
    about = f"{item.name}{''.join(item.words)}{project.clauses[item.clause].text}"
    for form in vocabulary().forms:
        # Phrases that stand for a form of work also name the item: 一人一档 means 档案.
        if form in item.name:
            about += "".join(vocabulary().meanings.get(form, ()))
    per_person = item.own_units if item.per_person else ()
    # 每人4学时 is an amount of an item with a target per person. Other items ask about it.
    quantities = [
        replace(q, each="") if q.unit in per_person and q.each.startswith("每人") else q
        for q in find_quantities(text)
    ]
    stated = [q for q in quantities if not q.each and took_place(text, q)]
    people_amounts = [q for q in stated if q.unit in (*PEOPLE, "人次")]
    served = [q for q in stated if not is_staff(about, text, q, alone=len(people_amounts) < 2)]
    served = _without_onlookers(text, _without_companions(text, served, item))
    amounts: dict[str, ReadAmount] = {}
    questions = []
    for unit in units:
        counting = [q for q in served if _counts_in(q, unit, units, text, item.name, about)]
        selected = _select(text, counting, unit, item, served)
        combined = _combine(text, selected, unit)
        if isinstance(combined, ReadAmount) and _matches_only_a_part(text, selected, item.name):
            combined = make_question(unit, selected, Doubt.SEVERAL)
        if isinstance(combined, ReadAmount) and (further := _additions(text, selected, served)):
            combined = make_question(unit, [*selected, *further], Doubt.SEVERAL)
        if isinstance(combined, ReadAmount) and (rivals := _rivals(text, counting, combined)):
            question = make_question(unit, rivals, Doubt.SEVERAL)
            combined = replace(
                question,
                words=f"{combined.words}、{question.words}",
                near=combined.amount,
                spans=(*combined.spans, *question.spans),
            )
        if isinstance(combined, ReadAmount):
            amounts[unit] = combined
        elif combined is not None:
            questions.append(combined)
        elif shares := [q for q in quantities if q.each and is_share(q, unit)]:
            questions.append(make_question(unit, shares, Doubt.EACH))
    if not (amounts or questions) and len(units) == 1 and (more := _read_plus(text, item.name)):
        amounts[units[0]] = more
    if units and not amounts and not questions:
        questions = ask_indirect(item, item.own_units or units, served, text)
        questions = questions or ask_firms(units, served, text, about)
    return amounts, tuple(questions)


def _select(
    text: str, counting: list[Quantity], unit: str, item: Item, served: list[Quantity]
) -> list[Quantity]:
    """Select the amounts in a unit that are about the item; ``served`` are all amounts."""
    measure = UNITS[unit].measure
    if measure is Measure.WORKS:
        return _with_list_members(text, keep_nearest(text, counting, item.name), served)
    if measure is Measure.TIME:  # In 干了3小时，录入18小时志愿时长, only 18小时 counts.
        return [q for q in counting if names_head(text, q, item.name)] or counting
    return _without_subsets(text, counting) if measure is Measure.VISITS else counting


def _rivals(text: str, counting: list[Quantity], read: ReadAmount) -> list[Quantity]:
    """Return the other amounts of the unit that make the amount ``read`` doubtful.

    A cumulative amount (累计注册61名) may include ``read``. A number of winners may count
    instead of ``read``.
    """
    used = [q for q in counting if (q.start, q.end) in read.spans]
    others = [q for q in counting if q not in used]
    is_new = any(_MARKED_NEW.search(text[: q.start]) for q in used)
    return [
        q
        for q in others
        if (may_be_subset(text, q) and not _PART_BEFORE.search(text[: q.start]))
        or (_CUMULATIVE.search(text[: q.start]) and not is_new)
    ]


def _additions(text: str, selected: list[Quantity], served: list[Quantity]) -> list[Quantity]:
    """Return unselected amounts that may add to the selected ones.

    Examples: 共建立25份，随后新建5份 and, with one verb, 办理低保2例、办理临时救助3例.
    """
    units = {q.unit for q in selected}
    others = [q for q in served if q.unit in units and q not in selected]
    verbs = {_verb(text, q) for q in selected if q.unit in _CLEAR_UNITS} - {""}
    return [q for q in others if _NEWLY.search(text[: q.start]) or _verb(text, q) in verbs]


def _verb(text: str, quantity: Quantity) -> str:
    """Return the first two characters of the words before an amount, usually their verb."""
    before = _LABEL_BEFORE.search(text[: quantity.start])
    return before[0][:2] if before and len(before[0]) > 2 else ""


def _read_plus(text: str, name: str) -> ReadAmount | None:
    """Read the amount of a text such as 持证社工+1, or return None.

    The item's name must contain the last two or more characters of the noun before the plus sign.
    Return None also if the text has several plus signs before a number.
    """
    matches = list(_PLUS.finditer(text))
    if len(matches) != 1:
        return None
    thing = matches[0]["thing"]
    if not any(thing[-n:] in name for n in range(2, len(thing) + 1)):
        return None
    return ReadAmount(Decimal(matches[0]["number"]), matches[0][0], (matches[0].span(),))


def _matches_only_a_part(text: str, quantities: list[Quantity], name: str) -> bool:
    """Return whether only an amount after 其中 matches the item's name, by two adjacent characters.

    In 3人填表，其中2人完成申报, the words after 2人 share 申报 with an item 协助申报. Return False
    for a single amount.
    """
    return len(quantities) > 1 and any(
        re.search("其中[^，。；]{0,4}$", text[: q.start])
        and pairs_of(words_beside(text, q)[1]) & pairs_of(name)
        for q in quantities
    )


def _combine(
    text: str, quantities: list[Quantity], unit: str
) -> ReadAmount | AmountQuestion | None:
    """Combine the amounts in a unit into one amount, or into a question if they are ambiguous.

    Return None if none of the amounts counts.
    """
    quantities = keep_attendees(text, quantities)
    uncertain = [q for q in quantities if may_not_count(text, q)]
    counting = quantities if uncertain else _counting(text, quantities, unit)
    if not counting:
        return None
    words, spans = join_words(counting), spans_of(counting)
    values = [q.amount for q in counting if q.amount is not None]
    exact = all(q.exact for q in counting)
    certain = exact and not any(is_state(text, q) for q in counting)
    subset = UNITS[unit].measure is Measure.VISITS and any(may_be_subset(text, q) for q in counting)
    if certain and not subset and not (uncertain and len(counting) > 1):
        if len(counting) > 1 and _are_parts(text, counting, unit):
            return ReadAmount(sum(values, Decimal(0)), words, spans)
        if len(set(values)) == 1 and not _are_of_two_acts(text, counting, unit):
            return ReadAmount(values[0], words, spans)
    return make_question(unit, counting, Doubt.SEVERAL if exact else Doubt.INEXACT)


def _are_parts(text: str, quantities: list[Quantity], unit: str) -> bool:
    """Return whether the amounts must be added up.

    Equal amounts of visits in one list, such as 服务30人次、惠及30人次, state one amount twice.
    """
    if are_partial_sums(text, quantities):
        return True
    total = sum(q.amount or 0 for q in quantities)
    if len(quantities) > 2 and any(2 * (q.amount or 0) == total for q in quantities):
        return False  # 150份、100份、50份 may be 150 or 300.
    works = UNITS[unit].measure is Measure.WORKS
    twice = not works and quantities[0].unit == "人次" and len({q.amount for q in quantities}) == 1
    in_one_list = all(listed(text, q, other) for q, other in pairwise(quantities))
    if in_one_list and _of_one_age(text, quantities) and not twice:
        return True
    return works and same_things(text, quantities)


def _are_of_two_acts(text: str, quantities: list[Quantity], unit: str) -> bool:
    """Return whether equal amounts may count two works: 办理低保2例、办理高龄补贴2例."""
    if len(quantities) < 2 or UNITS[unit].measure not in (Measure.WORKS, Measure.MATERIAL):
        return False
    before = [_LABEL_BEFORE.search(text[: quantity.start]) for quantity in quantities]
    labels = {match[0] for match in before if match}
    return len(labels) == len(quantities)


def _counting(text: str, quantities: list[Quantity], unit: str) -> list[Quantity]:
    """Drop cumulative amounts, and the parts of a total.

    If some amounts are stated in ``unit`` itself, also drop the amounts in other units.
    """
    quantities = without_to_date(text, quantities)
    if any(q.unit == unit for q in quantities):
        quantities = [q for q in quantities if q.unit == unit]
    if len(quantities) > 1 and (sums := find_totals(text, quantities)):
        return sums[-1:]
    return without_parts(text, quantities)


def _of_one_age(text: str, quantities: list[Quantity]) -> bool:
    """Return whether all amounts count people of the same age group."""
    ages = vocabulary().ages
    labels = [(q, _label(text, q)) for q in quantities]
    groups = {
        named_groups(label) & ages
        for q, label in labels
        if named_groups(label) or q.unit != "人次" or _SOMEBODY.search(label)
    }  # In 课业辅导14人次, no word names people, so the age group is unknown and ignored.
    return len(groups) <= 1


def _without_companions(text: str, quantities: list[Quantity], item: Item) -> list[Quantity]:
    """Drop the amounts that count companions of the people served.

    Of 24名儿童、20名家长, an item for children counts only the children. Return all amounts if the
    item's name contains no age group, or if some people are neither served nor companions.
    """
    own = named_groups(item.name) & vocabulary().ages
    people_amounts = [q for q in quantities if q.unit in PEOPLE]
    if not own or len(people_amounts) < 2:
        return quantities
    own_people = [q for q in people_amounts if named_groups(_label(text, q)) & own]
    companions = [
        q for q in people_amounts if q not in own_people and _ALONG.search(_label(text, q))
    ]
    if not own_people or len(own_people) + len(companions) < len(people_amounts):
        return quantities
    return [q for q in quantities if q not in companions]


def _without_subsets(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Drop amounts that may count only a part of the participants, if another counts attendance."""
    rest = [q for q in quantities if not may_be_subset(text, q)]
    return rest if any(attended(text, q) for q in rest) else quantities


def _without_onlookers(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Drop the amounts that count onlookers (4位家长观礼) or people diagnosed as ill.

    Return all amounts if none would remain.
    """
    return [
        q
        for q in quantities
        if q.unit not in PEOPLE
        or not (_ONLOOKERS.match(text, q.end) or _FOUND_ILL.search(text[: q.start]))
    ] or quantities


def _label(text: str, quantity: Quantity) -> str:
    """Return the words beside an amount that name whom or what it counts."""
    after = _LABEL_AFTER.match(text, quantity.end)
    before = _LABEL_BEFORE.search(text[: quantity.start])
    whose = [match[0] for match in (after, before) if match and match[0]]
    named = [words for words in whose if named_groups(words) or _ALONG.search(words)]
    return next(iter([*named, *whose]), "")


def _with_list_members(
    text: str, selected: list[Quantity], stated: list[Quantity]
) -> list[Quantity]:
    """Return the selected amounts, and the amounts that follow them in the same list."""
    listed_amounts: list[Quantity] = []
    for quantity in stated:
        if quantity in selected or (listed_amounts and listed(text, listed_amounts[-1], quantity)):
            listed_amounts.append(quantity)
    return listed_amounts


def _counts_in(
    quantity: Quantity, unit: str, units: tuple[str, ...], text: str, name: str, about: str
) -> bool:
    """Return whether an amount of the text counts in ``unit``, one of the ``units`` of the item."""
    stated = quantity.unit
    measure, wanted_measure = UNITS[stated].measure, UNITS[unit].measure
    if stated == "个" and (unit in PEOPLE or is_person(text, quantity)):
        return counts_people(text, quantity, unit, units)
    if wanted_measure is Measure.MATERIAL and is_goods(text, quantity):
        return False
    if stated != unit and {stated, unit} <= {"个", "支", "家"}:  # 2个社会组织 means 2支.
        firm = _FIRM.match(text, quantity.end)  # In 3家企业带来岗位, firms are no 岗位.
        return is_beside(text, quantity, about) and not (firm and firm[0][-2:] not in about)
    if stated == unit and unit in _CLEAR_UNITS:
        return True
    if wanted_measure is Measure.WORKS and (stated == unit or stated not in units):
        if stated in _PART_UNITS and stated != unit and not names_head(text, quantity, name):
            return False
        fits = measure in (Measure.WORKS, Measure.MATERIAL) and (
            stated == unit or "份" not in units
        )
        return fits and is_beside(text, quantity, about)
    if stated == unit or matching_unit(stated, units) == unit:
        return True
    if stated in units:
        return False
    if unit == "人次":
        return stated in PEOPLE  # At one event, each person makes one visit.
    if unit in ("户", "户次") and stated == "家":
        return not _FIRM.match(text, quantity.end)
    if wanted_measure is Measure.OCCASIONS:
        if stated in ("条", "份", "期", "批", "轮"):
            return unit not in ("场", "场次") and is_beside(text, quantity, about)
        return stated in ("篇", "则")
    return wanted_measure is Measure.MATERIAL and measure is Measure.MATERIAL
