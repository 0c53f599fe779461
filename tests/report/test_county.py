"""The report on a county in Word, Markdown and HTML: the same figures, shades for print."""

from __future__ import annotations

import re
from io import BytesIO

import docx
from docx.oxml.ns import qn

from sgtrack.workspace import Workspace

from ..county.conftest import COMMUNITIES, county
from ..support.command_line import Run

__all__ = ["county"]


def test_three_formats_say_the_same(run: Run, county: Workspace) -> None:
    ran = run("report", "county")
    assert ran.code == 0, ran.err
    files = {path.suffix: path.read_bytes() for path in county.reports.iterdir()}
    assert set(files) == {".docx", ".md", ".html"}
    text, page = files[".md"].decode(), files[".html"].decode()
    total = sum(min(n * 4 + 1, 100) for n in range(1, COMMUNITIES + 1))
    for shown in (f"{total}/3000人次", "截至2026年6月30日", "尚无报道的社区29个", "川报报道"):
        assert shown in text
        assert shown in page
    document = docx.Document(BytesIO(files[".docx"]))
    words = "\n".join(cell.text for t in document.tables for r in t.rows for cell in r.cells)
    assert f"{total}/3000人次" in words
    heat = document.tables[0]
    assert [cell.text for cell in heat.rows[0].cells] == [
        "社区",
        *[str(n) for n in range(1, 11)],
        "总体",
    ]
    assert len(heat.rows) == COMMUNITIES + 2
    first = [cell.text for cell in heat.rows[1].cells]
    assert first == ["社区01", "5", "6", "7", "8", "9", "10", "11", "12", "6!", "0", "7"]
    assert "| 社区01 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 6! | 0 | 7 |" in text


def test_every_activity_is_asked_for_its_evidence(run: Run, workspace: Workspace) -> None:
    """This holds for visits, a milestone, and the sessions of one group."""
    photo = workspace.root / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 photo")
    for words in (
        ("5.1", "3人次", "-d", "3-1"),
        ("5.2", "3人次", "-d", "3-1"),
        ("1.1", "-d", "3-2", "-e", str(photo)),
        ("6.8.2", "-d", "3-3", "-t", "互助小组"),
        ("6.8.2", "-d", "3-4", "-t", "互助小组"),
        ("7.1", "1支", "-d", "3-5", "-t", "腰鼓队", "--type", "文体", "--also", "6.8.2"),
    ):
        ran = run("log", "-c", "sanli", *words)
        assert ran.code == 0, ran.err
    run("report", "county", "--format", "md")
    said = (workspace.reports / "county.md").read_text(encoding="utf-8")
    assert "三里社区 | 6次 | 1次 | 16%" in said


def test_the_less_is_done_the_darker_a_cell(run: Run, county: Workspace) -> None:
    run("report", "county", "--format", "docx")
    run("report", "county", "--format", "html")
    document = docx.Document(BytesIO((county.reports / "county.docx").read_bytes()))
    found = {}
    for row in document.tables[0].rows[1:]:
        for cell in row.cells[1:]:
            properties = cell._tc.tcPr
            shades = properties.findall(qn("w:shd")) if properties is not None else []
            assert len(shades) == 1
            if cell.text.rstrip("!").isdigit():
                found[int(cell.text.rstrip("!"))] = shades[0].get(qn("w:fill"))
    page = (county.reports / "county.html").read_text(encoding="utf-8")
    on_page = dict(re.findall(r"background:#(\w+)\">(?:<b>)?(\d+)", page))
    assert on_page
    grey = {percent: int(shade[:2], 16) for percent, shade in found.items()}
    ordered = [grey[percent] for percent in sorted(grey)]
    assert ordered == sorted(ordered)
    assert len(set(ordered)) == 5
    assert min(ordered) >= 0xA0  # black figures can be read on it


def test_a_county_without_any_entry(run: Run, workspace: Workspace) -> None:
    ran = run("report", "county", "--format", "md")
    assert ran.code == 0, ran.err
    said = (workspace.reports / "county.md").read_text(encoding="utf-8")
    assert "共0篇" in said
    assert "校验码" not in said
