"""The report on a county in Word, Markdown and HTML: the same figures, shades for print."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from sgtrack.workspace import Workspace

from ..county.conftest import COMMUNITIES, county
from ..support.browser import measure_in_browser
from ..support.command_line import Run

__all__ = ["county"]

SCROLLED_TO_THE_END = """
  const table = document.querySelector(".heat"), box = table.parentElement;
  box.scrollIntoView();
  box.scrollTo(box.scrollWidth, box.scrollHeight);
  const shown = cell => {
    const at = cell.getBoundingClientRect();
    const top = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
    return cell.contains(top);
  };
  const lines = cell => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return new Set([...text.getClientRects()].map(r => Math.round(r.y))).size;
  };
  const last = [...table.tBodies[0].rows].slice(-3);
  return {
    page: document.documentElement.scrollWidth,
    size: parseFloat(getComputedStyle(table).fontSize),
    names: last.filter(row => shown(row.cells[0])).map(row => row.cells[0].textContent),
    totals: last.filter(row => shown([...row.cells].at(-1))).length,
    codes: [...table.tHead.rows[0].cells].filter(shown).map(cell => cell.textContent),
    broken: [...table.querySelectorAll("td")].filter(cell => lines(cell) > 1).length,
  };
"""


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


@pytest.mark.parametrize("width", [360, 390])
def test_the_shaded_table_keeps_its_names_on_a_phone(
    run: Run, county: Workspace, width: int, tmp_path: Path
) -> None:
    long_name = county.targets / "c30.yaml"
    renamed = long_name.read_text("utf-8").replace("name: 社区30", "name: 石湍镇高寺村居民委员会")
    long_name.write_text(renamed, encoding="utf-8")
    assert run("report", "county", "--format", "html").code == 0
    page = county.reports / "county.html"
    found = measure_in_browser(page, width, SCROLLED_TO_THE_END, tmp_path)
    assert found["page"] <= width
    assert found["size"] >= 14
    assert found["names"][-2:] == ["石湍镇高寺村居民委员会", "平均"]
    assert (len(found["names"]), found["totals"], found["broken"]) == (3, 3, 0)
    assert found["codes"][0] == "社区"
    assert found["codes"][-2:] == ["10", "总体"]


def test_a_county_without_any_entry(run: Run, workspace: Workspace) -> None:
    ran = run("report", "county", "--format", "md")
    assert ran.code == 0, ran.err
    said = (workspace.reports / "county.md").read_text(encoding="utf-8")
    assert "共0篇" in said
    assert "校验码" not in said
