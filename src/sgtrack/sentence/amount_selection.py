"""Which amounts of a sentence are meant in the units of an item, and which must be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from sgtrack.model.contract import Item, Project
from sgtrack.model.units import UNITS, Measure, matching_unit
from sgtrack.sentence.amount_roles import (
    HEADS,
    add_up,
    is_online,
    is_staff,
    is_state,
    listed,
    not_met,
    of_those_who_came,
    same_things,
    took_place,
    totals,
    whole,
    without_to_date,
)
from sgtrack.sentence.counted_nouns import (
    counts_heads,
    is_beside,
    is_goods,
    is_person,
    names_head,
    nearest,
    words_beside,
)
from sgtrack.sentence.phrases import named_groups, pairs_of
from sgtrack.sentence.quantities import Quantity, quantities
from sgtrack.sentence.vocabulary import vocabulary

_UNIT_WORDS = "|".join(sorted(UNITS, key=len, reverse=True))
_PLUS = re.compile(
    rf"(?P<thing>[\u4e00-\u9fff]{{2,8}})[+＋](?P<number>\d{{1,3}})(?!\d|\s*(?:{_UNIT_WORDS}))"
)
_NEWLY = re.compile("(?:新[建增添]|又完成|又建|再添)了?$")
_TELLING = ("例", "篇", "支", "期")
"""Units that need no word beside them to say what was counted."""
_SMALL = ("项", "条", "件", "则", "处")
"""What counts the parts of something as often as the thing: 清单1份，需求14项."""
_FIRM = re.compile(
    r"[^，。；、,;]{0,6}(?:单位|企业|公司|商家|商户|组织|媒体|医院|门店|店|厂|社会力量|机构)"
)
_LABEL_AFTER = re.compile(r"[^，。；、,;和与及\d]{0,8}")
_LABEL_BEFORE = re.compile(r"[^，。；、,;和与及\d]{1,8}$")
_ALONG = re.compile("家长|家属|父母|妈妈|监护人|子女|儿女|亲属|陪同|陪护")
_ONLOOKERS = re.compile(
    r"[^，。；、,;\d]{0,4}(?:观礼|旁听|陪同|围观|陪伴|接送|捧场|发言|提问|获奖|上台|在?[^，。；、\d]{0,3}等候)"
)
_FOUND_ILL = re.compile("(?:发现|查出|筛查?出|检出|确诊)[^，。；\\d]{0,8}$")
_SOMEBODY = re.compile("[人员者长民女友户工]")
_SHARE = re.compile(r"每[场班期天日节次批轮个家支所]|各")


@dataclass(frozen=True, slots=True)
class Understood:
    """An amount with the words it was read from."""

    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A unit the sentence gives no exact amount of; ``near`` is the number it gives, if any."""

    unit: str
    words: str
    near: Decimal | None


def amounts_for(
    project: Project, item: Item, text: str
) -> tuple[dict[str, Understood], tuple[Question, ...]]:
    """The amounts of a text in the units of an item, and what must be asked about them."""
    units = project.units_of(item.code)
    about = f"{item.name}{''.join(item.words)}{project.clauses[item.clause].text}"
    about += "".join(_called(item))
    found = [_of_each_person(one, item) for one in quantities(text)]
    said = [one for one in found if not one.each and took_place(text, one)]
    heads = [one for one in said if one.unit in (*HEADS, "人次")]
    served = [one for one in said if not is_staff(about, text, one, alone=len(heads) < 2)]
    served = _without_onlookers(text, _of_its_people(text, served, item))
    amounts: dict[str, Understood] = {}
    questions = []
    for unit in units:
        meant = [one for one in served if _means(one, unit, units, text, item.name, about)]
        if UNITS[unit].measure is Measure.WORKS:
            meant = _with_list(text, nearest(text, meant, item.name), served)
        elif UNITS[unit].measure is Measure.TIME:  # 干了3小时，录入18小时志愿时长
            meant = [one for one in meant if names_head(text, one, item.name)] or meant
        settled = _settle(text, meant, unit)
        if isinstance(settled, Understood) and _only_part_of_it(text, meant, item.name):
            settled = Question(unit, _words(meant), None)
        if isinstance(settled, Understood) and (further := _more_of_it(text, meant, served)):
            settled = Question(unit, _words([*meant, *further]), None)
        if isinstance(settled, Understood):
            amounts[unit] = settled
        elif settled is not None:
            questions.append(settled)
        elif shares := [one for one in found if one.each and _is_share(one, unit)]:
            questions.append(Question(unit, _words(shares), None))
    if not (amounts or questions) and len(units) == 1 and (more := _plus(text, item.name)):
        amounts[units[0]] = more
    if units and not amounts and not questions:
        questions = _indirect(item, item.own_units or units, served, text)
    return amounts, tuple(questions)


def _more_of_it(text: str, meant: list[Quantity], served: list[Quantity]) -> list[Quantity]:
    """What may be more of the same: 共建立25份，随后新建5份."""
    units = {one.unit for one in meant}
    return [
        one
        for one in served
        if one.unit in units and one not in meant and _NEWLY.search(text[: one.start])
    ]


def _called(item: Item) -> list[str]:
    """What officers call the thing an item counts: 一人一档 is a file."""
    return [
        phrase
        for form in vocabulary().forms
        if form in item.name
        for phrase in vocabulary().meanings.get(form, ())
    ]


def _plus(text: str, name: str) -> Understood | None:
    """The amount of 持证社工+1, where what it is added to is the item."""
    found = list(_PLUS.finditer(text))
    if len(found) != 1:
        return None
    thing = found[0]["thing"]
    if not any(thing[-n:] in name for n in range(2, len(thing) + 1)):
        return None
    return Understood(Decimal(found[0]["number"]), found[0][0])


def _only_part_of_it(text: str, found: list[Quantity], name: str) -> bool:
    """Whether only a part did what the item is named for: 3人填表，其中2人完成申报."""
    return len(found) > 1 and any(
        re.search("其中[^，。；]{0,4}$", text[: one.start])
        and pairs_of(words_beside(text, one)[1]) & pairs_of(name)
        for one in found
    )


def _settle(text: str, found: list[Quantity], unit: str) -> Understood | Question | None:
    """What several amounts in a unit say together; where they compete it is asked."""
    found = of_those_who_came(text, found)
    afar = [one for one in found if is_online(text, one) or not_met(text, one)]
    mine = found if afar else _told_apart(text, found, unit)
    if not mine:
        return None
    words = _words(mine)
    values = [one.amount for one in mine if one.amount is not None]
    certain = all(one.exact and not is_state(text, one) for one in mine)
    if certain and not (afar and len(mine) > 1):
        if len(mine) > 1 and _are_parts(text, mine, unit):
            return Understood(sum(values, Decimal(0)), words)
        if len(set(values)) == 1:
            return Understood(values[0], words)
    return Question(unit, words, values[0] if len(mine) == 1 and values else None)


def _are_parts(text: str, found: list[Quantity], unit: str) -> bool:
    """Whether amounts are parts of one whole; 服务30人次、惠及30人次 says the same twice."""
    if add_up(text, found):
        return True
    works = UNITS[unit].measure is Measure.WORKS
    twice = not works and found[0].unit == "人次" and len({one.amount for one in found}) == 1
    if _in_one_list(text, found) and _of_one_age(text, found) and not twice:
        return True
    return works and same_things(text, found)


def _told_apart(text: str, found: list[Quantity], unit: str) -> list[Quantity]:
    """Of several amounts in a unit those that count: the total rather than its parts."""
    found = without_to_date(text, found)
    if any(one.unit == unit for one in found):
        found = [one for one in found if one.unit == unit]
    if len(found) > 1 and (sums := totals(text, found)):
        return sums[-1:]
    return whole(text, found)


def _words(found: list[Quantity]) -> str:
    return "、".join(one.words for one in found)


def _in_one_list(text: str, found: list[Quantity]) -> bool:
    return all(listed(text, one, other) for one, other in pairwise(found))


def _of_one_age(text: str, found: list[Quantity]) -> bool:
    """Whether the people of a list are all old, all young or all just people."""
    ages = vocabulary().ages
    labels = [(one, _label(text, one)) for one in found]
    told = {
        named_groups(label) & ages
        for one, label in labels
        if named_groups(label) or one.unit != "人次" or _SOMEBODY.search(label)
    }  # 为儿童心理疏导6人次、课业辅导14人次: the second says nothing of whom
    return len(told) <= 1


def _of_each_person(one: Quantity, item: Item) -> Quantity:
    """Of an item that counts for every person, what each of them had is the amount: 每人4学时."""
    per_person = item.per_person and one.unit in item.own_units
    return replace(one, each="") if per_person and one.each.startswith("每人") else one


def _of_its_people(text: str, found: list[Quantity], item: Item) -> list[Quantity]:
    """Without those who came along: of 24名儿童、20名家长 at an item for children the children."""
    own = named_groups(item.name) & vocabulary().ages
    heads = [one for one in found if one.unit in HEADS]
    if not own or len(heads) < 2:
        return found
    theirs = [one for one in heads if named_groups(_label(text, one)) & own]
    along = [one for one in heads if one not in theirs and _ALONG.search(_label(text, one))]
    if not theirs or len(theirs) + len(along) < len(heads):
        return found
    return [one for one in found if one not in along]


def _without_onlookers(text: str, found: list[Quantity]) -> list[Quantity]:
    """Without those who only looked on or were found ill among the others: 4位家长观礼."""
    return [
        one
        for one in found
        if one.unit not in HEADS
        or not (_ONLOOKERS.match(text, one.end) or _FOUND_ILL.search(text[: one.start]))
    ] or found


def _label(text: str, one: Quantity) -> str:
    """The words that say of whom or what an amount is."""
    after = _LABEL_AFTER.match(text, one.end)
    before = _LABEL_BEFORE.search(text[: one.start])
    whose = [found[0] for found in (after, before) if found and found[0]]
    named = [words for words in whose if named_groups(words) or _ALONG.search(words)]
    return next(iter([*named, *whose]), "")


def _with_list(text: str, meant: list[Quantity], said: list[Quantity]) -> list[Quantity]:
    """The amounts that are meant, with those that go on the same list."""
    kept: list[Quantity] = []
    for one in said:
        if one in meant or (kept and listed(text, kept[-1], one)):
            kept.append(one)
    return kept


def _is_share(one: Quantity, unit: str) -> bool:
    """Whether it says how many there were each time, or of each: 每场40人, 各80份."""
    if UNITS[unit].measure is Measure.TIME:
        return one.unit == unit and one.each.startswith("每人")
    share = _SHARE.match(one.each)
    if share is None:
        return False
    if unit == "人次":
        return share[0] != "各" and one.unit in (*HEADS, "人次")
    if UNITS[unit].measure is Measure.OCCASIONS:  # 在甲村、乙村各宣讲1场
        return share[0] == "各" and matching_unit(one.unit, (unit,)) == unit
    return one.unit == unit == "份"


def _indirect(
    item: Item, units: tuple[str, ...], said: list[Quantity], text: str
) -> list[Question]:
    """Where only households or people are counted, and the item counts something else.

    为30名老人建立档案 may be 30个; for 2户 it may be 2人次; 12人次 may be 12人. That is asked.
    """
    open_units = [u for u in units if UNITS[u].measure in (Measure.VISITS, Measure.WORKS)]
    visits = [one for one in said if one.unit == "人次"]
    if visits and not open_units:
        return [Question(u, _words(visits), visits[0].amount) for u in units if u in HEADS]
    people = [
        one
        for one in said
        if one.unit in ("户", "户次", *HEADS)
        and not re.match("[^，。；、]{0,4}志愿者", text[one.end :])
        and not text[: one.start].endswith("志愿者")
    ]
    if not open_units or not people:
        return []
    unit = "人次" if "人次" in open_units else open_units[0]
    if unit not in ("人次", "例") and not named_groups(item.name):
        return []
    return [Question(unit, _words(people), people[0].amount if len(people) == 1 else None)]


def _means(
    one: Quantity, unit: str, units: tuple[str, ...], text: str, name: str, about: str
) -> bool:
    """Whether an amount of the text is one in a unit of the item."""
    said = one.unit
    what, wanted = UNITS[said].measure, UNITS[unit].measure
    if said == "个" and (unit in HEADS or is_person(text, one)):
        return counts_heads(text, one, unit, units)
    if wanted is Measure.MATERIAL and is_goods(text, one):
        return False
    if said != unit and {said, unit} <= {"个", "支", "家"}:  # 2个社会组织 are 2支
        return is_beside(text, one, about)
    if said == unit and unit in _TELLING:
        return True
    if wanted is Measure.WORKS and (said == unit or said not in units):
        if said in _SMALL and said != unit and not names_head(text, one, name):
            return False
        fits = what in (Measure.WORKS, Measure.MATERIAL) and (said == unit or "份" not in units)
        return fits and is_beside(text, one, about)
    if said == unit or matching_unit(said, units) == unit:
        return True
    if said in units:
        return False
    if unit == "人次":
        return said in HEADS  # at one event heads are visits
    if unit in ("户", "户次") and said == "家":
        return not _FIRM.match(text, one.end)
    if wanted is Measure.OCCASIONS:
        if said in ("条", "份", "期", "批", "轮"):
            return unit not in ("场", "场次") and is_beside(text, one, about)
        return said in ("篇", "则")
    return wanted is Measure.MATERIAL and what is Measure.MATERIAL
