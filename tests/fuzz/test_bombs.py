"""Files and texts made to break a program are refused in plain words, and nothing is written."""

from __future__ import annotations

import json
import os
import signal
import sys
import unicodedata
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from python_calamine import CalamineWorkbook

from sgtrack.brief.rendering import render
from sgtrack.brief.template_sandbox import Sandbox, Unbounded, bounded
from sgtrack.model.errors import Refused
from sgtrack.sheets.table_reader import read_tables
from sgtrack.workspace import Workspace, packaged

from ..support.command_line import Ran, Run, run_command
from ..support.files import needs_links, read_tree
from ..support.fork_server import OFFERED, ForkServer, Result
from ..support.tables import workbook
from .inputs import document_of, repacked, template_sample

HERE = ("-c", "sanli")
MEMORY = 1 << 30
GIGABYTE = 1_000_000_000


Refusal = Callable[..., str]
"""Runs a command line that must be refused; returns what it printed."""


@pytest.fixture
def refusal(request: pytest.FixtureRequest, workspace: Workspace) -> Refusal:
    """Run a command in a process of limited memory and CPU time; it must refuse plainly.

    The workspace must stay as it was. On Windows, without such limits, no process is started.
    """
    server: ForkServer | None = request.getfixturevalue("fork_server") if OFFERED else None

    def run(*words: str) -> str:
        before = read_tree(workspace.root)
        env = dict(os.environ) | {"SGTRACK_HOME": str(workspace.root)}
        ran: Ran | Result
        if server is None:
            ran = run_command(workspace.root, *words)
        else:
            ran = server.run_one(words, env=env, folder=str(Path.cwd()), memory=MEMORY)
        assert ran.code == 1, ran
        assert ran.err.startswith("错误："), ran.err
        assert "改法：" in ran.err
        for sign in ("Traceback", "程序出了错", "panicked"):
            assert sign not in ran.err
        assert read_tree(workspace.root) == before
        return ran.err

    return run


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(f'*{chr(97 + n)}' for _ in range(9))}]\n"
    for n in range(9)
)
YAML_BOMBS = {
    "aliases of aliases": ALIASES,
    "an alias of itself": "a: &a [*a]\n",
    "deep flow": "a: " + "[" * 100_000,
    "deep flow, closed": "a: " + "[" * 5_000 + "]" * 5_000,
    "deep braces": "{a: " * 5_000 + "}" * 5_000,
    "deep blocks": "".join(" " * n + "a:\n" for n in range(1000)),
    "a python object": "!!python/object/apply:os.system ['touch owned']\n",
    "a huge file": "a: " + "x" * 2_000_000,
    "a huge number": "period: {start: 99999999999999999999, end: 1}\n",
    "NUL": "name: \x00\n",
    "a surrogate": 'name: "\\ud800"\n',
    "many documents": "---\na: b\n" * 1000,
    "an include out of the folder": "include: ../../../etc/passwd\nextends: /etc/passwd\n",
}


@pytest.mark.parametrize("bomb", YAML_BOMBS.values(), ids=YAML_BOMBS.keys())
def test_target_files(refusal: Refusal, workspace: Workspace, bomb: str) -> None:
    (workspace.targets / "bomb.yaml").write_text(bomb, encoding="utf-8")
    said = refusal("status")
    assert "bomb.yaml" in said
    assert not Path("owned").exists()


def zipped(parts: dict[str, bytes], zeros: str = "") -> bytes:
    """An archive of these parts, and a gigabyte of zeros in a part of the name ``zeros``."""
    made = BytesIO()
    with ZipFile(made, "w") as target:
        for name, content in parts.items():
            target.writestr(ZipInfo(name), content, ZIP_DEFLATED)
        if zeros:
            part = ZipInfo(zeros)
            packed, crc = gigabyte_of_zeros()
            target.writestr(part, packed)  # as it is; the directory then says that it is packed
            part.compress_type, part.file_size, part.CRC = ZIP_DEFLATED, GIGABYTE, crc
    return made.getvalue()


@cache
def gigabyte_of_zeros() -> tuple[bytes, int]:
    """A gigabyte of zeros, packed once for all its equal blocks, and its CRC."""
    block, blocks = bytes(1_000_000), GIGABYTE // 1_000_000
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(blocks):
        crc = zlib.crc32(block, crc)
    return packed * blocks + packer.flush(), crc


def sparse(_: object, sheet: Any) -> None:
    sheet.write(0, 0, "日期")
    sheet.write(1_048_575, 16_383, "z")


def good_parts() -> dict[str, bytes]:
    """The parts of a good file."""

    content = workbook(lambda _, sheet: sheet.write(0, 0, "日期"))
    with ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def with_part(name: str, content: bytes) -> bytes:
    return zipped(good_parts() | {name: content})


def with_sheet(content: str) -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return with_part("xl/worksheets/sheet1.xml", f"{head}{content}</worksheet>".encode())


def merged() -> bytes:
    """A thousand merged rows of a few cells: only what they cover is large."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 2001))
    ranges = "".join(f'<mergeCell ref="A{n}:XFD{n + 1}"/>' for n in range(1, 2000, 2))
    return with_sheet(f"<sheetData>{rows}</sheetData><mergeCells>{ranges}</mergeCells>")


def lying() -> bytes:
    """A part that unpacks to much more than the archive says."""
    content = bytearray(with_part("xl/lying.xml", b"\0" * 50_000_000))
    size = (50_000_000).to_bytes(4, "little")
    return bytes(content.replace(size, (10).to_bytes(4, "little")))


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "'
    + b"x" * 1000
    + b'">'
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(8))
)
TOO_WIDE, TOO_LARGE, UNREADABLE = "格，太大", "展开后太大", "不是能读的 Excel 文件"
EXCEL_BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "one cell at the far corner": (TOO_WIDE, lambda: workbook(sparse)),
    "a thousand merged rows": (TOO_WIDE, merged),
    "a gigabyte of nothing": (TOO_LARGE, lambda: zipped(good_parts(), zeros="xl/more.xml")),
    "a part that lies of its size": (UNREADABLE, lying),
    "entities of entities": (
        UNREADABLE,
        lambda: with_part("xl/sharedStrings.xml", LAUGHS + b"]><sst><si><t>&i;</t></si></sst>"),
    ),
    "names that lead out": (
        UNREADABLE,
        lambda: zipped({"../../owned": b"x", "/owned": b"x", "C:\\owned": b"x"}),
    ),
    "no archive at all": (UNREADABLE, lambda: b"PK\x03\x04" + b"x" * 100),
    "a sheet far out that hides its name": (
        TOO_WIDE,
        lambda: with_sheet(
            '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    ),
}
"""The reason each must be refused for, and how to make it: making one takes a while."""


@pytest.mark.parametrize(("reason", "make"), EXCEL_BOMBS.values(), ids=EXCEL_BOMBS.keys())
def test_excel_files(
    refusal: Refusal, tmp_path: Path, reason: str, make: Callable[[], bytes]
) -> None:
    bomb = tmp_path / "bomb.xlsx"
    bomb.write_bytes(make())
    assert reason in refusal("import", str(bomb), *HERE)
    assert reason in refusal("people", "import", str(bomb), *HERE)
    assert not (tmp_path.parent / "owned").exists()


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        (TOO_WIDE, "," * 1_000_000 + "\n" * 1_000_000),
        ("从第 2 行起读不懂", '日期,服务项\n"' + "x" * 200_000),
        ("不是 CSV 文件", "a\0b"),
    ],
    ids=["wide and long", "a quote that does not end", "NUL"],
)
def test_csv_files(refusal: Refusal, tmp_path: Path, reason: str, content: str) -> None:
    bomb = tmp_path / "bomb.csv"
    bomb.write_text(content, encoding="utf-8")
    assert reason in refusal("import", str(bomb), *HERE)


ESCAPES = {
    "a class of a class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals of a function": "{{ cycler.__init__.__globals__.os.system('touch owned') }}",
    "globals by a filter": "{{ ''|attr('__class__')|attr('mro') }}",
    "the loader": "{{ self._TemplateReference__context.environment.loader }}",
    "a format string": "{{ '{0.__class__}'.format(title) }}",
    "a format map": "{{ '{x.__class__}'.format_map({'x': title}) }}",
    "an import": "{% import 'os' as os %}",
    "an include": "{% include '/etc/passwd' %}",
    "a change of what is given": "{% set _ = sections.append(1) %}",
    "a function's code": "{{ lipsum.__code__ }}",
    "a huge range": "{% for n in range(100000000) %}x{% endfor %}",
    "a multiplied text": "{{ 'x' * 1000000000 }}",
    "a multiplied list": "{{ [1] * 1000000000 }}",
    "a power": "{{ 9 ** (9 ** 9) }}",
    "a wide format": "{{ '%099999999d' % 1 }}",
    "a text that doubles": (
        "{% set ns = namespace(x='xxxxxxxxxx') %}{% for n in range(60) %}"
        "{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}"
    ),
    "itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a number by nothing": "{{ 1 / 0 }}",
    "an unknown": "{{ 没有这个 }}",
    "an unfinished tag": "{% if",
}


@pytest.mark.parametrize("kind", ["md", "docx"])
@pytest.mark.parametrize("attack", ESCAPES.values(), ids=ESCAPES.keys())
def test_templates(workspace: Workspace, kind: str, attack: str) -> None:
    if attack == ESCAPES["a text that doubles"] and sys.platform != "linux":
        pytest.skip("the memory of a template is bounded on Linux only")
    path = workspace.templates / f"brief.{kind}"
    if kind == "md":
        path.write_text(attack, encoding="utf-8")
    else:
        sample = template_sample("docx")
        quoted = attack.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        said = f"<w:p><w:r><w:t>{quoted}</w:t></w:r></w:p><w:sectPr".encode()
        path.write_bytes(repacked(sample, document_of(sample).replace(b"<w:sectPr", said, 1)))
    context: dict[str, object] = {"title": "t", "sections": [], "charts": (), "photos": ()}
    with pytest.raises(Refused, match=rf"模板 brief\.{kind}"):
        render(path, context if kind == "md" else context | _everything(workspace))
    assert not Path("owned").exists()


def _everything(workspace: Workspace) -> dict[str, object]:
    names = ("number", "month", "window", "community", "package", "agency", "date", "percent")
    lists = ("overview", "activities", "problems", "plans", "late", "corrections", "recipients")
    return {**dict.fromkeys(names, "x"), **dict.fromkeys(lists, ()), "code": "", "copies_to": ""}


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN])
def test_a_template_that_does_not_end_is_stopped(handler: Any) -> None:
    """It is stopped in a background process too, where SIGINT is ignored."""
    before = signal.signal(signal.SIGINT, handler)
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    template = Sandbox().from_string(endless)
    try:
        with pytest.raises(Unbounded, match="还没有填完"), bounded(0.5):
            template.render()
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_word_template_that_unpacks_to_too_much(refusal: Refusal, workspace: Workspace) -> None:
    with ZipFile(BytesIO(template_sample("docx"))) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
    bomb = zipped(parts, zeros="word/media/more.bin")
    (workspace.templates / "brief.docx").write_bytes(bomb)
    assert TOO_LARGE in refusal("brief", "--month", "3", *HERE)


@needs_links
def test_a_template_that_is_a_link_is_not_followed_out(
    refusal: Refusal, workspace: Workspace, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("秘密", encoding="utf-8")
    (workspace.templates / "brief.md").unlink()
    (workspace.templates / "brief.md").symlink_to(secret)
    assert "链接" in refusal("brief", "--month", "3", *HERE)


@needs_links
def test_a_target_file_that_is_a_link_is_not_followed_out(
    refusal: Refusal, workspace: Workspace, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_bytes((workspace.targets / "sanli.yaml").read_bytes())
    (workspace.targets / "linked.yaml").symlink_to(outside)
    assert "链接" in refusal("status")


@needs_links
@pytest.mark.parametrize("to", ["file", "folder", "nowhere", "itself"])
def test_evidence_that_is_a_link(refusal: Refusal, tmp_path: Path, to: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    link = tmp_path / "签到表.jpg"
    link.symlink_to(link if to == "itself" else tmp_path / to)
    assert "是链接" in refusal("log", "5.1", "3人次", "-d", "3-1", "-e", str(link), *HERE)


@pytest.mark.parametrize("title", ["=1+1", '=HYPERLINK("http://x","y")', "@SUM(1)", "+1", "-1"])
def test_formulas_stay_text(run: Run, log: Run, tmp_path: Path, title: str) -> None:
    log("5.1", "3人次", "-d", "3-1", f"--title={title}", f"--note={title}")
    file = tmp_path / "台账.xlsx"
    assert run("export", str(file), "-c", "xianheguan").code == 0
    with ZipFile(file) as packed:
        formulas = [
            one
            for name in packed.namelist()
            if name.startswith("xl/worksheets/sheet")
            for one in packed.read(name).decode().split("<f>")[1:]
        ]
    assert not [one for one in formulas if "HYPERLINK" in one or one.startswith(("1+1", "SUM(1)"))]
    book = CalamineWorkbook.from_path(str(file))
    rows = book.get_sheet_by_name("台账").to_python()
    assert any(title in row for row in rows)
    assert run("dossier", "-o", str(tmp_path / "x.zip"), "-c", "xianheguan").code == 0


@pytest.mark.parametrize(
    "sign",
    [
        "\x00",
        "\x07",
        "\x1b[2J",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200e",
        "\ufeff",
        "\ue000",
        "\ud800",
    ],
    ids=ascii,
)
def test_signs_that_cannot_be_seen_are_refused(run: Run, workspace: Workspace, sign: str) -> None:
    before = read_tree(workspace.root)
    for words in (
        ("log", "5.1", "3人次", "-d", "3-1", "-t", f"入{sign}户", *HERE),
        ("log", "5.1", "3人次", "-d", "3-1", "--place", f"{sign}", *HERE),
        ("people", "add", f"张{sign}三", *HERE),
    ):
        ran = run(*words)
        assert ran.code == 1, (words, ran.out)
        assert "看不见" in ran.err
        assert sign not in ran.err
        assert read_tree(workspace.root) == before


@pytest.mark.parametrize(
    "title",
    ["𠮷野家慰问", "🎉联欢", "👨‍👩‍👧亲子", "①期", "ÉÀ", "e\u0301té", "مرحبا", "ﷺ"],
    ids=ascii,
)
def test_signs_of_every_language_are_kept(run: Run, title: str) -> None:
    ran = run("log", "5.1", "3人次", "-d", "3-1", "-t", title, *HERE)
    assert ran.code == 0, ran.err
    (entry,) = json.loads(run("list", "--json", *HERE).out)
    assert entry["title"] == unicodedata.normalize("NFC", title)
    assert run("brief", "--month", "3", *HERE).code == 0


@pytest.mark.parametrize("word", ["9" * 100_000, "一" * 40_000, "(" * 100_000, "3月" * 20_000])
def test_words_without_end(refusal: Refusal, word: str) -> None:
    for words in (
        ("log", "5.1", word, *HERE),
        ("log", word, "3人次", *HERE),
        ("log", "5.1", "3人次", "-d", word, *HERE),
        ("log", "5.1", "3人次", "-t", word, *HERE),
        ("status", word),
        ("verify", word),
    ):
        refusal(*words)


def test_a_megabyte_on_the_command_line(run: Run, workspace: Workspace) -> None:
    before = read_tree(workspace.root)
    for place in range(4):
        words = ["log", "5.1", "3人次", "-t"]
        words = [*words[:place], "报" * 350_000, *words[place:], "x", *HERE]
        ran = run(*words)
        assert ran.code in (1, 2)
        assert "程序出了错" not in ran.err
        assert len(ran.err) < 2000, "a refusal is one or two lines"
    assert read_tree(workspace.root) == before


def test_settings_that_are_deep(refusal: Refusal, workspace: Workspace) -> None:
    (workspace.root / "sgtrack.toml").write_text("x = " + "[" * 100_000)
    assert "sgtrack.toml 无法读取" in refusal("status")


def test_headings_that_are_deep(refusal: Refusal, workspace: Workspace, tmp_path: Path) -> None:
    (workspace.root / "headings.json").write_text("[" * 100_000)
    sheet = tmp_path / "x.csv"
    sheet.write_text("日期,服务项,没有这列\n2026-03-01,5.1,x\n", encoding="utf-8")
    assert "没有这列" in refusal("import", str(sheet), *HERE)


def test_a_photo_that_is_too_large_is_left_out(run: Run, log: Run, tmp_path: Path) -> None:
    header = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"
    )
    photo = tmp_path / "照片.png"
    photo.write_bytes(header + b"\x00" * 100)
    log("5.1", "3人次", "-d", "3-1", "-t", "入户", "-e", str(photo))
    ran = run("brief", "--month", "3", "-c", "xianheguan")
    assert ran.code == 0
    assert "没有放进简报" in ran.out


def test_the_samples_themselves_are_good(tmp_path: Path) -> None:
    file = tmp_path / "good.xlsx"
    file.write_bytes(with_part("xl/more.xml", b"<x/>"))
    assert list(read_tables(file, lambda _: "")[0].rows) == [("日期",)]
    assert packaged("templates").is_dir()
