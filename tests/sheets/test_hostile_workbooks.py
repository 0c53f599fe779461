"""Excel files that make the library abort, panic or never end are refused in plain words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from sgtrack.model.errors import Refused
from sgtrack.sheets import workbook_process
from sgtrack.sheets.table_reader import read_tables
from sgtrack.workspace import Workspace

from ..support.files import read_tree

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def good_workbook() -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["日期", "服务项", "人次"])
    return made.getvalue()


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good file of which one part is changed."""
    made = BytesIO()
    with ZipFile(BytesIO(good_workbook())) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return made.getvalue()


def with_strings(attributes: str) -> bytes:
    strings = f"<sst {MAIN} {attributes}><si><t>x</t></si></sst>".encode()
    return changed("xl/sharedStrings.xml", lambda _: strings)


def with_cells(*cells: str) -> bytes:
    rows = "".join(f'<row><c r="{cell}"><v>1</v></c></row>' for cell in cells)
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()
    return changed("xl/worksheets/sheet1.xml", lambda _: sheet)


def with_bytes(start: int) -> bytes:
    """An old .xls file: the head of a compound document, and sectors that lead nowhere."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00"
    return head + start.to_bytes(4, "little") * 2000


HOSTILE = {
    "four billion shared strings": lambda: with_strings('count="1" uniqueCount="4294967295"'),
    "two billion shared strings": lambda: with_strings('count="9" uniqueCount="2147483647"'),
    "a string that is not there": lambda: changed(
        "xl/worksheets/sheet1.xml", lambda sheet: sheet.replace(b"<v>0</v>", b"<v>4294967295</v>")
    ),
    "the last row of 32 bits": lambda: with_cells("A1", "A4294967295"),
    "a row of 64 bits": lambda: with_cells("A1", "A18446744073709551615"),
    "row 0": lambda: with_cells("A0"),
    "a column far out": lambda: with_cells("A1", "ZZZ1048576"),
    "half a part": lambda: changed("xl/worksheets/sheet1.xml", lambda sheet: sheet[:60]),
    "an .xls of one sector": lambda: with_bytes(0),
    "an .xls that leads nowhere": lambda: with_bytes(0xFFFFFFF0),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_workbook_is_refused_or_read(
    workspace: Workspace, tmp_path: Path, make: Callable[[], bytes]
) -> None:
    """A process of its own runs the command, because an abort would end the tests."""
    content = make()
    file = tmp_path / ("x.xlsx" if content.startswith(b"PK") else "x.xls")
    file.write_bytes(content)
    before = read_tree(workspace.root)
    ran = subprocess.run(
        [sys.executable, "-m", "sgtrack", "import", str(file), "-c", "sanli"],
        env=os.environ | {"SGTRACK_HOME": str(workspace.root)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, ""), ran.stderr
    assert [line[:3] for line in ran.stderr.splitlines()] == ["错误：", "改法："], ran.stderr
    assert read_tree(workspace.root) == before


def test_reading_that_does_not_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = [sys.executable, "-c", "import sys; sys.stdin.buffer.read()\nwhile True: pass"]
    monkeypatch.setattr(workbook_process, "child_command", lambda _: endless)
    monkeypatch.setattr(workbook_process, "MOST_SECONDS", 0.5)
    file = tmp_path / "x.xlsx"
    file.write_bytes(good_workbook())
    with pytest.raises(Refused, match="还没有读完"):
        read_tables(file, lambda _: "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_the_memory_of_the_reader_is_bounded() -> None:
    code = (
        "from sgtrack.child_process import limit_memory; "
        "from sgtrack.sheets.workbook_reader import MOST_MEMORY; limit_memory(MOST_MEMORY); "
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}bytearray(2_000_000_000)"], capture_output=True, check=False
    )
    assert b"MemoryError" in ran.stderr


def test_a_reader_that_ends_before_it_has_read_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_process, "child_command", lambda _: [sys.executable, "-c", ""])
    file = tmp_path / "x.xls"
    file.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5_000_000))
    with pytest.raises(Refused, match="文件损坏"):
        read_tables(file, lambda _: "")


def test_no_module_of_the_current_folder_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('loaded')")
    (tmp_path / "x.xlsx").write_bytes(good_workbook())
    monkeypatch.chdir(tmp_path)
    (table,) = read_tables(Path("x.xlsx"), lambda _: "")
    assert list(table.rows) == [("日期", "服务项", "人次")]
    assert list(table.rows) == list(table.rows)
