"""The index of a dossier, its page and its workbook all name missing evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from sgtrack.dossier.dossier_index import Index, IndexItem, IndexMaterial, compose
from sgtrack.dossier.index_page import render_index_page, render_item_page
from sgtrack.dossier.index_workbook import write_index_workbook
from sgtrack.dossier.placement import place
from sgtrack.evidence.evidence_store import Condition
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry
from sgtrack.model.figures import AmountFigure, Figures
from sgtrack.progress.contract_status import compute_status

from .figures import entry

DAY = date(2026, 6, 30)
SOUND = entry(1, "5.1", "入户<b>&", "服务记录:记录 1.pdf")
BARE = entry(2, "5.1", "=1+1")
DAMAGED = entry(3, "6.3", "重阳", "签到表:签到.jpg", "照片:合影.jpg")
OUTSIDE = entry(4, "9.9.9", "旧项目", "照片:旧.jpg")
ALL = (SOUND, BARE, DAMAGED, OUTSIDE)


@pytest.fixture
def index(project: Project) -> Index:
    first, second = (one.sha256 for one in DAMAGED.evidence)
    return composed(project, {first: Condition.CHANGED, second: Condition.MISSING})


def composed(project: Project, damaged: Mapping[str, Condition]) -> Index:
    conditions = {one.sha256: Condition.INTACT for e in ALL for one in e.evidence}
    return compose(
        IndexMaterial(
            status=compute_status(project, figures(ALL), DAY),
            entries=ALL,
            roster=(),
            placement=place(project, ALL),
            conditions={**conditions, **damaged},
            head="0123456789abcdef" * 4,
            today=DAY,
        )
    )


def figures(entries: tuple[Entry, ...]) -> Figures:
    return Figures(
        amounts=tuple(
            AmountFigure(
                (one.activity.item,),
                one.activity.day,
                "人次",
                Decimal(5),
                0,
                evidence=frozenset(e.kind for e in one.evidence),
            )
            for one in entries
        )
    )


def item(index: Index, code: str) -> IndexItem:
    return index.items[code]


def test_every_item_is_there_in_contract_order(project: Project, index: Index) -> None:
    assert list(index.items) == list(project.items)
    assert index.code == "0123-4567-89ab-cdef"


def test_claimed_and_proven_stand_side_by_side(index: Index) -> None:
    (row,) = item(index, "5.1").rows
    assert (row.target, row.claimed, row.percent, row.proven) == (
        "50人次",
        "10人次",
        "20.0%",
        "50%",
    )
    assert (row.done, row.whole) == (False, False)
    assert [one.missing for one in item(index, "5.1").entries] == ["", "服务记录"]


def test_a_damaged_file_does_not_prove(index: Index) -> None:
    (found,) = item(index, "6.3").entries
    assert [(one.problem, one.is_present) for one in found.files] == [
        ("文件内容被改动", True),
        ("文件缺失", False),
    ]
    assert found.missing == "签到表、照片"


def test_an_entry_outside_the_contract_is_listed_apart(index: Index) -> None:
    assert [one.title for one in index.outside] == ["旧项目"]
    assert "旧项目" not in {e.title for one in index.items.values() for e in one.entries}


def test_the_page_shows_titles_as_they_are_and_links_what_is_there(index: Index) -> None:
    page = render_index_page(index).decode("utf-8")
    assert "入户&lt;b&gt;&amp;" in page
    assert 'content: attr(data-label) "："' in page  # the style sheet is not escaped
    assert '<td class="missing">50%</td>' in page
    assert "<b>" not in page
    links = re.findall(r'href="([^"#]+)"', page)
    assert [link for link in links if "%E5%90%88%E5%BD%B1" in link] == []  # 合影 is not there
    assert page.count('<span class="missing">文件缺失</span>') == 1
    assert "合同外的记录" in page


def test_the_page_of_an_item_leads_back_to_the_index(index: Index) -> None:
    page = render_item_page(item(index, "5.1")).decode("utf-8")
    assert 'href="../../../%E7%B4%A2%E5%BC%95.html"' in page
    assert "入户&lt;b&gt;&amp;" in page


def test_the_workbook_says_everything_of_a_file_in_its_row(index: Index) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(write_index_workbook(index)))
    rows = book.get_sheet_by_name("记录与佐证").to_python()[2:]
    said = [(r[0], r[4], r[7], r[8]) for r in rows]
    assert said == [
        ("5.1", "入户<b>&", "记录 1.pdf", ""),
        ("5.1", "=1+1", "", "缺 服务记录"),
        ("6.3", "重阳", "签到.jpg", "文件内容被改动；缺 签到表、照片"),
        ("6.3", "重阳", "合影.jpg", "文件缺失；缺 签到表、照片"),
        ("", "旧项目", "旧.jpg", ""),
    ]
    counts = {r[2]: (r[9], r[10]) for r in book.get_sheet_by_name("指标").to_python()[2:]}
    assert counts["5.1"] == (2, 1)
    with ZipFile(BytesIO(write_index_workbook(index))) as inside:
        sheets = [inside.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2)]
    assert all("<autoFilter" in sheet and "<f>" not in sheet for sheet in sheets)
