"""The units a service contract counts in, and the difference between 人 and 人次.

人次 counts visits: a person who comes twice is 2人次 (Measure.VISITS). 人, 名, 位, 支 and 户 count
different people, groups or households: whoever comes twice is counted once (Measure.DISTINCT). The
source is the contract itself, which asks for both: 入户访视50人次 (clause 5.1) and 注册志愿者100人
(clause 7.2). :data:`_BY_MEASURE` decides it for every unit, ``Tallies.credits`` in
``sgtrack.progress.tally`` counts accordingly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """How amounts of a unit add up."""

    VISITS = "visits"
    """Every visit counts, also of the same person: 人次, 户次."""
    DISTINCT = "distinct"
    """Different people, groups or households; a repeated name counts once: 人, 名, 支."""
    OCCASIONS = "occasions"
    """Something that takes place; without a number it is one: 场, 次."""
    WORKS = "works"
    """Something made or done; without a number it is one: 个, 例, 篇."""
    MATERIAL = "material"
    """Things handed out, always with a number: 份, 册."""
    TIME = "time"
    """Hours, which may have a fraction: 小时, 学时."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by the name the contract uses."""

    name: str
    measure: Measure

    @property
    def implied(self) -> bool:
        """Whether an activity without an amount in this unit is one of it."""
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
"""The units that count different people."""
HEADCOUNT = frozenset({*PEOPLE, "人次"})
"""The units that say how many people were at one activity."""
VISITORS = "人次"
"""The unit of :data:`HEADCOUNT` that needs no names."""

GROUPS = ("支", "家")
"""The units that count groups and organisations, whose names are public."""

_SYNONYMS = (("场", "场次", "次"), ("户", "户次"), ("人", "名", "位"), ("小时", "个小时"))


def matching_unit(word: str, units: tuple[str, ...]) -> str | None:
    """Find the unit among ``units`` that ``word`` means: itself, or its only synonym among them.

    People say 场 where the contract writes 场次, or 户 where it writes 户次. 人 and 人次 are never
    exchanged, because one counts people and the other visits.
    """
    if word in units:
        return word
    for synonyms in _SYNONYMS:
        if word in synonyms:
            matches = [unit for unit in units if unit in synonyms]
            if len(matches) == 1:
                return matches[0]
    return None


def headcount(amounts: Mapping[str, Decimal], participants: int) -> Decimal:
    """How many people were at one activity; without a number, how many it names."""
    numbers = [amount for unit, amount in amounts.items() if unit in HEADCOUNT]
    named_groups = any(is_distinct(unit) for unit in amounts)
    return max(numbers) if numbers else Decimal(0 if named_groups else participants)


def is_distinct(unit: str | None) -> bool:
    """Whether the unit counts different people or groups, so that a name counts once."""
    return unit is not None and unit in UNITS and UNITS[unit].measure is Measure.DISTINCT


def plain(amount: Decimal) -> str:
    """Write an amount as people do: 80, 2.5."""
    return f"{amount.normalize():f}" if amount else "0"


def amount_words(amounts: Mapping[str, Decimal]) -> str:
    """The amounts of an activity: 80人次、100份; 完成 without any."""
    return "、".join(f"{plain(amount)}{unit}" for unit, amount in amounts.items()) or "完成"


def number(amount: Decimal) -> int | float:
    """Convert an amount to a JSON number, an integer if it is whole."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)
