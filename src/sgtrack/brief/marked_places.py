"""Fills the day of issue and the code into a Word file, and leaves all else as it is.

The template marks both places with bookmarks. A file that lost a bookmark, for example because its
text was copied into a new document, still has the line around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml

from sgtrack.brief.figure_words import condense
from sgtrack.model.errors import Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DOCUMENT = "word/document.xml"
_PART = re.compile(r"word/(?:document|header|footer)\d*\.xml")
_TRACKED = re.compile(rb"<w:(?:ins|del|moveFrom|commentReference)[ >]")
_TO_FILL_IN = "正式发出时填写"
"""The words that a draft contains instead of the code."""
_LONGEST_LINE = 40
"""Maximum number of characters beside a value in the line of a place without a bookmark."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place to fill in.

    ``value`` is the text to fill in. ``sample`` is a text that the officer can write at a place
    without a bookmark. ``pattern`` matches the text to replace, and ``bare`` a blank form of it.
    """

    bookmark: str
    name: str
    value: str
    sample: str
    pattern: re.Pattern[str]
    bare: re.Pattern[str]


def _places(day: str, code: str) -> tuple[_Place, ...]:
    return (
        _Place(
            "sgtrack_date",
            "发出日期",
            day,
            day,
            re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"),
            re.compile(r"[\s\d年月日.\-/〇○零一二三四五六七八九十]*"),
        ),
        _Place(
            "sgtrack_code",
            "校验码",
            code,
            _TO_FILL_IN,
            re.compile(rf"[0-9a-f]{{4}}(?:-[0-9a-f]{{4}}){{3}}|{_TO_FILL_IN}"),
            re.compile(r"[\s待填_—\-（）()]*"),
        ),
    )


def fill_places(content: bytes, name: str, reference: bytes, day: str, code: str) -> bytes:
    """Return a Word file with the day of issue and the code filled in.

    Args:
        content: the file, which the reader of Word files has accepted.
        name: the name of the file, for messages.
        reference: the generated file, with the same day and code.
        day: the day of issue as it is printed.
        code: the code as it is printed.

    Raises:
        Refused: a place is not found, or has other words now.
    """
    try:
        roots = dict(_parse_parts(content))
    except (SyntaxError, ValueError) as error:  # raised by lxml
        raise Refused(
            f"{name} 打不开，文件已损坏", "在 Word 里打开修复后另存为 .docx，再发出"
        ) from error
    (model,) = (root for part, root in _parse_parts(reference) if part == _DOCUMENT)
    changed: set[str] = set()
    for place in _places(day, code):
        marked = [
            (part, mark)
            for part, root in roots.items()
            for mark in root.iter(f"{W}bookmarkStart")
            if mark.get(f"{W}name") == place.bookmark and _paragraph_of(mark) is not None
        ]
        for part, mark in marked:
            _fill_bookmark(mark, place, name)
            changed.add(part)
        lines = _lines_with(model, place) if not marked else {}
        if lines:
            changed.add(_fill_line(roots, lines, place, name))
    return _replace_parts(content, {part: serialize_part_xml(roots[part]) for part in changed})


def has_tracked_changes(content: bytes) -> bool:
    """Return whether the body of a Word file has tracked changes or comments."""
    with ZipFile(BytesIO(content)) as package:
        parts = [part for part in package.namelist() if part.startswith("word/document")]
        return any(_TRACKED.search(package.read(part)) for part in parts)


def _parse_parts(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield the name and the root element of the body and of each header and footer."""
    with ZipFile(BytesIO(content)) as package:
        for part in dict.fromkeys(package.namelist()):
            if _PART.fullmatch(part):
                yield part, parse_xml(package.read(part))


def _fill_bookmark(mark: Any, place: _Place, name: str) -> None:
    inside = list(_texts_inside(mark))
    text = _join(inside)
    matches = list(place.pattern.finditer(text))
    if len(matches) == 1:
        _replace(inside, *matches[0].span(), place.value)
        return
    if text.strip() and place.bare.fullmatch(text):
        _replace(inside, 0, len(text), place.value)
        return
    # The text was deleted and typed again, beside the bookmark.
    own = list(_texts_of(_paragraph_of(mark)))
    beside = list(place.pattern.finditer(_join(own)))
    if len(beside) == 1:
        _replace(own, *beside[0].span(), place.value)
    elif not text.strip() and not beside:
        mark.addnext(_new_run(mark, place.value))
    else:
        raise Refused(
            f"{name} 里{place.name}的位置现在写着“{(text or _join(own)).strip()[:40]}”，"
            "认不出来，没有发出",
            f"这个位置只写{place.name}，例如 {place.value}",
        )


def _lines_with(model: Any, place: _Place) -> dict[tuple[str, str], str]:
    """Return the lines that print a value by the condensed texts before and after it."""
    marks = [m for m in model.iter(f"{W}bookmarkStart") if m.get(f"{W}name") == place.bookmark]
    paragraphs = [_paragraph_of(mark) for mark in marks] or list(model.iter(f"{W}p"))
    lines = {}
    for paragraph in paragraphs:
        text = _join(list(_texts_of(paragraph)))
        before, value, after = text.partition(place.value)
        around = condense(before), condense(after)
        beside = "".join(around)
        if value and len(beside) <= _LONGEST_LINE and not re.search(r"\d", beside):
            lines[around] = " ".join(text.split())
    return lines


def _fill_line(
    roots: Mapping[str, Any], lines: Mapping[tuple[str, str], str], place: _Place, name: str
) -> str:
    """Fill in the only line with the words of one of ``lines``; return the name of its part."""
    spans: list[tuple[str, list[Any], tuple[int, int]]] = []
    seconds: list[tuple[str, list[Any], tuple[int, int]]] = []
    paragraphs = ((part, p) for part, root in roots.items() for p in root.iter(f"{W}p"))
    for part, paragraph in paragraphs:
        own = list(_texts_of(paragraph))
        text = _join(own)
        for match in [*place.pattern.finditer(text), re.search(r"\s*$", text)]:
            if match and (condense(text[: match.start()]), condense(text[match.end() :])) in lines:
                # Word writes a text box twice, the second time for old programs.
                is_second = any(e.tag == _FALLBACK for e in paragraph.iterancestors())
                (seconds if is_second else spans).append((part, own, match.span()))
                break
    if len(spans) != 1:
        how_many = f"有{len(spans)}处像是" if spans else "找不到"
        sample = next(iter(lines.values())).replace(place.value, place.sample)
        raise Refused(
            f"{name} 里{how_many}填{place.name}的位置，没有发出",
            f"{'只留一处' if spans else '在文件里另起一行，写上'}：{sample}",
        )
    for _, own, (start, end) in (*spans, *seconds):
        _replace(own, start, end, place.value)
    return spans[0][0]


def _paragraph_of(element: Any) -> Any:
    while element is not None and element.tag != f"{W}p":
        element = element.getparent()
    return element


def _texts_inside(mark: Any) -> Iterator[Any]:
    """Yield the text elements between the two ends of a bookmark, in its first paragraph."""
    number = mark.get(f"{W}id")
    paragraph = _paragraph_of(mark)
    is_inside = False
    for element in paragraph.iter():
        if element is mark:
            is_inside = True
        elif is_inside and element.tag == f"{W}bookmarkEnd" and element.get(f"{W}id") == number:
            return
        elif is_inside and element.tag == f"{W}t" and not _is_moved_away(element):
            yield element


def _texts_of(paragraph: Any) -> Iterator[Any]:
    """Yield the text elements of a paragraph, without those of text boxes in it."""
    for element in paragraph.iter(f"{W}t"):
        if _paragraph_of(element) is paragraph and not _is_moved_away(element):
            yield element


def _is_moved_away(element: Any) -> bool:
    return any(parent.tag == f"{W}moveFrom" for parent in element.iterancestors())


def _join(texts: list[Any]) -> str:
    return "".join(text.text or "" for text in texts)


def _replace(texts: list[Any], start: int, end: int, value: str) -> None:
    """Replace a span of the joined texts; the value takes the format of the first one."""
    place, is_written = 0, False
    for element in texts:
        own = element.text or ""
        first, last = max(start - place, 0), min(end - place, len(own))
        is_place = first < last or (start == end and first == last and not is_written)
        if is_place:
            element.text = own[:first] + ("" if is_written else value) + own[last:]
            element.set(_SPACE, "preserve")
            is_written = True
        place += len(own)


def _new_run(beside: Any, value: str) -> Any:
    """Return a run with a text, in the format of the last run before a place in a paragraph."""
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = value
    runs = list(_paragraph_of(beside).iter(f"{W}r"))
    properties = runs[-1].find(f"{W}rPr") if runs else None
    if properties is not None:
        run.append(deepcopy(properties))
    run.append(text)
    return run


def _replace_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a package with some parts replaced, and the content of all others kept."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as package, ZipFile(written, "w") as copy:
        for entry in package.infolist():
            copy.writestr(entry, parts.get(entry.filename) or package.read(entry))
    return written.getvalue()
