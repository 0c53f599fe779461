"""Finds names in texts in every form in which people write them.

The forms of a name differ in Unicode normalization, in full-width and half-width characters, in
upper and lower case, in the kinds of apostrophes, hyphens and dots, in the number of spaces, and in
spaces that pad a Chinese name, as in 张　三. Two forms of the same name have the same folded text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import add
from typing import NamedTuple

SHORTEST = 2
"""Minimum number of characters of a name to find; single characters occur in too many words."""
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_COMBINING = (
    "\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
)
_QUOTED_APOSTROPHE = "'\"'\"'"
"""An apostrophe within single quotes as ``shlex.quote`` writes it in a command line."""
_CLUSTER = re.compile(f"{_QUOTED_APOSTROPHE}|.[{_COMBINING}{_INVISIBLE}]*", re.DOTALL)
_VARIANTS = (
    dict.fromkeys("‘’‛ʻʼ＇`´′", "'") | dict.fromkeys("‐‑‒–−", "-") | dict.fromkeys("•‧・∙⋅･", "·")
)
_VARIANT = re.compile(f"{_QUOTED_APOSTROPHE}|[{''.join(_VARIANTS)}{_INVISIBLE}]")
"""Characters that are replaced with the usual one, and invisible ones, which are left out."""
_USUAL = {_QUOTED_APOSTROPHE: "'", **_VARIANTS}
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
COMMON_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石"
    "金韦贾夏付方邹熊白孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万"
)
"""Frequent Chinese surnames of one character."""
_PADDING = re.compile(f"(?<=[{_HAN})])\\s+(?=[{_HAN}(])")
"""Spaces and line breaks within a name, or between a name and a bracket: 张丁 (南街)."""
_SPACES = re.compile(r"\s{2,}|[^\S ]")
_FOLDED = re.compile("[\u4e00-\u9fff0-9a-z、。_/.:-]*")
"""A pattern of texts that folding does not change, such as most titles and places."""


class Occurrence(NamedTuple):
    """The position of a name in a text, and the known name of which it is a form."""

    start: int
    end: int
    name: str


def fold_text(text: str) -> str:
    """Return the folded text, which is the same for all forms of a name."""
    return _SPACES.sub(" ", _PADDING.sub("", _fold_characters(text)))


class NameFinder:
    """Finds certain names in texts."""

    def __init__(self, names: Iterable[str], is_letter: Callable[[str], bool]) -> None:
        """Set the names to find; names of one folded character are left out.

        ``is_letter`` returns whether a folded character continues a word. A name of such
        characters is not found inside a longer word.
        """
        self._is_letter = is_letter
        self._names = frozenset(names)
        self._starting: dict[str, dict[str, str]] = defaultdict(dict)
        for name in sorted(self._names):
            folded = fold_text(name).strip()
            if len(folded) >= SHORTEST:
                self._starting[folded[:SHORTEST]].setdefault(folded, name)

    def find(self, text: str) -> list[Occurrence]:
        """Find the names in a text, from left to right; of overlapping names, find only the first.

        Of several names that begin at the same place, one without padding takes precedence over one
        with padding, and then a longer one over a shorter one.
        """
        if not self._starting:
            return []
        is_folded = _FOLDED.fullmatch(text) is not None
        folded = text if is_folded else fold_text(text)
        # This check is fast and skips the search in most texts.
        if self._starting.keys().isdisjoint(map(add, folded, folded[1:])):
            return []
        spans: Sequence[tuple[int, int]]
        if is_folded:
            spans = [(place, place + 1) for place in range(len(text))]
        else:
            folded, spans = _fold_with_spans(text)
        found: list[Occurrence] = []
        place = 0
        while place < len(folded):
            best: tuple[bool, int, str] | None = None
            for form, name in self._starting.get(folded[place : place + SHORTEST], {}).items():
                if folded.startswith(form, place) and not self._within_word(folded, place, form):
                    raw = text[spans[place][0] : spans[place + len(form) - 1][1]]
                    padded = len(raw.split()) > len(form.split())
                    best = max(best or (False, 0, ""), (not padded, len(form), name))
            if best is None:
                place += 1
                continue
            _, length, name = best
            start, end = spans[place][0], spans[place + length - 1][1]
            exact = text[start:end]
            found.append(Occurrence(start, end, exact if exact in self._names else name))
            place += length
        return found

    def _within_word(self, folded: str, place: int, form: str) -> bool:
        """Return whether the name at ``place`` is part of a longer word."""
        is_letter, end = self._is_letter, place + len(form)
        before = place > 0 and is_letter(folded[place - 1]) and is_letter(form[0])
        return before or (end < len(folded) and is_letter(folded[end]) and is_letter(form[-1]))


def _fold_with_spans(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the folded text, and the span in ``text`` of each of its characters."""
    signs: list[str] = []
    spans: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        for sign in _fold_cluster(cluster[0]):
            signs.append(sign)
            spans.append(cluster.span())
    folded = "".join(signs)
    padding = {place for gap in _PADDING.finditer(folded) for place in range(*gap.span())}
    padding |= {n for gap in _SPACES.finditer(folded) for n in range(gap.start() + 1, gap.end())}
    kept = [place for place in range(len(folded)) if place not in padding]
    shown = (" " if signs[place].isspace() else signs[place] for place in kept)
    return "".join(shown), [spans[place] for place in kept]


def _fold_characters(text: str) -> str:
    """Return the folded text; each character is folded alone, with its combining characters."""
    same = _VARIANT.sub(lambda variant: _USUAL.get(variant[0], ""), text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", same).casefold())


_fold_cluster = lru_cache(maxsize=4096)(_fold_characters)
