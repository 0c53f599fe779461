"""Compares a Word file that the officer edited with the brief that is issued.

Her file may have moved, split and joined paragraphs, other styles and texts of her own. Each
generated sentence is therefore searched everywhere in her file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

from sgtrack.brief.edited_tables import (
    cells_of,
    compare_tables,
    read_grids,
    tables_with_figures,
)
from sgtrack.brief.figure_words import (
    Figure,
    compare_figures,
    condense,
    find_figures,
    is_similar_label,
)
from sgtrack.tender.tender_document import Block

_CLAUSE_END = re.compile(r"[。;!?\n]")
_MARK = re.compile(
    r"(?:\(?\d{1,2}\)|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)"
    r"|(?:附件|图|表)\d*)"
)
"""The number of a paragraph, a heading or a picture, which the officer may change."""
_SENTENCE_END = r"[。!?”:)]"
"""Characters that may precede a sentence; a bracket may end the number of a paragraph."""
_FOUND = 0.6
"""Minimum share of the characters of a generated sentence that its edited form must have."""
_ALIKE = 0.5
"""Minimum similarity of a sentence and its edited form, unless they have a label in common."""
_LONGEST_CLAUSE = 600
_WINDOW = 3
"""Maximum number of successive clauses that are compared with a generated sentence."""
_CANDIDATES = 4
"""Number of most similar clauses; only they and their neighbours are compared in detail."""
_SHORTEST_PART = 6
"""Minimum length of a sentence that is accepted inside a longer clause."""
_EXCERPT = 30
_MONTH = r"(\d{4}年\d{1,2}月)"
_CAPTION = re.compile(r"图\d")
_COMMUNITY = re.compile("社区|村")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The officer's own words in a generated brief, which she may change.

    ``texts`` are whole sentences or paragraphs; ``cells`` stand in cells of tables.
    """

    texts: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between an edited file and the brief that is issued, as sentences.

    ``differences`` are wrong or missing figures; ``remarks`` are points for the officer to check.
    """

    differences: tuple[str, ...]
    remarks: tuple[str, ...]


def compare_brief(
    generated: Sequence[Block],
    edited: Sequence[Block],
    own: OwnWords,
    read_further: Callable[[], Sequence[Block]] | None = None,
) -> Comparison:
    """Compare the figures of an edited file with those of the generated brief.

    Args:
        generated: the lines and tables of the brief that is issued.
        edited: the lines and tables of the edited file, with the day and the code filled in.
        own: the officer's own words in ``generated``.
        read_further: returns the brief with all annexes; the edited file need not have its tables.
            It is called only if the edited file has more tables with figures than ``generated``.
    """
    cells = frozenset(filter(None, map(condense, own.cells)))
    tables, grids = tables_with_figures(read_grids(generated)), read_grids(edited)
    needed = len(tables)
    if read_further is not None and len(tables_with_figures(grids)) > needed:
        known = {grid.rows for grid in tables}
        further = tables_with_figures(read_grids(read_further()))
        tables += [grid for grid in further if grid.rows not in known]
    findings = compare_tables(tables, grids, cells, needed)
    texts = [block for block in edited if isinstance(block, str)]
    texts += cells_of(findings.others)
    clauses = [clause for text in texts for clause in _split(text)]
    own_texts = tuple(map(condense, own.texts))
    wanted = _generated_clauses(generated, own_texts)
    free = [clause for text in own_texts for clause in _split(text)]
    wrong, remarked = _compare_sentences(wanted, _Clauses(clauses), free)
    return Comparison((*findings.differences, *wrong), (*findings.remarks, *remarked))


def find_other_brief(
    generated: Iterable[Block], edited: Iterable[Block], community: tuple[str, str], month: str
) -> str:
    """Return the community and month in the title of a file, if it is the title of another brief.

    Only what differs is returned; the result is empty if the file has the right title or none.
    ``community`` is the full name and the name of the expected community. A title with this name,
    or with no name of a community, is right.
    """
    full_name, name = map(condense, community)
    month = condense(month)
    found: list[tuple[str, str]] = []
    lines = [condense(block) for block in edited if isinstance(block, str)]
    for title in (condense(block) for block in generated if isinstance(block, str)):
        if not title.startswith(f"{full_name}{month}"):
            continue
        rest = re.escape(title.removeprefix(f"{full_name}{month}"))
        matches = (re.fullmatch(rf"(.*?){_MONTH}{rest}", line) for line in lines)
        found += [(match[1], match[2]) for match in matches if match]
    others = [
        (
            "" if name in words or not _COMMUNITY.search(words) else words,
            when if when != month else "",
        )
        for words, when in found
    ]
    return "".join(others[0]) if others and all(map(any, others)) else ""


def find_old_charts(
    reference: bytes, generated: Iterable[Block], content: bytes, edited: Iterable[Block]
) -> list[str]:
    """Return the captions of all charts in an edited file, if any of these charts may be old.

    This is so if the file lacks a generated chart.

    ``reference`` and ``content`` are the generated and the edited file, ``generated`` and
    ``edited`` their lines and tables.
    """
    if _read_charts(reference) <= _read_charts(content):
        return []
    lines = {_MARK.sub("", condense(block), 1) for block in edited if isinstance(block, str)}
    captions = [b for b in generated if isinstance(b, str) and _CAPTION.match(b)]
    return [caption for caption in captions if _MARK.sub("", condense(caption), 1) in lines]


def _read_charts(content: bytes) -> set[bytes]:
    """Return the charts in a Word file; photos are JPEG files."""
    with ZipFile(BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.lower().endswith(".png")]
        return {sha256(package.read(name)).digest() for name in names}


def _split(text: str) -> Iterator[str]:
    """Yield the condensed clauses of a paragraph, without its number."""
    for clause in _CLAUSE_END.split(_MARK.sub("", condense(text), count=1) if text else ""):
        for start in range(0, len(clause), _LONGEST_CLAUSE):
            yield clause[start : start + _LONGEST_CLAUSE]


def _generated_clauses(blocks: Iterable[Block], own: Sequence[str]) -> list[str]:
    """Return the generated clauses with figures, without the officer's own words."""
    texts = sorted(filter(None, own), key=len, reverse=True)
    clauses = []
    for block in blocks:
        if not isinstance(block, str):
            continue
        line = condense(block)
        for text in texts:
            line = re.sub(rf"(^|{_SENTENCE_END}){re.escape(text)}", r"\1", line)
        clauses += [clause for clause in _split(line) if _figures_of(clause)]
    return clauses


def _figures_of(clause: str) -> list[Figure]:
    """Return the figures of a generated clause that have a unit."""
    return [f for f in find_figures(clause) if f.unit and not f.is_numeral]


def _compare_sentences(
    wanted: list[str], rest: _Clauses, free: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Return the differences and the remarks on the generated clauses ``wanted``.

    ``rest`` are the clauses of the edited file. Clauses in ``free`` may stand in the edited file
    unchanged, and are not compared.
    """
    differing = [clause for clause in wanted if not rest.take_equal(clause)]
    for clause in free:
        rest.take_equal(clause)
    differing = [clause for clause in differing if not rest.take_part(clause)]
    matches = {n: rest.find(clause) for n, clause in enumerate(differing)}
    differences: list[str] = []
    remarks: list[str] = []
    for n in sorted(matches, key=lambda n: -matches[n].score):
        clause, match = differing[n], matches[n]
        if not rest.has(match):
            match = rest.find(clause)
        if not _is_edited_form(clause, match):
            remarks.append(f"缺少台账中的这一句：“{_excerpt(clause)}”")
            continue
        rest.take(match)
        wrong, added = compare_figures(_figures_of(clause), find_figures(match.text))
        differences += [
            f"“{_excerpt(clause)}”一句：台账里是 {figure}，文件里"
            + (f"是 {found}" if found else "没有")
            for figure, found in wrong
        ]
        if added and not wrong:
            remarks.append(f"“{_excerpt(clause)}”一句里的{'、'.join(added)}不是台账写的，没有核对")
    return differences, remarks


def _excerpt(clause: str) -> str:
    return clause if len(clause) <= _EXCERPT else f"{clause[:_EXCERPT]}…"


@dataclass(frozen=True, slots=True)
class _Match:
    """A part of the edited file that resembles a generated clause.

    Fields that need an explanation:
        start, end: the range of clauses that the part covers.
        span: the range of the resembling words in ``text``.
        found: the share of the characters of the generated clause that the part has.
        alike: how similar both are, from 0 to 1.
    """

    start: int = 0
    end: int = 0
    text: str = ""
    span: tuple[int, int] = (0, 0)
    found: float = 0.0
    alike: float = 0.0

    @property
    def score(self) -> float:
        """How well the part fits the generated clause."""
        return self.found + self.alike


def _is_edited_form(clause: str, match: _Match) -> bool:
    """Return whether a part of the edited file is an edited form of a generated clause."""
    if match.found < _FOUND:
        return False
    found = find_figures(match.text)
    return match.alike >= _ALIKE or any(
        one.unit == other.unit and is_similar_label(one.label, other.label)
        for one in _figures_of(clause)
        for other in found
    )


class _Clauses:
    """The clauses of the edited file that were not matched with a generated clause yet."""

    def __init__(self, clauses: list[str]) -> None:
        self._clauses = clauses
        self._index: dict[str, set[int]] = defaultdict(set)
        for n, clause in enumerate(clauses):
            for pair in _pairs(clause):
                self._index[pair].add(n)

    def take_equal(self, clause: str) -> bool:
        """Remove the clause that equals a generated one; return whether it was found."""
        if clause not in self._clauses:
            return False
        self._clauses[self._clauses.index(clause)] = ""
        return True

    def take_part(self, clause: str) -> bool:
        """Remove a generated clause from a longer clause; return whether it was found."""
        if len(clause) < _SHORTEST_PART:
            return False
        pattern = re.compile(rf"(?<![\d.]){re.escape(clause)}(?!\d)")
        for n, own in enumerate(self._clauses):
            if clause in own and (match := pattern.search(own)):
                self._clauses[n] = f"{own[: match.start()]}\0{own[match.end() :]}"
                return True
        return False

    def find(self, clause: str) -> _Match:
        """Find the part that resembles a generated clause most."""
        counts: Counter[int] = Counter()
        for pair in _pairs(clause):
            counts.update(self._index.get(pair, ()))
        best = _Match()
        for near, _ in counts.most_common(_CANDIDATES):
            for start in range(max(near - _WINDOW + 1, 0), near + 1):
                for end in range(near + 1, min(start + _WINDOW, len(self._clauses)) + 1):
                    match = self._rate(clause, start, end)
                    if match.score > best.score:
                        best = match
        return best

    def _rate(self, clause: str, start: int, end: int) -> _Match:
        text = "。".join(self._clauses[start:end])
        matcher = SequenceMatcher(None, clause, text, autojunk=False)
        own, all_words = _count_words(clause), _count_words(text)
        least = 2 if own > _SHORTEST_PART else 1  # 第3期 has no two letters together
        blocks = [block for block in matcher.get_matching_blocks() if block.size >= least]
        shared = sum(_count_words(clause[block.a : block.a + block.size]) for block in blocks)
        span = (blocks[0].b, blocks[-1].b + blocks[-1].size) if blocks else (0, 0)
        found = shared / own if own else 0.0
        alike = 2 * shared / (own + all_words) if own + all_words else 0.0
        return _Match(start, end, text, span, found, alike)

    def has(self, match: _Match) -> bool:
        """Return whether all clauses of a match are still there."""
        return match.text == "。".join(self._clauses[match.start : match.end])

    def take(self, match: _Match) -> None:
        """Remove the words of a match, or all clauses of a match that has several."""
        for n in range(match.start, match.end):
            self._clauses[n] = ""
        if match.end - match.start == 1:
            first, last = match.span
            self._clauses[match.start] = f"{match.text[:first]}\0{match.text[last:]}"


def _pairs(clause: str) -> set[str]:
    """Return the pairs of neighbouring characters of a clause, without its digits."""
    words = re.sub(r"[\d.,%\0]", "", clause)
    return {words[n : n + 2] for n in range(len(words) - 1)}


def _count_words(text: str) -> int:
    """Return the number of letters and Chinese characters."""
    return sum(character.isalpha() for character in text)
