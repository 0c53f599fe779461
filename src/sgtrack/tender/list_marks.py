"""Reads list marks (一、（一）1. 1.1 （1） ① ●) and nests lines by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sgtrack.model.numerals import parse_number

_HAN = "[一二三四五六七八九十]{1,3}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STYLES: tuple[tuple[str, str], ...] = (
    ("chapter", rf"第\s?({_HAN}|\d+)\s?[章节部编]分?[、：:.．\s]*"),
    ("article", rf"第\s?({_HAN}|\d+)\s?条[、：:.．\s]*"),
    ("han", rf"({_HAN})\s?[、.．]"),
    ("han_is", rf"({_HAN})是"),
    ("han_bracket", rf"[（(]\s?({_HAN})\s?[)）][、.．]?"),
    ("dotted", r"(\d{1,2}(?:\s?[.．]\s?\d{1,2}){1,4})(?![\d%％]|\s?[.．]?\s?[万元])[.．、]?\s*"),
    # The last alternative is a heading with a blank: 2 服务指标要求.
    (
        "number",
        r"(\d{1,3})(?:\s?(?:[、]|[.．](?!\d)|[.．](?=\d{4}年))|(?=\s+[一-龥（）]{2,16}$))\s*",
    ),
    ("bracket", r"[（(]\s?(\d{1,3})\s?[)）][、.．]?"),
    ("half_bracket", r"(\d{1,3})\s?[)）][、.．]?"),
    ("circled", rf"([{_CIRCLED}])[、.．]?"),
    ("letter", r"([A-Za-z])\s?[.．、)）]"),
    ("bullet", r"([●•◆★▲■□◇○▪➢➤▶►√✓✔☑◎·※]|[-—*]\s)\s*"),
)
_MARK = re.compile("|".join(rf"(?P<{name}>{pattern})" for name, pattern in _STYLES))


@dataclass(frozen=True, slots=True)
class ListMark:
    """The list mark of a line.

    ``value`` is its number, or 0 for a bullet or letter. ``depth`` is 2 for 1.1, 3 for 1.1.1, and 0
    for other styles.
    """

    style: str
    value: int
    words: str
    depth: int = 0


@dataclass
class OutlineNode:
    """A line of an outline with its children; the root has an empty text."""

    mark: ListMark | None
    text: str
    children: list[OutlineNode] = field(default_factory=list)

    def walk(self) -> Iterable[OutlineNode]:
        """Yield this node and all its descendants, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_mark(line: str) -> tuple[ListMark | None, str]:
    """Return the list mark of a line, or None, and the rest of the line.

    Remove a star before the mark, which tenders put before mandatory clauses.
    """
    line = re.sub(r"^[★☆▲△*#]\s?(?=[\d（(一二三四五六七八九十①-⑳])|^[★☆]\s?", "", line)
    match = _MARK.match(line)
    if match is None:
        return None, line
    style, pattern = next(named for named in _STYLES if match[named[0]] is not None)
    inner = re.match(pattern, line)
    phrase = inner[1] if inner else ""
    rest = line[match.end() :].lstrip()
    if style == "dotted":
        parts = re.split(r"\s?[.．]\s?", phrase)
        return ListMark(style, int(parts[-1]), match[0], len(parts)), rest
    if style == "circled":
        return ListMark(style, _CIRCLED.index(phrase) + 1, match[0]), rest
    if style == "bullet":  # Lines with another sign are on another level.
        return ListMark(f"bullet {phrase.strip()}", 0, match[0]), rest
    value = parse_number(phrase) if style != "letter" else None
    return ListMark(style, int(value or 0), match[0]), rest


_INLINE = (
    ("bracket", r"[（(]\s?{n}\s?[)）][、.．]?"),
    ("circled", r"{c}[、.．]?"),
    ("number", r"(?<![\d.．]){n}\s?(?:[、]|[.．](?!\d)|[.．](?=\d{{4}}年))"),
    ("half_bracket", r"(?<![\d（(]){n}\s?[)）][、.．]?"),
    ("han_bracket", r"[（(]\s?{h}\s?[)）][、.．]?"),
    ("han_is", "{h}是"),
)
_HAN_ONES = "一二三四五六七八九十"


def split_inline(line: str) -> list[str]:
    """Split a line before each numbered clause in it, the outer list before the inner ones.

    The numbers must be consecutive (1. 2. 3.), each at the start of the line or after punctuation.
    """
    first, _ = read_mark(line)
    lists = [_cuts(line, style, pattern, first) for style, pattern in _INLINE]
    cuts = min((cuts for cuts in lists if len(cuts) > 1), default=[])
    if not cuts:
        return [line]
    pieces = [line[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(line)], strict=True)]
    head = line[: cuts[0]].strip()
    return [inner for piece in (head, *pieces) if piece for inner in split_inline(piece)]


def _cuts(line: str, style: str, pattern: str, first: ListMark | None) -> list[int]:
    """Return the positions of the consecutive marks of one style."""
    value = first.value if first is not None and first.style == style else 1
    cuts: list[int] = []
    at = 0
    while value <= 20:
        form = pattern.format(n=value, c=_CIRCLED[value - 1], h=_HAN_ONES[min(value, 10) - 1])
        match = re.compile(rf"(?:^|(?<=[。；;：:，,！\s]))\s*(?:{form})").search(line, at)
        if match is None:
            break
        cuts.append(match.start())
        at, value = match.end(), value + 1
    return cuts


def build_outline(lines: Iterable[str], is_title: Callable[[str], bool]) -> OutlineNode:
    """Nest lines by their list marks, and return the root.

    A line without a mark is put under the last marked line, unless ``is_title`` is true for it.
    """
    root = OutlineNode(None, "")
    open_: list[OutlineNode] = [root]
    inner: dict[str, int] = {}
    for line in lines:
        for piece in split_inline(line):
            mark, text = read_mark(piece)
            if mark is None and is_title(text):
                mark = ListMark("title", 0, "")
            if mark is None:
                open_[-1].children.append(OutlineNode(None, text))
                continue
            if not _continue_inner(open_, mark, text, inner):
                _close(open_, mark)
            node = OutlineNode(mark, text)
            open_[-1].children.append(node)
            open_.append(node)
    return root


def _continue_inner(
    open_: list[OutlineNode], mark: ListMark, text: str, inner: dict[str, int]
) -> bool:
    """Place a mark in a list below a heading whose mark has the same style, if it fits there.

    In 1.基础服务 1.探访300人次 2.义诊4次 2.文体活动 3.演出2场, the inner list has its own
    numbers. ``inner`` holds the last number of the inner list by style. If the mark fits, close the
    nodes below the heading and return True.
    """
    same = [n for n in open_ if n.mark is not None and n.mark.style == mark.style]
    if mark.style not in _COUNTED or not same or not _is_bare_heading(same[0].text):
        return False
    outer, value = same[0], same[0].mark.value if same[0].mark else 0
    last = inner.get(mark.style, 0)
    below = mark.value in (1, last + 1) if len(same) > 1 or last else mark.value == 1
    if mark.value == value + 1 and (_is_bare_heading(text) or not below):
        return False
    if not below:
        return False
    del open_[open_.index(outer) + 1 :]
    inner[mark.style] = mark.value
    return True


def _is_bare_heading(text: str) -> bool:
    return len(text) <= LONGEST_BARE and not re.search(
        r"[\d，；：、]|[一二两三四五六七八九十][场次个名份]", text
    )


def _close(open_: list[OutlineNode], mark: ListMark) -> None:
    """Remove open nodes until the last one can be the parent of a line with this mark."""
    if mark.style in _COUNTED:  # Also close the inner list of the same style.
        same = [n for n in open_ if n.mark is not None and n.mark.style == mark.style]
        del open_[open_.index(same[0]) + 1 if len(same) > 1 else len(open_) :]
    if mark.style == "title":
        while (last := open_[-1].mark) is not None and last.style not in _ABOVE_TITLE:
            del open_[-1]
        return
    for place in range(len(open_) - 1, 0, -1):
        other = open_[place].mark
        if other is None or other.style != mark.style:
            continue
        if mark.style == "dotted" and other.depth < mark.depth:
            return
        if mark.style == "dotted" and other.depth > mark.depth:
            del open_[place:]
            continue
        del open_[place:]
        return
    if mark.style == "dotted":
        # 1.1 belongs under 1., so marks that rank below a number, such as ①, are closed.
        for place in range(len(open_) - 1, 0, -1):
            other = open_[place].mark
            if other is not None and other.style == "number":
                return
            if other is not None and other.style.startswith(_BELOW_DOTTED):
                del open_[place:]
                return


_COUNTED = ("number", "bracket", "half_bracket", "circled")
LONGEST_BARE = 14
_ABOVE_TITLE = ("chapter", "article", "han", "han_bracket")
_BELOW_DOTTED = ("bracket", "half_bracket", "circled", "letter", "bullet")
