"""The dossier of the year is complete, and every link in it leads to a file."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from sgtrack.dossier import dossier_archive

from ..support.files import remove
from .conftest import COMMUNITIES, Year

EXTERNAL = re.compile(r'Target="([^"]+)" TargetMode="External"')


class Page(HTMLParser):
    """The links and the text of a page."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def opened(year: Year, tmp_path: Path, request: pytest.FixtureRequest) -> ZipFile:
    output = tmp_path / "评估材料.zip"
    ran = year.run("dossier", "-c", request.param, "-o", str(output))
    assert ran.code == 0, ran.err
    return ZipFile(output)


@pytest.mark.parametrize("opened", COMMUNITIES, indirect=True)
def test_it_lists_every_indicator_and_every_link_leads_to_a_file(
    opened: ZipFile, year: Year
) -> None:
    assert opened.testzip() is None
    names = set(opened.namelist())
    pages = [name for name in names if name.endswith(".html")]
    assert len(pages) == 1 + len({r["item"] for r in year.json("targets", "-c", "sanli")})
    for name in pages:
        for link in Page(opened.read(name).decode("utf-8")).links:
            if not link.startswith("#"):
                assert normpath(join(dirname(name), unquote(link))) in names, (name, link)
    top = Page(opened.read("索引.html").decode("utf-8")).words
    for one in year.json("targets", "-c", "sanli"):
        assert f"{one['item']} {one['name']}" in top
    linked = {unquote(link) for link in Page(opened.read("索引.html").decode("utf-8")).links}
    files = {n for n in names if not n.endswith(".html") and n != "索引.xlsx"}
    assert files
    assert files <= linked


@pytest.mark.parametrize("opened", ["sanli"], indirect=True)
def test_its_workbook_has_a_row_for_every_indicator(opened: ZipFile, year: Year) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(opened.read("索引.xlsx")))
    rows = book.get_sheet_by_name("指标").to_python()[2:]
    (status,) = year.json("status", "-c", "sanli")["communities"]
    assert [(r[2], r[6]) for r in rows] == [
        (one["item"], f"{one['percent']:.1f}%") for one in status["indicators"]
    ]
    links = opened.read("索引.xlsx")
    with ZipFile(io.BytesIO(links)) as inside:
        targets = [
            unquote(target)
            for name in inside.namelist()
            if name.endswith(".rels")
            for target in re.findall(
                r'Target="([^"]+)" TargetMode="External"', inside.read(name).decode()
            )
        ]
    assert targets
    assert {t.replace("\\", "/") for t in targets} <= set(opened.namelist())


@pytest.mark.parametrize("opened", ["sanli"], indirect=True)
def test_its_names_open_on_chinese_windows(opened: ZipFile) -> None:
    for info in opened.infolist():
        assert info.flag_bits & 0x800
        assert len(info.filename) < 240
        for part in info.filename.split("/"):
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]', part), info.filename
            assert not part.endswith((" ", ".")), info.filename
            assert len(part.encode("utf-8")) <= 255, info.filename


def test_what_is_missing_is_red(year: Year, tmp_path: Path) -> None:
    entry = year.json("list", "2.2", "-c", "sanli")[-1]
    assert entry["evidence"] == []  # the fourth training was logged without any
    lost = year.json("list", "殡葬", "-c", "sanli")[0]["evidence"][0]
    remove(year.workspace.evidence / lost["sha256"][:2] / lost["sha256"])
    ran = year.run("dossier", "-c", "sanli", "-o", str(tmp_path / "a.zip"))
    assert "1 个文件缺失或被改动" in ran.out
    with ZipFile(tmp_path / "a.zip") as opened:
        page = opened.read("索引.html").decode("utf-8")
        assert '<span class="missing">缺 签到表、照片</span>' in page
        assert f'{lost["name"]} <span class="missing">文件缺失</span>' in page
        assert not any(lost["name"] in name for name in opened.namelist())


def test_an_interruption_leaves_nothing_under_the_final_name(
    year: Year, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out" / "a.zip"
    copied = 0
    original = dossier_archive.Archive.add_file

    def interrupted(*args: object) -> object:
        nonlocal copied
        copied += 1
        if copied > 5:
            raise KeyboardInterrupt
        return original(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(dossier_archive.Archive, "add_file", interrupted)
    ran = year.run("dossier", "-c", "sanli", "-o", str(output))
    assert ran.code != 0
    assert list(output.parent.iterdir()) == []


def test_it_holds_what_stood_at_a_day(year: Year, tmp_path: Path) -> None:
    output = tmp_path / "a.zip"
    assert year.run("dossier", "-c", "sanli", "--as-of", "1-31", "-o", str(output)).code == 0
    with ZipFile(output) as opened:
        days = re.findall(r"/(\d{4}-\d\d-\d\d) ", "\n".join(opened.namelist()))
    assert max(days) <= "2026-01-31"
    assert min(days) == "2026-01-07"
