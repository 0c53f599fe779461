"""The units a service contract counts in, and how each of them adds up."""

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
    """Different people, groups or households; a name that returns is counted once: 人, 名, 支."""
    OCCASIONS = "occasions"
    """Something that takes place; one is understood where none is given: 场, 次."""
    WORKS = "works"
    """Something made or done; one is understood where none is given: 个, 例, 篇."""
    MATERIAL = "material"
    """Things handed out, always given as a number: 份, 册."""
    TIME = "time"
    """Hours, which may have a fraction: 小时, 学时."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by the name the contract uses."""

    name: str
    measure: Measure

    @property
    def implied(self) -> bool:
        """Whether "one" is understood where the officer gives no amount in this unit."""
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

HEADCOUNT = frozenset({"人", "名", "位", "人次"})
"""The units that tell, of a single activity, how many people were there."""
VISITORS = "人次"
"""The unit of :data:`HEADCOUNT` that asks for no names."""

GROUPS = ("支", "家")
"""The units that count groups and organisations, whose names are no secret."""

_SAME_THING = (("场", "场次", "次"), ("户", "户次"), ("人", "名", "位"), ("小时", "个小时"))


def spoken_for(word: str, units: tuple[str, ...]) -> str | None:
    """The unit among ``units`` that ``word`` stands for: itself, or another word for the same.

    People say 场 where the contract writes 场次, or 户 where it writes 户次; 人 and 人次 are never
    exchanged, because the one counts people and the other visits.
    """
    if word in units:
        return word
    for group in _SAME_THING:
        if word in group:
            meant = [unit for unit in units if unit in group]
            if len(meant) == 1:
                return meant[0]
    return None


def present(amounts: Mapping[str, Decimal], names: int) -> Decimal:
    """How many people were at a single activity; the names where no number says it."""
    said = [amount for unit, amount in amounts.items() if unit in HEADCOUNT]
    named_groups = any(is_distinct(unit) for unit in amounts)
    return max(said) if said else Decimal(0 if named_groups else names)


def is_distinct(unit: str | None) -> bool:
    """Whether the unit counts different people or groups by name."""
    return unit is not None and unit in UNITS and UNITS[unit].measure is Measure.DISTINCT


def plain(amount: Decimal) -> str:
    """An amount as people write it: 80, 2.5."""
    return f"{amount.normalize():f}" if amount else "0"


def number(amount: Decimal) -> int | float:
    """An amount as a JSON number: whole where it is whole."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)
