"""What evidence an activity needs where the target file does not say: by what the item counts."""

from __future__ import annotations

from sgtrack.model.units import UNITS, Measure
from sgtrack.targets.file_format import ItemFile

_BY_MEASURE = {
    Measure.OCCASIONS: ("签到表", "照片"),
    Measure.DISTINCT: ("名单",),
    Measure.WORKS: ("成果材料",),
    Measure.TIME: ("服务记录",),
    Measure.VISITS: ("服务记录",),
    Measure.MATERIAL: ("照片",),
}
"""The first measure an item counts in decides: an event that also counts people is an event."""


def needs_of(item: ItemFile) -> tuple[str, ...]:
    """The kinds of evidence each activity of an item needs."""
    if item.evidence is not None:
        return tuple(dict.fromkeys(item.evidence))
    if item.brief:
        return ("简报",)
    if item.per_person:
        return ("签到表", "培训记录")
    if item.series:
        return ("服务记录",)
    if item.milestone:
        return ("证明材料",)
    units = (*item.total, *item.monthly, *item.quarterly, *item.yearly)
    measures = {UNITS[unit].measure for unit in units if unit in UNITS}
    return next((needs for measure, needs in _BY_MEASURE.items() if measure in measures), ())
