"""Opens the HTML pages of brief and status in a browser, as wide as a phone and as a desktop."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from sgtrack.workspace import Workspace

from ..support.browser import measure_in_browser
from ..support.command_line import Run

MEASURE = """
  const table = document.querySelector("table.sorts");
  const first = row => row.cells[1].textContent.trim();
  const before = [...table.tBodies[0].rows].map(first);
  const heads = [...table.tHead.rows[0].cells];
  heads.find(h => h.textContent.includes("完成率")).querySelector("button").click();
  const percents = [...table.tBodies[0].rows].map(r => parseFloat(r.cells[6].dataset.value));
  const after = [...table.tBodies[0].rows].map(first);
  const charts = [...document.querySelectorAll("svg")].map(s => s.getBoundingClientRect().width);
  const photos = [...document.images].map(i => i.complete && i.naturalWidth > 0);
  return {
    width: innerWidth, content: document.documentElement.scrollWidth, before, after, percents,
    charts, photos, text: parseFloat(getComputedStyle(table.tBodies[0].rows[0]).fontSize),
  };
"""


@pytest.fixture
def brief(run: Run, log: Run, workspace: Workspace, tmp_path: Path) -> Path:
    photos = []
    for n, size in enumerate(((1600, 1200), (1200, 1600), (640, 480))):
        photos.append(tmp_path / f"照片{n}.jpg")
        Image.new("RGB", size, (40 * n, 90, 120)).save(photos[-1])
    log("殡葬", "80人次", "100份", "-d", "3-12", "-t", "宣讲 <b>&", "-e", *map(str, photos))
    log("5.1", "25人次", "-d", "3-1")
    ran = run("brief", "--month", "3", "-c", "xianheguan", "--format", "html", "--annex", "full")
    assert ran.code == 0, ran.err
    return workspace.briefs / "xianheguan-2026-03.html"


@pytest.fixture
def status(run: Run, log: Run, tmp_path: Path) -> Path:
    log("5.1", "25人次", "-d", "3-1")
    assert run("log", "5.2", "5人次", "-d", "3-2", "-c", "sanli").code == 0
    path = tmp_path / "进度.html"
    ran = run("status", "--html", str(path))
    assert ran.code == 0, ran.err
    return path


@pytest.mark.parametrize("kind", ["brief", "status"])
@pytest.mark.parametrize("width", [360, 1200])
def test_a_browser_shows_it(
    kind: str, width: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    found = measure_in_browser(request.getfixturevalue(kind), width, MEASURE, tmp_path)
    assert found["width"] == width
    assert found["content"] <= width, "nothing is wider than the screen"
    assert found["text"] >= 14
    assert all(found["photos"])
    assert len(found["photos"]) == (2 if kind == "brief" else 0)
    assert len(found["charts"]) == (2 if kind == "brief" else 4)
    assert all(250 < chart <= width for chart in found["charts"])
    assert found["percents"] == sorted(found["percents"])
    assert found["percents"][0] < found["percents"][-1]
    assert found["after"] != found["before"]
    assert sorted(found["after"]) == sorted(found["before"])


@pytest.mark.parametrize("kind", ["brief", "status"])
def test_nothing_comes_from_elsewhere(kind: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(kind).read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\"' <)]+", page))
    # Names of XML vocabularies, which nobody fetches.
    assert all(one.startswith(("http://www.w3.org/", "http://purl.org/", "http://creativecommons.org/ns"))
               for one in addresses), addresses  # fmt: skip
    assert not re.search(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=[\"'](?!data:)", page)
    assert "@import" not in page


def test_the_page_says_what_the_other_formats_say(brief: Path, run: Run) -> None:
    full = ("--format", "md", "--annex", "full")
    assert run("brief", "--month", "3", "-c", "xianheguan", *full).code == 0
    page = brief.read_text(encoding="utf-8")
    markdown = brief.with_suffix(".md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in markdown.splitlines() if "人次 |" in line]
    assert len(rows) > 19
    plain = re.sub(r"<[^>]+>", "\n", page)
    for row in rows:
        for cell in row:
            assert (
                cell.replace("\\", "")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                in plain
            )


def test_photos_are_small_and_say_what_they_show(brief: Path) -> None:
    page = brief.read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 2
    assert "<figcaption>3月12日　宣讲 &lt;b&gt;&amp;</figcaption>" in page


def test_photos_that_cannot_be_shown_are_named(run: Run, log: Run, tmp_path: Path) -> None:
    broken = tmp_path / "照片坏.jpg"
    broken.write_bytes(b"no picture at all")
    log("殡葬", "80人次", "-d", "3-12", "-e", str(broken))
    ran = run("brief", "--month", "3", "-c", "xianheguan", "--format", "docx")
    assert ran.code == 0
    assert "照片“照片坏.jpg”没有放进简报" in ran.out
    for day in range(13, 18):
        log("殡葬", "80人次", "-d", f"3-{day}", "-e", str(broken))
    ran = run("brief", "--month", "3", "-c", "xianheguan", "--format", "docx")
    assert ran.out.count("没有放进简报：") == 1
    assert "照片“照片坏.jpg”等 4 张没有放进简报" in ran.out
    assert "另有2个活动的照片" in ran.out


@pytest.mark.parametrize("name", ["进度.txt", "进度"])
def test_status_page_is_not_written_over_something_else(
    run: Run, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("her notes", encoding="utf-8")
    ran = run("status", "--html", str(path))
    assert ran.code == 1
    assert "不是网页的文件名" in ran.err
    assert path.read_text(encoding="utf-8") == "her notes"
