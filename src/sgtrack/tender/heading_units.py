"""Adds the units of table headings to bare numbers below them: 场次 above 12, 每场人数 above 30."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sgtrack.model.text import any_of
from sgtrack.model.units import UNITS
from sgtrack.tender.clause_numbers import normalize
from sgtrack.tender.tender_document import Row, TableCell

_UNITS = {"场次": "场", "课时数": "课时", "学时数": "学时", "小时数": "小时"} | {
    f"{unit}数": unit for unit in ("次", "人", "户", "份", "篇", "期", "例", "场", "节", "条")
}
_WORDS = any_of([*_UNITS, "人次", "户次", "课时", "学时", "人次数", "户次数"])
_HEADING = re.compile(rf"(?P<each>每[场次期节个班组人户])?[一-龥]*?(?P<unit>{_WORDS})$")
_BRACKET = re.compile(rf"(?:[（(](?:单位[：:])?|[/／])(?P<unit>{any_of(UNITS)})[）)]?$")
_BARE = re.compile(r"(?:≥|>|约|不少于)?\s*\d[\d,.]*(?:以上)?")


def add_heading_units(
    rows: Sequence[Row], column_roles: Callable[[Row], dict[str, list[int]]]
) -> list[Row]:
    """Return the rows of a table with the units of the headings added to bare numbers.

    A table with a column of units is returned unchanged.
    """
    units: dict[int, tuple[str, str]] = {}
    made: dict[tuple[int, str], TableCell] = {}
    result = []
    for row in rows:
        roles = column_roles(row)
        if roles:
            units = {} if "unit" in roles else _units_of(row, roles)
            result.append(row)
            continue
        cells = list(row)
        for column, (each, unit) in units.items():
            if column < len(row) and _BARE.fullmatch(normalize(row[column].text.strip())):
                text = f"{each}{row[column].text.strip()}{unit}"
                cells[column] = made.setdefault((id(row[column]), text), TableCell((text,)))
        result.append(tuple(cells))
    return result


def find_counted_column(row: Row) -> list[int]:
    """Return the first column whose heading is a unit such as 课时数 or 服务人次, or []."""
    for column, cell in enumerate(row):
        match = _HEADING.fullmatch(re.sub(r"\s|[（(][^（）()]*[）)]$", "", cell.text))
        if match and not match["each"]:
            return [column]
    return []


def _units_of(row: Row, roles: dict[str, list[int]]) -> dict[int, tuple[str, str]]:
    """Return the words before and after the numbers of each column, such as 每场 and 人."""
    foreign = {c for role in ("number", "score", "ignored") for c in roles.get(role, ())}
    units = {}
    for column, cell in enumerate(row):
        heading = re.sub(r"\s", "", cell.text)
        bracket = _BRACKET.search(heading)
        plain = re.sub(r"[（(][^（）()]*[）)]$", "", heading)
        match = _HEADING.fullmatch(plain)
        if column in foreign or not (bracket or match):
            continue
        each = (match["each"] or "") if match else ""
        unit = bracket["unit"] if bracket else match["unit"] if match else ""
        unit = unit.removesuffix("数") if unit.endswith("次数") and len(unit) > 2 else unit
        units[column] = (each, _UNITS.get(unit, unit))
    return units
