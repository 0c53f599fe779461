"""Rows are stored compactly and restored; duplicates are found however far apart they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sgtrack.model.entries import Activity, duplicate_key
from sgtrack.sheets.cell_parsing import BadCell
from sgtrack.sheets.classify_rows import CompactActivities, classify_rows
from sgtrack.sheets.row_parsing import Read
from sgtrack.sheets.table_reader import read_tables

from ..support.tables import workbook, write_csv

ACTIVITY = Activity(
    *("sanli", "7.3.1", date(2026, 3, 5), "宣讲", "广场", "文体活动类", "下雨"),
    amounts={"场": Decimal(1), "学时": Decimal("2.5")},
    participants=("甲", "乙"),
    also=("7.4",),
    closes=True,
    for_month="2026-03",
)
MANY = [replace(ACTIVITY, title=f"第{n}场") for n in range(1234)]


def read(activities: list[Activity]) -> Iterator[Read]:
    return (Read(one, "表", row) for row, one in enumerate(activities, start=2))


@pytest.mark.parametrize("count", [0, 1, 500, 1234])
def test_what_was_put_away_comes_back(count: int) -> None:
    packed = CompactActivities()
    for one in MANY[:count]:
        packed.add(one)
    assert len(packed) == count
    assert [*packed] == MANY[:count]
    assert [list(one.amounts.items()) for one in packed] == [
        list(one.amounts.items()) for one in MANY[:count]
    ]


def test_new_known_contradicting_and_repeated_rows() -> None:
    known = {duplicate_key(MANY[0]): MANY[0].amounts, duplicate_key(MANY[1]): {"场": Decimal(3)}}
    unread = BadCell("表", "A9", "4-31", "没有这一天")
    found = classify_rows([*read([*MANY, MANY[2]]), unread], known)
    assert [*found.new] == MANY[2:]
    assert found.existing == 1
    assert found.names == {"甲", "乙"}
    assert [(one.place, one.reason[:12]) for one in found.bad] == [
        ("A9", "没有这一天"),
        ("第3行", "台账里已有这次活动，数量"),
        ("第1236行", "和第 4 行是同一天、同"),
    ]


def test_a_table_is_gone_through_more_than_once(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [("日期", "服务项", "人次"), ("3-5", "5.1")])
    (table,) = read_tables(file, lambda _: "")
    assert len(table.rows) == 2
    assert [*table.rows] == [*table.rows] == [("日期", "服务项", "人次"), ("3-5", "5.1", None)]


def test_a_table_that_begins_far_from_the_corner_with_merged_cells(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(2, 1, ["日期", "服务项", "人次"])
        sheet.merge_range(3, 1, 4, 2, "合在一起")
        sheet.write(4, 3, 7)

    file = tmp_path / "远.xlsx"
    file.write_bytes(workbook(fill))
    (table,) = read_tables(file, lambda _: "")
    assert [*table.rows] == [
        (None, None, None, None),
        (None, None, None, None),
        (None, "日期", "服务项", "人次"),
        (None, "合在一起", "合在一起", None),
        (None, "合在一起", "合在一起", 7.0),
    ]
    assert len(table.rows) == 5
    assert set(table.repeated) == {(3, 2), (4, 1), (4, 2)}
