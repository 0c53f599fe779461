"""Recounts the year from ``tests/data/year.txt`` alone.

Nothing of sgtrack is used here. What each indicator is comes from the contract as ``targets
--json`` gives it; how things are counted is written out once more, from the design's words.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from datetime import date
from typing import Any

YEAR = 2026
Key = tuple[str, str | None, str, str | None]
"""Item, unit, kind and rhythm."""


@dataclass
class Line:
    """A line of the year: what was typed on a day."""

    day: date
    label: str
    words: list[str]

    @property
    def command(self) -> str:
        return self.words[0]


@dataclass
class Happened:
    """An activity after all corrections."""

    day: date
    items: list[str]
    amounts: dict[str, float]
    title: str = ""
    kind: str = ""
    names: list[str] = field(default_factory=list)
    closed: bool = False


def read(text: str) -> list[Line]:
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            month_day, rest = line.split(" ", 1)
            month, day = month_day.split("-")
            label, *rest_words = shlex.split(rest)
            if not label.startswith("["):
                label, rest_words = "", [label, *rest_words]
            found.append(Line(date(YEAR, int(month), int(day)), label, rest_words))
    return found


def happened(lines: list[Line]) -> list[Happened]:
    """The activities that count, with the briefs that were handed in."""
    found: dict[str, Happened] = {}
    for n, line in enumerate(lines):
        match line.command:
            case "log":
                found[line.label or f"line {n}"] = _activity(line)
            case "amend":
                amounts = found[line.words[1]].amounts
                for word in line.words[2 : line.words.index("-r")]:
                    amount, unit = _amount(word)
                    amounts[unit] = amount
            case "void":
                del found[line.words[1]]
            case "brief":
                month = int(line.words[line.words.index("--month") + 1])
                found[f"brief {month}"] = Happened(line.day, ["10.3.1"], {"期": 1})
    return list(found.values())


def recount(contract: list[dict[str, Any]], lines: list[Line], people: list[str]) -> dict[Key, Any]:
    """What every indicator of the contract has at the end of the year."""
    part_of = {one["item"]: one["part_of"] for one in contract}
    activities = happened(lines)

    def serving(item: str) -> list[Happened]:
        return [a for a in activities if any(item in _up(part_of, own) for own in a.items)]

    found: dict[Key, Any] = {}
    for one in contract:
        mine = serving(one["item"])
        unit = one["unit"]
        match one["kind"]:
            case "milestone":
                actual: float = 1 if mine else 0
            case "coverage":
                actual = len({a.kind for a in mine if a.kind})
            case "per_person":
                actual = min(
                    sum(a.amounts.get(unit, 0) for a in mine if name in a.names) for name in people
                )
            case _ if one["item"] in ("6.8.1", "6.8.2"):
                actual = len({a.title for a in mine})
            case _ if unit in ("人", "名", "支"):
                counted = sum(a.amounts.get(unit, 0) for a in mine)
                named = [name for a in mine for name in a.names]
                actual = counted - len(named) + len(set(named))
            case _:
                actual = sum(a.amounts.get(unit, 0) for a in mine)
        found[one["item"], unit, one["kind"], one["per"]] = actual
    return found


def _activity(line: Line) -> Happened:
    made = Happened(line.day, [line.words[1]], {})
    words = line.words[2:]
    while words:
        word, *words = words
        if word == "--close":
            made.closed = True
        elif word == "-e":
            while words and not words[0].startswith("-"):
                words = words[1:]
        elif word in ("-d", "-t", "--also", "--who", "--type", "-r"):
            value, *words = words
            if word == "-d":
                month, day = value.split("-")
                made.day = date(YEAR, int(month), int(day))
            elif word == "-t":
                made.title = value
            elif word == "--also":
                made.items.append(value)
            elif word == "--who":
                made.names = value.split("、")
            elif word == "--type":
                made.kind = value
        else:
            amount, unit = _amount(word)
            made.amounts[unit] = amount
    return made


def _amount(word: str) -> tuple[float, str]:
    match = re.fullmatch(r"([\d.]+)(\D+)", word)
    assert match is not None, word
    return float(match[1]), match[2]


def _up(part_of: dict[str, str | None], item: str | None) -> set[str]:
    found: set[str] = set()
    while item is not None:
        found.add(item)
        item = part_of[item]
    return found
