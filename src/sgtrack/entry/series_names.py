"""Reads the name, the session's number and the session's theme from titles of groups and cases.

``夕阳红小组第二节``, ``夕阳红 小组`` and ``“夕阳红”小组（第2次）：认识情绪`` are sessions of one
group. Two titles mean the same group if their names have the same key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count

from sgtrack.model.name_forms import COMMON_SURNAMES
from sgtrack.model.numerals import HAN_NUMERALS, parse_number

_OPEN, _CLOSE = '“‘「『《〈【"', '”’」』》〉】"'
_QUOTED = re.compile(f"[{_OPEN}]([^{_OPEN}{_CLOSE}]*)[{_CLOSE}]")
_NOUN = "小组|个案|团体|工作坊|训练营|沙龙|互助会"
"""Words for a group or a case, which end its name."""
_HELD = "活动|服务|课程|课|聚会|会议|会面|面谈|会谈|访谈|辅导|工作|介入|跟进|开展|系列|主题"
"""Words for what is done in a session."""
_NUMBER = rf"(?:\d{{1,3}}|[{HAN_NUMERALS}]{{1,5}})"
_OCCASION = r"(?:节|次|期|场|讲|课|回)(?![堂题程外间望所地馆家族日能气要序座])"
_MORE = rf"(?:\s*[-—~～至到和与及、,]\s*第?\s*{_NUMBER}\s*)"
_MARK = re.compile(
    rf"第\s*(?P<number>{_NUMBER})\s*(?P<more>{_MORE}+)?{_OCCASION}(?:\s*(?:{_HELD}))*"
    rf"|(?P<first>首)[节次场期](?:\s*(?:{_HELD}))*|之(?P<last>{_NUMBER})$"
    rf"|(?:最后一|末)[节次场期](?:\s*(?:{_HELD}))*"
)
"""Words for the number of a session: 第二节, 第2次活动, 首节, 最后一节, or 之三 at the end."""
_RUN = re.compile(rf"第\s*{_NUMBER}\s*期")
"""The number of a run of a group, if the number of a session follows: 第二期第3节."""
_SEPARATOR = re.compile(r"[:;,、|/\n]|[-—–~·]{2,}|(?<![0-9A-Za-z])[-—–~]|[-—–~](?![0-9A-Za-z])")
_AFTER_NOUN = re.compile(rf"(?<=小组|个案|团体|沙龙)(?:{_HELD})*[\s·之](?=\S)")
"""A space or dot between the name of a group and a theme: 夕阳红小组 认识情绪."""
_GENERIC = re.compile(rf"(?:{_NOUN}|{_HELD}|本[节次期场]|[的为是以])*")
_VAGUE = rf"新[开增接建立设]|开[设办]|成立|[今本]年|[\d{HAN_NUMERALS}]*[个例](?=个案|小组)|一老一小"
"""Words before 小组 or 个案 that only introduce or count it, such as 新建, 成立 or 2个."""
_TAIL = re.compile(rf"(?<=小组|个案|团体|沙龙)(?:{_HELD})+$")
_NAME_BEFORE_QUOTE = re.compile(
    rf"(?P<name>.*?(?:{_NOUN})(?:{_HELD})*[{_CLOSE}]?)\s*(?P<rest>[{_OPEN}].+)$"
)
"""A name with a quotation after it: “夕阳红”小组“认识情绪”主题活动."""
_THEME_WORD = re.compile(
    rf"^(?:本[节次期场])?(?:的)?主题(?:为|是)?|^[的之]|主题(?:{_HELD})$|^(?:{_NOUN}|{_HELD})+(?=\()"
)
_HAN_SPACE = re.compile(r"(?<![!-~])\s+|\s+(?![!-~])")
"""Spaces that do not stand between two Latin letters or digits."""
_EDGES = " \t·。.!:;,、|/—–~-\n"
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xB7: ord("·")}
"""Full-width letters, digits and punctuation, and the usual forms of them."""
_LABELS = frozenset("0123456789零〇一二三四五六七八九十甲乙丙丁戊己庚辛壬癸东南西北中上下男女")
"""Characters that distinguish groups on purpose, as in 个案甲 and 个案乙; so do Latin letters."""
_SURNAMES = frozenset(COMMON_SURNAMES)
_SHORTEST_FUZZY, _LONG = 3, 6
"""Minimum length in characters of names that may differ in one character, and in two."""


@dataclass(frozen=True, slots=True)
class SeriesTitle:
    """The parts of a session's title.

    Fields that need an explanation:
        name: the name of the group or case, empty if the title has none.
        session: the number of the session, or None.
        theme: the theme of the session.
        rest: words about sessions that are not a single number, such as 第1-2节 or 最后一节.
    """

    name: str
    session: int | None = None
    theme: str = ""
    rest: str = ""

    @property
    def note(self) -> str:
        """The words of the title that are neither name nor number, as they stand in a note."""
        theme = f"主题：{self.theme}" if self.theme else ""
        return "；".join(part for part in (theme, self.rest) if part)


@lru_cache(1024)
def series_key(title: str) -> str:
    """Return a key that all titles of one group have in common.

    The key has no spaces, quotation marks, brackets and punctuation, except between two digits or
    Latin letters, where they make a difference: 3-1 is not 31.
    """
    return _key_of_name(read_series_title(title).name)


def read_series_title(title: str, known: Iterable[str] = ()) -> SeriesTitle:
    """Read the name of the group, the number of the session and the theme from a title.

    If several readings are possible, one whose name is in ``known`` takes precedence. For example,
    认识情绪 in “认识情绪”互助小组 is a theme if 互助小组 is known.
    """
    before, after, session, rest = _split_at_mark(title.translate(_WIDE).strip())
    readings = list(_possible_names(before, after))
    keys = {_key_of_name(name) for name in known}
    name, themes = next((r for r in readings if _key_of_name(r[0]) in keys), readings[0])
    theme = "；".join(dict.fromkeys(filter(None, map(_tidy_theme, themes))))
    return SeriesTitle(_tidy_name(name), session, theme, rest)


def next_name(name: str, keys: Container[str]) -> str:
    """Return a name for another group of the same name: 夕阳红小组（二）, then 夕阳红小组（三）.

    ``keys`` are the keys of the groups that exist.
    """
    first = re.sub(rf"（[{HAN_NUMERALS}]+）$", "", name)
    numbers = ("二", "三", "四", "五", "六", "七", "八", "九", "十")
    names = (f"{first}（{number}）" for number in chain(numbers, count(11)))
    return next(other for other in names if series_key(other) not in keys)


def is_generic(name: str) -> bool:
    """Return whether a name is empty or too general to identify a group, such as 小组活动."""
    return not _core(name)


def is_close(name: str, other: str) -> bool:
    """Return whether two different names may refer to the same group.

    Two names are close if one contains the other, apart from words such as 小组. They are also
    close if they differ in one character, or in two if both have six or more. Names are not close
    if they differ in a number, in a letter of a list such as 甲 and 乙, or in the surnames of two
    people.
    """
    one, two = sorted((_core(name), _core(other)), key=len)
    if one == two:
        return True
    if len(one) < 2:
        return False
    if one in two:
        return not _splits_number(one, two)
    if len(one) == len(two):
        differing = [n for n in range(len(one)) if one[n] != two[n]]
        pairs = [(one[n], two[n]) for n in differing]
        if any(set(pair) <= _LABELS or "".join(pair).isascii() for pair in pairs):
            return False
        if len(pairs) == 2 and pairs[0] == pairs[1][::-1]:
            return len(one) >= _SHORTEST_FUZZY
        if _are_people(one, two, differing[0]) or len(pairs) > 2:
            return False
        return _may_differ(len(one), len(pairs)) or _sounds_same(one, two)
    return _may_differ(len(two), _count_edits(one, two))


def _split_at_mark(text: str) -> tuple[str, str, int | None, str]:
    """Split a title at the number of its session.

    Returns:
        The text before it, the text after it, the number or None, and words about several sessions
        or a number that is not a session.
    """
    marks = list(_MARK.finditer(text))
    if len(marks) > 1 and _RUN.match(marks[0][0]):
        marks = marks[1:]
    if not marks:
        return text, "", None, ""
    numbers = {_number_of(mark) for mark in marks}
    number = numbers.pop() if len(numbers) == 1 else None
    before, after = text[: marks[0].start()], text[marks[-1].end() :]
    rest = "" if number else text[marks[0].start() : marks[-1].end()]
    inside = before.rpartition("(")
    if inside[1] and ")" not in inside[2]:
        inner, _, outer = after.partition(")")
        before, after = f"{inside[0]}\n{inside[2]}".strip("\n"), f"{inner}\n{outer}".strip("\n")
    return before, after, number, rest.strip()


def _number_of(mark: re.Match[str]) -> int | None:
    if mark["first"]:
        return 1
    words = mark["number"] or mark["last"] or ""
    if mark["more"] or re.search("[一二三四五六七八九]{2}", words):  # 第一二节 are two sessions.
        return None
    return int(parse_number(words) or 0) or None


def _possible_names(before: str, after: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the possible names of a title, each with the themes that remain; the likely one first.

    ``before`` and ``after`` are the texts before and after the number of the session.
    """
    noun = re.match(rf"[^{_OPEN}{_CLOSE}:;,、\s]{{0,8}}?(?:{_NOUN})(?:{_HELD})*", after)
    if noun and not re.search(rf"(?:{_NOUN})(?:{_HELD})*[{_CLOSE}]?\s*$", before):
        before, after = before + noun[0], after[noun.end() :]
    text = _AFTER_NOUN.sub("\n", f"{before}\n{after}" if after else before)
    chunks = [chunk for chunk in _split_outside_quotes(text) if _key_of_name(chunk)]
    named = [c for c in chunks if re.search(_NOUN, c) and not _is_generic_text(c)]
    telling = [chunk for chunk in chunks if not _is_generic_text(chunk)]
    # The last resort is a title of general words only, such as 小组活动.
    chunk = next(iter((*named, *telling, *chunks)), "")
    others = [other for other in chunks if other is not chunk and not _is_generic_text(other)]
    quoted = [match[1] for match in _QUOTED.finditer(chunk)]
    plain = _QUOTED.sub("", chunk)
    whole = chunk, others
    outside = plain, [*quoted, *others]
    before_quote = _NAME_BEFORE_QUOTE.match(chunk)
    if before_quote and not _is_generic_text(before_quote["name"]):
        rest = before_quote["rest"]
        themes = [*(match[1] for match in _QUOTED.finditer(rest)), _QUOTED.sub("", rest)]
        yield before_quote["name"], [*themes, *others]
        yield whole
    elif len(quoted) > 1 and _is_generic_text(plain):
        own = re.search(rf"[{_OPEN}]([^{_CLOSE}]+)[{_CLOSE}]\s*(?:{_NOUN})", chunk)
        name = own[1] if own else next((q for q in quoted if re.search(_NOUN, q)), quoted[0])
        yield name + (plain if own else ""), [*(q for q in quoted if q != name), *others]
    elif not quoted or _is_generic_text(plain):
        yield whole
    else:
        yield whole
        yield outside
    for text in quoted:
        yield text, [plain, *(q for q in quoted if q is not text), *others]


def _split_outside_quotes(text: str) -> list[str]:
    """Split a text at separators that do not stand within quotation marks."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    chunks, start = [], 0
    for match in _SEPARATOR.finditer(text):
        if not any(begin < match.start() < end for begin, end in quoted):
            chunks.append(text[start : match.start()])
            start = match.end()
    return [*chunks, text[start:]]


def _is_generic_text(text: str) -> bool:
    return _GENERIC.fullmatch(_key_of_name(text)) is not None


def _tidy_name(name: str) -> str:
    """Return a name without quotation marks, padding and 活动 at the end."""
    bare = re.sub(rf"[{_OPEN}{_CLOSE}]", "", name.replace("()", "")).strip(_EDGES)
    bare = _HAN_SPACE.sub("", bare)
    if any("\u3400" <= ch <= "\u9fff" for ch in bare):
        bare = bare.replace("(", "（").replace(")", "）")
    return _TAIL.sub("", bare)


def _tidy_theme(theme: str) -> str:
    bare = re.sub(rf"[{_OPEN}{_CLOSE}]", "", theme).strip(_EDGES)
    bare = _THEME_WORD.sub("", bare).strip(_EDGES)
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip(_EDGES)
    return "" if _is_generic_text(bare) else bare


def _key_of_name(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"(?<![0-9a-z])[\W_]+|[\W_]+(?![0-9a-z])", "", folded)


def _core(name: str) -> str:
    """Return the key of a name without general words such as 小组 at its start and end."""
    key = _key_of_name(read_series_title(name).name)
    general = f"{_NOUN}|{_HELD}|兴趣|的"
    return re.sub(rf"^(?:{_VAGUE}|{general})+|(?:{general})+$", "", key)


def _splits_number(part: str, whole: str) -> bool:
    """Return whether a part ends or begins within a number or word: 关爱1 in 关爱12."""
    start = whole.index(part)
    end = start + len(part)
    edges = (whole[max(start - 1, 0) : start + 1], whole[end - 1 : end + 1])
    return any(len(edge) == 2 and edge.isascii() and edge.isalnum() for edge in edges)


def _are_people(one: str, two: str, place: int) -> bool:
    """Return whether two names differ first in the surname of a person: 王奶奶 and 李奶奶."""
    pair = {one[place], two[place]}
    return (pair <= _SURNAMES and not _sounds_same(one[place], two[place])) or (
        one[place + 1 : place + 2] == "某" == two[place + 1 : place + 2]
    )


def _may_differ(length: int, edits: int) -> bool:
    return length >= (_SHORTEST_FUZZY if edits == 1 else _LONG) and edits <= 2


def _count_edits(one: str, two: str) -> int:
    """Return the number of characters to replace, insert or remove to turn ``one`` into ``two``."""
    row = list(range(len(two) + 1))
    for n, ch in enumerate(one, start=1):
        previous, row = row, [n]
        for m, other in enumerate(two, start=1):
            row.append(min(previous[m] + 1, row[-1] + 1, previous[m - 1] + (ch != other)))
    return row[-1]


def _sounds_same(one: str, two: str) -> bool:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary is slow to load

    return list(lazy_pinyin(one)) == list(lazy_pinyin(two))
