"""An exported workbook is edited and imported: what was changed becomes corrections."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sgtrack.model.entries import Activity, Entry, Origin
from sgtrack.sheets.exported_rows import columns, rows_of
from sgtrack.sheets.headings import find_layout
from sgtrack.sheets.row_changes import (
    ExportedRow,
    compare_rows,
    input_of_changes,
    read_exported_rows,
)
from sgtrack.sheets.row_parsing import read_rows
from sgtrack.sheets.table_reader import SheetTable
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import packaged

from ..support.command_line import Ran, Run, list_entries
from ..support.office import edit_cells, edit_in_office
from ..support.tables import write_csv

HERE = ("-c", "xianheguan")
WHY = ("-r", "签到表核对后更正")


@pytest.fixture
def book(run: Run, log: Run, tmp_path: Path) -> Path:
    """The export of four entries: rows 5 to 7 are one, with 场, 份 and 人次."""
    log("殡葬", "80人次", "100份", "-d", "3-12", "-t", "进小区", "--place", "广场", "--note", "晴")
    log("5.1", "3人次", "-d", "3-13", "-t", "访视一")
    log("5.1", "4人次", "-d", "3-14", "-t", "访视王甲", "--who", "王甲")
    log("1.1", "-d", "3-15")
    file = tmp_path / "台账.xlsx"
    assert run("export", str(file), *HERE).code == 0
    return file


def rows(file: Path, sheet: str = "台账") -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python()


def import_book(run: Run, file: Path, *words: str) -> Ran:
    return run("import", str(file), *HERE, *words)


def everything(run: Run) -> list[dict[str, Any]]:
    return list_entries(run, "-n", "0", *HERE)


def test_three_cells_edited_in_libreoffice_are_three_corrections(run: Run, book: Path) -> None:
    before = everything(run)
    edit_in_office(book, {"台账": {"F8": 6, "E5": "进院落", "H9": "文化站"}})
    ran = import_book(run, book, *WHY)
    assert ran.err == ""
    assert "导入了 0 条记录，更正了 3 条，1 条没有改动" in ran.out
    for words in ("标题：进小区 → 进院落", "人次：3人次 → 6人次", "地点：（空） → 文化站"):
        assert words in ran.out
    after = everything(run)
    fields = ("date", "item", "title", "place", "note", "amounts", "people", "also")
    changed = [
        (old["title"], {f: new[f] for f in fields if new[f] != old[f]})
        for old, new in zip(before, after, strict=True)
    ]
    assert changed == [
        ("进小区", {"title": "进院落"}),
        ("访视一", {"amounts": {"人次": 6}}),
        ("访视某", {"place": "文化站"}),
        ("", {}),
    ]
    again = import_book(run, book, *WHY)
    assert (again.code, again.err) == (0, "")
    assert "导入了 0 条记录，4 条没有改动" in again.out
    assert everything(run) == after
    assert run("verify").code == 0


def test_an_untouched_export_changes_nothing(run: Run, book: Path) -> None:
    before = everything(run)
    ran = import_book(run, book)
    assert (ran.code, ran.err) == (0, "")
    assert "导入了 0 条记录，4 条没有改动" in ran.out
    assert everything(run) == before


def test_each_field_can_be_corrected(run: Run, book: Path) -> None:
    edits = {
        "A8": "3月16日",
        "C8": "5.2",
        "E8": "改了",
        "H8": "村委会",
        "K8": "补充",
    }
    edit_cells(book, {"台账": edits})
    ran = import_book(run, book, *WHY)
    assert ran.code == 0, ran.err
    changed = next(one for one in everything(run) if one["title"] == "改了")
    assert (changed["date"], changed["item"]) == ("2026-03-16", "5.2")
    assert (changed["place"], changed["note"]) == ("村委会", "补充")
    assert changed["replaces"]


def test_an_edit_in_the_sheet_of_a_category_counts_too(run: Run, book: Path) -> None:
    edit_cells(book, {"5 提供救助服务": {"F5": 7}, "台账": {"E8": "改了"}})
    ran = import_book(run, book, *WHY)
    assert "更正了 1 条" in ran.out, ran.err
    changed = next(one for one in everything(run) if one["title"] == "改了")
    assert changed["amounts"] == {"人次": 7}


def test_corrections_need_a_reason(run: Run, book: Path) -> None:
    before = everything(run)
    edit_cells(book, {"台账": {"F8": 6}})
    ran = import_book(run, book)
    assert ran.code == 1
    assert "没有写更正的原因" in ran.err
    assert everything(run) == before
    assert "可以更正 1 条" in import_book(run, book, "--dry-run").out
    assert everything(run) == before


def test_an_entry_that_changed_since_is_asked(run: Run, book: Path) -> None:
    entry = next(one for one in everything(run) if one["title"] == "访视一")
    run("amend", entry["id"][-6:], "5人次", "-r", "数错了")
    edit_cells(book, {"台账": {"E8": "改了"}})
    ran = import_book(run, book, *WHY)
    assert ran.code == 1
    assert "导出以后台账也改过" in ran.err
    assert "5人次" in ran.err
    untouched = import_book(run, book, *WHY, "--dry-run")
    assert untouched.code == 1
    run("void", everything(run)[1]["id"][-6:], "-r", "重复")
    ran = import_book(run, book, *WHY)
    assert "已经作废" in ran.err


def test_the_same_change_in_the_ledger_is_no_change(run: Run, book: Path) -> None:
    entry = next(one for one in everything(run) if one["title"] == "访视一")
    run("amend", entry["id"][-6:], "-t", "改了", "-r", "写错了")
    edit_cells(book, {"台账": {"E8": "改了"}})
    assert "4 条没有改动" in import_book(run, book).out


def test_deleted_rows_void_nothing_and_are_told(run: Run, book: Path) -> None:
    before = everything(run)
    edit_cells(book, {"台账": {"A6": None, "A8": None}})
    ran = import_book(run, book)
    assert "1 条记录表里没有了，台账没有动" in ran.out
    assert "访视一" in ran.out
    assert "少了份的那一行" in ran.out or "少了人次的那一行" in ran.out
    assert everything(run) == before


def test_names_hidden_in_the_export_stay_in_the_ledger(run: Run, book: Path) -> None:
    assert "访视某" in str(rows(book))
    edit_cells(book, {"台账": {"F9": 5}})
    assert "更正了 1 条" in import_book(run, book, *WHY).out
    shown = json.loads(run("list", "--json", *HERE).out)
    assert [one["amounts"] for one in shown if one["date"] == "2026-03-14"] == [{"人次": 5}]
    named = book.with_name("含姓名.xlsx")
    assert run("export", str(named), "--with-names", *HERE).code == 0
    assert "访视王甲" in str(rows(named))
    assert "4 条没有改动" in import_book(run, named).out


def test_a_text_with_a_hidden_name_is_not_overwritten(run: Run, book: Path) -> None:
    edit_cells(book, {"台账": {"E9": "再次访视某"}})
    ran = import_book(run, book, *WHY)
    assert ran.code == 1
    assert "台账!E9" in ran.err
    assert "--with-names" in ran.err


def test_new_rows_and_corrections_together(run: Run, book: Path) -> None:
    edit_cells(
        book,
        {"台账": {"F8": 6, "A11": "3-20", "C11": "5.1", "E11": "新的", "F11": 2, "G11": "人次"}},
    )
    ran = import_book(run, book, *WHY)
    assert "导入了 1 条记录，更正了 1 条" in ran.out, ran.err
    assert "5.1 入户访视（50人次）" in ran.out
    assert len(everything(run)) == 5


def test_new_rows_and_corrections_are_undone_together(run: Run, book: Path) -> None:
    keys = ("date", "item", "title", "place", "amounts")
    before = [[entry[key] for key in keys] for entry in everything(run)]
    edit_cells(
        book,
        {"台账": {"F8": 6, "A11": "3-20", "C11": "5.1", "E11": "新的", "F11": 2, "G11": "人次"}},
    )
    assert import_book(run, book, *WHY).code == 0
    ran = run("undo", "--yes")
    assert (ran.code, "作废" in ran.out, "改回" in ran.out) == (0, True, True), ran.err
    assert [[entry[key] for key in keys] for entry in everything(run)] == before
    assert run("verify").code == 0


@pytest.mark.parametrize(
    ("edits", "place", "words"),
    [
        ({"F8": " "}, "F8", "数量清空了"),
        ({"B8": "ABCDEF"}, "B8", "版本"),
        ({"C8": "99.9"}, "C8", "没有找到"),
        ({"A8": "2-30"}, "A8", "没有这一天"),
        ({"D8": "别的名称"}, "D8", "编号"),
        ({"F8": "几个"}, "F8", "不是"),
        ({"U8": " "}, "B8", "有编号没有版本"),
        ({"N8": "也许"}, "N8", "看不出"),
        ({"G6": "人次"}, "G", "复制出来的"),
        ({"E5": "一", "E6": "二"}, "E6", "另一行"),
    ],
)
def test_edits_that_mean_nothing_are_named(
    run: Run, book: Path, edits: dict[str, object], place: str, words: str
) -> None:
    before = everything(run)
    edit_cells(book, {"台账": edits})
    ran = import_book(run, book, *WHY)
    assert ran.code == 1
    assert f"台账!{place}" in ran.err
    assert words in ran.err
    assert everything(run) == before


def test_a_copied_row_is_no_correction(run: Run, book: Path) -> None:
    copied = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", rows(book)[7], strict=False))
    edits = {f"{letter}11": value for letter, value in copied.items() if value != ""}
    edit_cells(book, {"台账": {**edits, "E11": "另一次", "A11": "3-20"}})
    ran = import_book(run, book, *WHY)
    assert ran.code == 1
    assert "清空“编号”和“版本”两格" in ran.err


def test_two_entries_may_change_places(run: Run, book: Path) -> None:
    """Their titles and days are swapped, so that each one takes the key of the other."""
    edit_cells(book, {"台账": {"A8": "2026-03-14", "E8": "换了", "A9": "2026-03-13"}})
    assert "更正了 2 条" in import_book(run, book, *WHY).out


@pytest.mark.about_the_file("both workspaces would use the same database")
def test_an_export_of_another_ledger_is_new_here(
    run: Run, log: Run, book: Path, tmp_path: Path
) -> None:
    log("6.8.2", "9人次", "-d", "3-16", "-t", "编织小组", "--close", "--also", "7.4")
    log("7.2.2", "--who", "甲", "乙", "-d", "3-17", "-t", "注册")
    named = book.with_name("含姓名.xlsx")
    assert run("export", str(named), "--with-names", *HERE).code == 0
    other = tmp_path / "别处"
    run("init", str(other))
    ran = run("--home", str(other), "import", str(named), *HERE)
    assert "6 条是从别的台账导出的" in ran.out, ran.err
    assert "导入了 6 条记录" in ran.out
    fields = ("date", "item", "title", "place", "note", "amounts", "people", "also", "session")
    listed = json.loads(run("--home", str(other), "list", "--json", *HERE).out)
    assert [[one[f] for f in fields] for one in listed] == [
        [one[f] for f in fields] for one in everything(run)
    ]
    again = run("--home", str(other), "import", str(named), *HERE)
    assert "6 条台账里已有" in again.out


def test_columns_may_be_removed_or_moved(run: Run, book: Path, tmp_path: Path) -> None:
    """Only the columns that are there are compared."""
    table = [list(row) for row in rows(book)]
    keep = ["版本", "标题", "数量", "单位", "服务项", "日期"]
    order = [table[3].index(heading) for heading in keep]
    file = write_csv(
        tmp_path / "几列.csv",
        [[str(row[n]).removesuffix(" 00:00:00") for n in order] for row in (table[3], *table[4:])],
    )
    ran = import_book(run, file)
    assert "4 条没有改动" in ran.out, ran.err


def test_an_import_is_undone_as_a_whole(run: Run, book: Path) -> None:
    before = [(one["title"], one["amounts"]) for one in everything(run)]
    new = {"A11": "3-20", "C11": "5.1", "E11": "新的", "F11": 2, "G11": "人次"}
    edit_cells(book, {"台账": {"F8": 6, **new}})
    assert "导入了 1 条记录，更正了 1 条" in import_book(run, book, *WHY).out
    assert run("undo", "--yes").code == 0
    assert [(one["title"], one["amounts"]) for one in everything(run)] == before


def test_the_last_columns_can_be_corrected(run: Run, log: Run, tmp_path: Path) -> None:
    log("6.8.2", "9人次", "-d", "3-12", "-t", "编织小组")
    file = tmp_path / "台账.xlsx"
    run("export", str(file), *HERE)
    edit_cells(file, {"台账": {"M5": "7.4", "N5": "是", "O5": 3, "P5": 12}})
    ran = import_book(run, file, *WHY)
    assert "更正了 1 条" in ran.out, ran.err
    (entry,) = [one for one in everything(run) if one["title"] == "编织小组"]
    assert (entry["also"], entry["session"], entry["attendance"]) == (["7.4"], 3, 12)
    assert "小组或个案到此结束" in run("show", entry["id"]).out


def test_a_reason_without_corrections_goes_to_the_new_entries(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [("日期", "服务项", "人次"), ("3-5", "5.1", 4)])
    assert import_book(run, file, "-r", "上月漏记").code == 0
    (entry,) = everything(run)
    assert entry["amounts"] == {"人次": 4}


PROJECT = load_folder(packaged("targets")).projects[1]
"""No fixture, because hypothesis prints the arguments of a failure."""
ENTRY = Entry(
    "01KBMF2Z6VQ9Y8W7X6V5T4S3R2",
    Activity(PROJECT.slug, "7.3", date(2026, 3, 5), "宣讲", amounts={"场": Decimal(1)}),
    Origin(datetime(2026, 3, 5, tzinfo=UTC), "x", "log"),
)
WORDS = st.sampled_from(
    ["", "0", "无", "完成", "是", "人次", "场", "5.1", "7.3", "3-6", "#N/A", "某"]
)
CELLS = st.one_of(st.none(), WORDS, st.text(max_size=6), st.floats(allow_nan=False), st.dates())


@given(
    edits=st.lists(
        st.dictionaries(st.sampled_from([h for h, _ in columns(with_names=True)]), CELLS),
        min_size=1,
        max_size=3,
    )
)
def test_no_edit_crashes_the_comparison(edits: list[dict[str, Any]]) -> None:
    """Whatever is typed into the rows of an entry is unchanged, a change, or a bad cell."""
    headings = tuple(heading for heading, _ in columns(with_names=True))
    (row,) = rows_of(PROJECT, ENTRY)
    exported = {h: float(cell) if isinstance(cell, Decimal) else cell for h, cell in row.items()}
    edited = [tuple({**exported, **edit}[heading] for heading in headings) for edit in edits]
    table = SheetTable("台账", (headings, *edited))
    layout = find_layout(table, {})
    assert layout is not None
    read = [row for row in read_exported_rows(layout) if isinstance(row, ExportedRow)]
    own = [row for row in read if row.entry_id == ENTRY.id]
    if own:
        found = compare_rows(PROJECT, own, ENTRY, ENTRY, date(2026, 6, 30))
        assert found.bad or input_of_changes(found.changes.values()) is not None
    assert len(list(read_rows(PROJECT, layout, date(2026, 6, 30)))) <= len(edits)


def test_columns_that_are_not_imported_are_told(run: Run, book: Path) -> None:
    edit_cells(book, {"台账": {"J8": "3件"}})
    ran = import_book(run, book)
    assert "佐证 不从表里导入" in ran.out
    assert "4 条没有改动" in ran.out


def effects(run: Run) -> dict[str, str]:
    return {entry["title"]: entry["effect"] for entry in everything(run)}


def test_an_edited_effect_is_written_beside_the_entry(run: Run, book: Path) -> None:
    before = everything(run)
    edit_cells(book, {"台账": {"R8": "学会了挂号", "R5": "问的人多了", "R6": "问的人多了"}})
    ran = import_book(run, book, "--dry-run")
    assert "可以补写 2 条成效" in ran.out, ran.err
    assert everything(run) == before
    ran = import_book(run, book)
    assert (ran.code, ran.err) == (0, "")
    assert "成效：（空） → 学会了挂号" in ran.out
    assert "补写了 2 条成效，2 条没有改动" in ran.out
    after = everything(run)
    assert [entry["id"] for entry in after] == [entry["id"] for entry in before]
    assert [entry["effect"] for entry in after] == ["问的人多了", "学会了挂号", "", ""]
    assert "4 条没有改动" in import_book(run, book).out
    assert run("undo", "--yes").code == 0
    assert everything(run) == before
    assert run("verify").code == 0


def test_an_effect_is_written_to_the_entry_that_is_corrected_with_it(run: Run, book: Path) -> None:
    edit_cells(book, {"台账": {"R8": "学会了挂号", "F8": 6}})
    ran = import_book(run, book, *WHY)
    assert "更正了 1 条，补写了 1 条成效" in ran.out, ran.err
    entry = next(one for one in everything(run) if one["title"] == "访视一")
    assert (entry["amounts"], entry["effect"]) == ({"人次": 6}, "学会了挂号")
    assert run("verify").code == 0


def test_an_effect_written_since_the_export_is_not_lost(run: Run, book: Path) -> None:
    """The cell has the effect of the export, which the officer did not touch."""
    entry = next(one for one in everything(run) if one["title"] == "访视一")
    run("amend", entry["id"], "--effect", "甲")
    assert run("export", str(book), *HERE).code == 0
    run("amend", entry["id"], "--effect", "乙")
    ran = import_book(run, book)
    assert "成效是空的或以前的，台账没有动" in ran.out
    edit_cells(book, {"台账": {"R8": ""}})
    assert "成效是空的或以前的，台账没有动" in import_book(run, book).out
    assert effects(run)["访视一"] == "乙"
    edit_cells(book, {"台账": {"R8": "丙"}})
    assert "成效：乙 → 丙" in import_book(run, book).out
    assert effects(run)["访视一"] == "丙"


def test_effects_that_cannot_be_written_are_named(run: Run, book: Path) -> None:
    edit_cells(book, {"台账": {"R5": "一", "R6": "二"}})
    ran = import_book(run, book)
    assert (ran.code, "台账!R6" in ran.err, "另一行" in ran.err) == (1, True, True)
    edit_cells(book, {"台账": {"R5": "", "R6": "", "R8": "好"}})
    run("void", everything(run)[1]["id"], "-r", "重复")
    ran = import_book(run, book)
    assert (ran.code, "已经作废，不能写成效" in ran.err) == (1, True)
    new = {"R8": "", "A11": "3-20", "C11": "5.1", "F11": 2, "G11": "人次", "R11": "好"}
    edit_cells(book, {"台账": new})
    ran = import_book(run, book)
    assert (ran.code, "台账!R11" in ran.err, "--effect" in ran.err) == (1, True, True)


@pytest.mark.parametrize("text", ["改过的原话", ""])
def test_an_edited_source_is_refused(run: Run, log: Run, tmp_path: Path, text: str) -> None:
    said = "3月12日在社区广场开展惠民殡葬政策宣讲1场，发放资料100份，服务居民80人次"
    log(said, "--yes")
    file = tmp_path / "台账.xlsx"
    run("export", str(file), *HERE)
    edit_cells(file, {"台账": {"S5": text}})
    ran = import_book(run, file, *WHY)
    assert ran.code == 1
    assert "台账!S5" in ran.err
    assert "原文是记录时说的话，不能改" in ran.err
    assert everything(run)[0]["effect"] == ""
