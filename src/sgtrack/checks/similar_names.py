"""Names that may be one person in two spellings: 张伟 and 张玮, 王 小明 and 王小明."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable


def alike(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The groups of different names that sound the same, in the order they first appear.

    A name's sound is its pinyin without tones; spaces, dots and letter case do not count.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        groups[_sound(name)].append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _sound(name: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary is slow to load

    letters = "".join(ch for ch in unicodedata.normalize("NFKC", name) if ch.isalnum())
    return " ".join(lazy_pinyin(letters)).lower()
