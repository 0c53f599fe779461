"""The place a sentence speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sgtrack.sentence.vocabulary import vocabulary

_INNER = r"[^，。；、！？!,;“”《》\s]"
_NO_PLACE = re.compile(
    r"^(?:现|场|进|内|实|过|家|岗|职|校|册|外|心|点|位|全|会|户|达|人|社区|街道|村|镇|县|校园)$|"
    r"\d|开展|举办|组织|过程|方面|基础|支持|指导|带领|引导|帮助|配合|协助下|月|日上午|日下午|其中|"
    r"居民|群众|一起|参与|服务对象"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the text words it, and where it stands."""

    words: str
    start: int


def find_place(text: str) -> Place | None:
    """The first place that a preposition leads to: 在社区广场开展, 走进天池小学, 到李大爷家中."""
    known = _patterns()
    begin = 0
    while match := known.at.search(text, begin):
        begin = match.start() + 1
        if match["at"] in ("在", "到", "至", "进") and _part_of_word(text, match):
            continue
        words, end = match["place"], match.end("place")
        # 在仙鹤观社区|文化广场: what follows at once and is a place as well belongs to it.
        while (more := known.longer.match(text, end)) and not known.follows.match(text, end):
            if _NO_PLACE.search(more[0]):
                break
            words, end = words + more[0], more.end()
        if not _NO_PLACE.search(words):
            return Place(words, match.start("place"))
    return None


def _part_of_word(text: str, match: re.Match[str]) -> bool:
    """Whether 在 or 到 is the end or the beginning of another word: 存在, 达到, 到位, 进一步."""
    before = text[: match.start()][-1:]
    after = text[match.start("place") :][:2]
    at = match["at"]
    if at in ("到", "至") and (before in "达得收感受遇做看听学找接提直截甚乃" and before):
        return True
    if at == "在" and before in ("存", "实", "现", "旨", "好", "正"):
        return before != "现" or not after
    return at == "进" and (
        before in ("推", "促", "增", "改", "先", "引") or after in ("一步", "行")
    )


@dataclass(frozen=True, slots=True)
class _Patterns:
    at: re.Pattern[str]
    longer: re.Pattern[str]
    follows: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    noun = "|".join(sorted(vocabulary().place_ends, key=len, reverse=True))
    follows = "|".join(vocabulary().after_place)
    after = rf"(?=(?:{follows})|[，。；、！!,;“《（(\s]|$)"
    at = "来到|走进|前往|深入|走到|去到|赶到|赴|在|于|到|至|去了?|进"
    return _Patterns(
        at=re.compile(rf"(?P<at>{at})(?P<place>{_INNER}{{0,22}}?(?:{noun})){after}"),
        longer=re.compile(rf"{_INNER}{{0,12}}?(?:{noun}){after}"),
        follows=re.compile(follows),
    )
