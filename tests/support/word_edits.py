"""Edits the Word draft of a brief as an officer does, and issues it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn

from .command_line import Ran, Run, list_entries

HERE = ("-c", "sanli")
DRAFT = ("brief", "--month", "3", *HERE)
ISSUE = (*DRAFT, "--issue", "--yes")
NAME = "sanli-2026-03.docx"
EFFECT = "6名老人转介到卫生中心。"
Edit = Callable[[Any], object]


def edit(path: Path, *edits: Edit, target: Path | None = None) -> None:
    document = docx.Document(str(path))
    for change in edits:
        change(document)
    document.save(str(target or path))


def paragraph(document: Any, words: str) -> Any:
    return next(p for p in document.paragraphs if words in p.text)


def replacing(old: str, new: str) -> Edit:
    """Replace words in the first run, of a paragraph or a cell, that has them."""

    def change(document: Any) -> None:
        cells = (c for t in document.tables for r in t.rows for c in r.cells)
        paragraphs = [*document.paragraphs, *(p for c in cells for p in c.paragraphs)]
        run = next(r for p in paragraphs for r in p.runs if old in r.text)
        run.text = run.text.replace(old, new, 1)

    return change


def cell(row: str, column: str, text: str, table: str = "编号") -> Edit:
    def change(document: Any) -> None:
        found = next(t for t in document.tables if t.rows[0].cells[0].text == table)
        place = [c.text for c in found.rows[0].cells].index(column)
        line = next(r for r in found.rows if row in [c.text for c in r.cells])
        line.cells[place].paragraphs[0].runs[0].text = text

    return change


def adding(text: str) -> Edit:
    return lambda document: paragraph(document, "下月计划").insert_paragraph_before(text)


def is_refused(run: Run, *words: str, options: tuple[str, ...] = ()) -> Ran:
    before = list_entries(run)
    ran = run(*ISSUE, *options)
    assert (ran.code, list_entries(run)) == (1, before), ran.out
    for word in words:
        assert word in ran.err
    return ran


def code_in(ran: Ran) -> str:
    found = re.search("校验码 ([-0-9a-f]{19})", ran.out)
    assert found is not None, ran.out + ran.err
    return found[1]


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def read_all(content: bytes) -> str:
    """The texts of a Word file, one paragraph a line."""
    document = docx.Document(BytesIO(content))
    return "\n".join(
        "".join(t.text or "" for t in p.iter(qn("w:t")))
        for p in document.element.body.iter(qn("w:p"))
    )
