"""Loads the word lists of ``words.yaml``, and builds item names with them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from sgtrack.model.text import any_spaced, longest_first
from sgtrack.model.units import SPELLINGS, UNITS

LONGEST = 18
AGES = r"\d+\s?(?:周岁|岁)(?:以上|以下)?"
"""Pattern of ages, which are neither amounts nor parts of a name."""
_NOUN = re.compile(r"\s?(?P<noun>[一-龥“”A-Za-z/]{2,16})")
_AFTER_UNIT = (
    *("以上", "以下", "左右", "以内", "其中", "每", "及以上", "不少于", "并", "用于", "参加", "各"),
    "进行考核",
)


@cache
def _load_lists() -> dict[str, Any]:
    from ruamel.yaml import YAML  # noqa: PLC0415 - only to read a document

    text = (files("sgtrack.tender") / "words.yaml").read_text(encoding="utf-8")
    lists: dict[str, Any] = YAML(typ="safe").load(text)
    lists["unit_of"] = {unit: unit for unit in UNITS} | SPELLINGS
    lists["reason_of"] = {
        unit: reason for reason, units in lists["no_target_units"].items() for unit in units
    }
    return lists


def word_list(key: str) -> Any:
    """Return a list or mapping of ``words.yaml``, where comments explain each key.

    Two keys are not in the file: ``unit_of`` maps each spelling of a unit to the unit of the target
    format. ``reason_of`` maps a unit to the reason why its numbers are not targets.
    """
    return _load_lists()[key]


def has_word(key: str, text: str) -> bool:
    """Return whether a text contains a word of the list ``key``."""
    return any(word in text for word in word_list(key))


@cache
def _edges() -> tuple[tuple[str, ...], re.Pattern[str]]:
    last = [*word_list("name_not_last"), *word_list("at_least")]
    frequencies = [phrase for ways in word_list("frequencies").values() for phrase in ways]
    return (
        longest_first([*word_list("name_not_first"), *frequencies]),
        re.compile(
            rf"(?:{any_spaced([*last, *frequencies, *word_list('about')])}|[\s：:、，（(])+$"
        ),
    )


def trim_name(words: str) -> str:
    """Strip verbs, comparisons and frequencies from both ends of a name, and remove brackets."""
    firsts, last = _edges()
    text = re.sub(r"（[^（）]*）|\([^()]*\)", "", words)
    text = re.sub(r"^(?:[之以]?内|[及或]?以[上下]的?)(?![部容控涵务])(?=[一-龥])", "", text.strip())
    text = re.sub(r"\d*年?\d+月(?:底|末|\d+[日号])?之?前?|\d+[日号]之?前", "", text)
    text = re.sub(r"^[底末之以]?前(?=[一-龥])", "", text)
    text = re.sub(r"(?<=[一-龥，])\s+|\s+(?=[一-龥，])", "", text)
    text = re.sub(r"[（）()《》【】\[\]“”\"‘’]", "", text).strip(" 　：:、，。；;,.-—·*#|")
    while True:
        before = text
        text = last.sub("", text)
        for first in firsts:
            protected = text.startswith(tuple(word_list("name_keeps")))
            if text.startswith(first) and len(text) > len(first) + 1 and not protected:
                text = text[len(first) :].lstrip(" ：:、，")
                break
        else:
            if text in firsts:
                text = ""
        if text == before:
            return text


def shorten_name(name: str) -> str:
    """Shorten a name to at most 18 characters; keep its end, which names the topic."""
    name = re.sub(r"(村|镇|乡|街道|社区)·(社区|街道|居|村|乡|镇)", r"\1（\2）", name)
    if len(name) <= LONGEST:
        return name
    for cut in ("的", "等", "，", "、", "开展", "进行"):
        tail = name.rpartition(cut)[2]
        if 4 <= len(tail) <= LONGEST:
            return trim_name(tail) or tail
    return name[-LONGEST:].lstrip("、的和与及")


def find_noun(text: str, end: int) -> str:
    """Return the noun after an amount (培训 in 4次培训), or an empty string."""
    match = _NOUN.match(text, end)
    if not match or match["noun"].startswith(_AFTER_UNIT):
        return ""
    return trim_name(match["noun"])
