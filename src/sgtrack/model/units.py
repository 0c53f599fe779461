"""The units in which a service contract counts, and the difference between 人 and 人次.

人次 counts visits (Measure.VISITS): a person who comes twice is 2人次. 人, 名, 位, 支 and 户 count
different people, groups or households (Measure.DISTINCT): a person who comes twice is 1人. The
contract asks for both: 入户访视50人次 (clause 5.1) and 注册志愿者100人 (clause 7.2).

:data:`_BY_MEASURE` lists the units of each measure. ``Tallies.credits`` in
``sgtrack.progress.tally`` counts according to these measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LARGEST_AMOUNT = 100_000_000
"""Maximum amount of one activity, in its unit; small enough for any sum to fit into its column."""


class Measure(StrEnum):
    """The ways in which the amounts in a unit add up."""

    VISITS = "visits"
    """Visits; a person who comes twice counts twice: 人次, 户次."""
    DISTINCT = "distinct"
    """Different people, groups or households; each name counts once: 人, 名, 支."""
    OCCASIONS = "occasions"
    """Events; an activity without a number counts as one: 场, 次."""
    WORKS = "works"
    """Products, cases or groups; an activity without a number counts as one: 个, 例, 篇."""
    MATERIAL = "material"
    """Material that is handed out; always with a number: 份, 册."""
    TIME = "time"
    """Hours or days, possibly with decimals: 小时, 学时."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, with its name in the contract and the way its amounts add up."""

    name: str
    measure: Measure

    @property
    def implied(self) -> bool:
        """Whether an activity without an amount in this unit counts as one."""
        return self.measure in (Measure.OCCASIONS, Measure.WORKS)


_BY_MEASURE = {
    Measure.VISITS: "人次 户次 例次 组次",
    Measure.DISTINCT: "人 名 支 户 位",
    Measure.OCCASIONS: "场 场次 次 期 节 课 批 批次 轮",
    Measure.WORKS: "个 例 篇 件 项 条 幅 部 处 套 间 家 宗 起 块 面",
    Measure.MATERIAL: "份 册 张 本 枚 袋",
    Measure.TIME: "小时 学时 课时 天",
}

UNITS: dict[str, Unit] = {
    name: Unit(name, measure) for measure, names in _BY_MEASURE.items() for name in names.split()
}

PEOPLE = ("人", "名", "位")
"""Units that count different people."""
HEADCOUNT = frozenset({*PEOPLE, "人次"})
"""Units whose amount is the number of people at an activity."""
VISITORS = "人次"
"""The unit of attendance, if only a condition such as 每场不少于30人 counts people."""

GROUPS = ("支", "家")
"""Units that count groups and organisations, whose names are public."""

SPELLINGS: dict[str, str] = {
    form: unit
    for unit, forms in {
        "人次": "人/次 人（次） 个人次 人·次 人-次",
        "户次": "户/次 户（次）",
        "人": "个人 号人",
        "场次": "场（次） 场/次",
        "次": "次数 频次 回 趟",
        "例": "宗个案",
        "小时": "个小时 钟头 工时 个工时",
        "学时": "个学时",
        "课时": "个课时",
    }.items()
    for form in forms.split()
}
"""Other spellings of units in sentences, on the command line and in tenders."""
SYNONYMS = (("场", "场次", "次"), ("户", "户次"), ("人", "名", "位"))


def matching_unit(word: str, units: tuple[str, ...]) -> str | None:
    """Return ``word`` if ``units`` contains it, otherwise its synonym in ``units``.

    ``word`` may be another spelling of a unit, such as 个人 for 人. Return None if ``units``
    contains no synonym, or several. 场 is a synonym of 场次, and 户 is a synonym of 户次. 人 and
    人次 are not synonyms, because 人 counts people and 人次 counts visits.
    """
    word = SPELLINGS.get(word, word)
    if word in units:
        return word
    for synonyms in SYNONYMS:
        if word in synonyms:
            matches = [unit for unit in units if unit in synonyms]
            if len(matches) == 1:
                return matches[0]
    return None


def headcount(amounts: Mapping[str, Decimal], participants: int) -> Decimal:
    """Return the headcount of an activity, or its number of participants if none is logged.

    If no headcount but an amount of groups or households is logged, such as 3支 or 3户, return 0,
    because the participants are then groups or households and not people.
    """
    numbers = [amount for unit, amount in amounts.items() if unit in HEADCOUNT]
    named_groups = any(is_distinct(unit) for unit in amounts)
    return max(numbers) if numbers else Decimal(0 if named_groups else participants)


def is_distinct(unit: str | None) -> bool:
    """Return whether a unit counts different people or groups, so that each name counts once."""
    return unit is not None and unit in UNITS and UNITS[unit].measure is Measure.DISTINCT


def plain(amount: Decimal) -> str:
    """Format an amount without trailing zeros: 80, 2.5."""
    return f"{amount.normalize():f}" if amount else "0"


def amount_words(amounts: Mapping[str, Decimal]) -> str:
    """Format the amounts of an activity, as in 80人次、100份; 完成 if there are none."""
    return "、".join(f"{plain(amount)}{unit}" for unit, amount in amounts.items()) or "完成"


def number(amount: Decimal) -> int | float:
    """Convert an amount to a JSON number, an integer if it is whole."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)
