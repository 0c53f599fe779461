"""A day with sgtrack.exe: from the first double-click to a brief, Excel, a backup and a restore.

Most tests need the entries of the menu, which the fixture ``day`` makes once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from sgtrack.workspace import SETTINGS

from ..tender.pdf_documents import PdfPage, pdf_file
from .conftest import CONTROL, LENGTH, SECONDS, PackedProgram, windows_path

if os.name != "posix":
    pytest.skip("Wine needs Linux", allow_module_level=True)
pexpect = pytest.importorskip("pexpect")
DATA = Path(__file__).parents[1] / "data"
SENTENCE = "3月10日，走访低保户3人次"
ENTER = "\r"


class Window:
    """A console window in which the program was started by a double-click."""

    def __init__(self, program: PackedProgram) -> None:
        command, *words = program.command("wine", "sgtrack.exe")
        self.child = pexpect.spawn(
            command, words, encoding="utf-8", timeout=SECONDS, dimensions=(24, 80)
        )
        self.screen = ""

    def answer(self, question: str, answer: str = "") -> None:
        """Wait for a question, and type the answer."""
        self.expect(question)
        self.child.send(answer)
        self.child.send(ENTER)

    def expect(self, text: str) -> None:
        """Wait for a text on the screen."""
        self.child.expect_exact(text)
        self.screen += self.child.before + self.child.after

    def finish(self) -> str:
        """Wait until the program ends, and return what it showed."""
        self.child.expect(pexpect.EOF)
        self.screen += self.child.before
        self.child.close()
        return CONTROL.sub("", self.screen)


@pytest.fixture(scope="session")
def day(program: PackedProgram) -> PackedProgram:
    """The program after the menu was used from the first start to an issued brief."""
    files = program.documents / "材料 三月"
    files.mkdir()
    (files / "签到表 一.pdf").write_bytes(b"%PDF-1.4 one")
    shutil.copy(DATA / "iphone.heic", files / "现场.heic")
    window = Window(program)
    window.answer("社区：", "2")
    window.answer("请选择：", "1")
    window.answer("怎样记：", "1")
    window.answer("服务项：", "殡葬")
    window.answer("日期：", "3-12")
    window.answer("标题：", "惠民殡葬进小区")
    window.answer("场：")
    window.answer("份：", "100")
    window.answer("人次：", "80")
    window.answer("地点：", "社区广场")
    dragged = [windows_path(files / name) for name in ("签到表 一.pdf", "现场.heic")]
    window.answer("佐证材料：", " ".join(f'"{path}"' for path in dragged))
    window.answer("确认写入")
    window.answer("返回菜单：")
    window.answer("请选择：", "1")
    window.answer("怎样记：", "2")
    window.answer("一句话：", SENTENCE)
    window.answer("确认写入")
    window.answer("返回菜单：")
    window.answer("请选择：", "2")
    window.answer("返回菜单）：")
    window.answer("请选择：", "3")
    window.answer("哪个月的简报：")
    window.answer("接着：", "2")
    window.answer("确认发出")
    window.answer("接着：", "0")
    window.answer("请选择：", "6")
    window.answer("返回菜单：")
    window.answer("请选择：", "0")
    screen = window.finish()
    assert "已发出" in screen, screen
    assert "按回车键关闭" not in screen, screen
    return program


def list_entries(program: PackedProgram) -> list[dict[str, object]]:
    ran = program.run("list", "--json", "--with-names")
    assert ran.code == 0, ran.err
    entries: list[dict[str, object]] = json.loads(ran.out)
    return entries


def test_the_path_of_the_program_is_long(program: PackedProgram) -> None:
    assert len(windows_path(program.folder / "sgtrack.exe")) == LENGTH
    ran = program.run("--version")
    assert ran.code == 0, ran.err


def test_the_menu_records_activities_and_issues_the_brief(day: PackedProgram) -> None:
    assert (day.workspace / SETTINGS).read_text("utf-8") == 'community = "xianheguan"\n'
    entries = list_entries(day)
    assert [(e["date"], e["item"], e["amounts"]) for e in entries[:2]] == [
        ("2026-03-10", "5.1", {"人次": 3}),
        ("2026-03-12", "7.3.1", {"场": 1, "份": 100, "人次": 80}),
    ]
    (brief,) = json.loads(day.run("brief", "list", "--json").out)
    assert brief["issued"] == "2026-03-24"
    word = day.workspace / "briefs" / "xianheguan-2026-03.docx"
    with zipfile.ZipFile(word) as packed:
        names = packed.namelist()
        assert "三" in packed.read("word/document.xml").decode()
    assert [name for name in names if name.startswith("word/media/")], "the photo"
    assert list((day.workspace / "backups").glob("*.db"))


def test_options_record_evidence_and_a_repeat_with_a_new_file_is_refused(
    day: PackedProgram,
) -> None:
    files = day.documents / "材料 四月"
    files.mkdir()
    for name in ("签到表.jpg", "新 照片.jpg"):
        (files / name).write_bytes(name.encode())
    words = ("log", "5.2", "2人次", "-d", "3-20", "-t", "上门探视")
    ran = day.run(*words, "-e", windows_path(files / "签到表.jpg"))
    assert ran.code == 0, ran.err
    before = list_entries(day)
    stored = sorted((day.workspace / "evidence").glob("*/*"))
    ran = day.run(*words, "-e", windows_path(files / "新 照片.jpg"))
    assert ran.code == 1
    assert "已经记过" in ran.err, ran.err
    assert list_entries(day) == before
    assert sorted((day.workspace / "evidence").glob("*/*")) == stored
    ran = day.run("evidence", "verify")
    assert ran.code == 0, ran.err


def test_json_in_a_file_is_utf_8(day: PackedProgram) -> None:
    ran = day.shell("sgtrack.exe list --json > 记录.json")
    assert ran.code == 0, ran.err
    content = (day.folder / "记录.json").read_bytes()
    assert b"\r" not in content
    assert json.loads(content.decode("utf-8"))[0]["item"] == "5.1"


def test_excel_is_exported_and_imported(day: PackedProgram) -> None:
    table = day.documents / "台账 导出.xlsx"
    ran = day.run("export", windows_path(table))
    assert ran.code == 0, ran.err
    ran = day.run("import", windows_path(table))
    assert ran.code == 0, ran.err
    before = len(list_entries(day))
    form = day.documents / "登记 表.xlsx"
    with xlsxwriter.Workbook(str(form)) as book:
        sheet = book.add_worksheet("登记")
        sheet.write_row(0, 0, ["日期", "服务项", "人次"])
        sheet.write_row(1, 0, ["2026-03-21", "5.1", 4])
    ran = day.run("import", windows_path(form))
    assert ran.code == 0, ran.err
    assert len(list_entries(day)) == before + 1
    table = day.documents / "加密 台账.xlsx"
    ran = day.run("export", "--password", windows_path(table))
    assert ran.code == 0, ran.err
    assert not zipfile.is_zipfile(table), "it is encrypted"
    ran = day.run("import", windows_path(table))
    assert ran.code == 0, ran.err
    ran = day.run("sheet", windows_path(day.documents / "空 表.xlsx"))
    assert ran.code == 0, ran.err


def test_a_backup_is_restored(day: PackedProgram) -> None:
    ran = day.run("backup")
    assert ran.code == 0, ran.err
    before = list_entries(day)
    backup = max(json.loads(day.run("backup", "list", "--json").out), key=lambda b: b["name"])
    assert day.run("log", "5.1", "1人次", "-d", "3-22", "-t", "误记").code == 0
    assert len(list_entries(day)) == len(before) + 1
    ran = day.run("restore", backup["name"], "--yes")
    assert ran.code == 0, ran.err
    assert list_entries(day) == before
    assert day.run("verify").code == 0


def test_parts_that_only_some_commands_load_are_in_the_program(day: PackedProgram) -> None:
    page = PdfPage()
    top = 72.0
    for line in ("采购需求", "一、服务指标", "1. 入户走访：每年入户走访困难群众50人次。"):
        top = page.paragraph(top, line) + 24
    tender = day.documents / "采购 需求.pdf"
    tender.write_bytes(pdf_file([page]))
    ran = day.run("targets", "draft", windows_path(tender))  # a child process, and character maps
    assert "50" in ran.out, ran.err
    ran = day.run("plan", "--json")  # the solver
    assert json.loads(ran.out), ran.err
    sealed = day.documents / "台账.sealed"
    ran = day.run("backup", "--encrypt", windows_path(sealed))  # cryptography
    assert ran.code == 0, ran.err
    assert sealed.stat().st_size > 1000
    ran = day.run("log", "hmbz", "2人次", "-d", "3-23", "--dry-run")  # the table of pinyin
    assert ran.code == 0, ran.err
    ran = day.run("status", "--html", windows_path(day.documents / "进度.html"))
    assert ran.code == 0, ran.err
    ran = day.run("dossier", "-o", windows_path(day.documents / "评估 材料.zip"))
    assert ran.code == 0, ran.err
    ran = day.run("demo")
    assert ran.code == 0, ran.err
    assert re.search("简报", ran.out)
