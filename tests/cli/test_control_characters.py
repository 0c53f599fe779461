"""No control, escape or direction character reaches the terminal, wherever it comes from."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sgtrack.model.text import UNPRINTABLE, escape_unprintable, find_unprintable
from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run

SIGNS = [chr(code) for first, last in UNPRINTABLE for code in (first, last)]
EVIL = "\x1b[2J\x1b]0;owned\x07\u202e\x9b31m"
HERE = ("-c", "sanli")
RAW = re.compile("[{}]".format("".join(f"{chr(a)}-{chr(b)}" for a, b in UNPRINTABLE)))


def assert_harmless(ran: Ran) -> None:
    printed = (ran.out + ran.err).replace("\n", "").replace("\t", "")
    assert not RAW.search(printed), ascii(printed)
    assert "程序出了错" not in ran.err


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_every_control_character_is_escaped(sign: str) -> None:
    assert escape_unprintable(f"a{sign}b", keep="") == f"a\\u{ord(sign):04x}b"
    assert find_unprintable(f"a{sign}b") == sign
    assert find_unprintable("三里社区，𠮷🎉") is None
    assert json.loads(f'"{escape_unprintable(sign, keep="")}"') == sign


def test_command_line_words(run: Run) -> None:
    for words in (
        (EVIL,),
        ("status", EVIL),
        ("list", "--month", EVIL),
        ("show", EVIL),
        ("restore", EVIL),
        ("verify", EVIL),
        (f"--{EVIL}",),
        ("log", EVIL, *HERE),
        ("log", "5.1", EVIL, *HERE),
        ("log", "5.1", "3人次", "-d", EVIL, *HERE),
        ("log", "5.1", "3人次", "-c", EVIL),
        ("import", f"{EVIL}.csv", *HERE),
        ("export", f"{EVIL}/x.xlsx", *HERE),
        ("merge", f"{EVIL}.db"),
        ("init", f"{EVIL}"),
        ("targets", "draft", f"{EVIL}.docx"),
        ("log", "5.1", "3人次", "-e", f"{EVIL}.jpg", *HERE),
    ):
        assert_harmless(run(*words))


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot hold such file names")
def test_names_of_files_and_headings_and_cells(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / f"表{EVIL}.csv"
    sheet.write_text(f"日期,服务项,{EVIL},人次\n3-1,{EVIL},x{EVIL},3\n", encoding="utf-8")
    refused = run("import", str(sheet), *HERE)
    assert refused.code == 1
    assert "\\u001b" in refused.err
    assert_harmless(refused)
    photo = tmp_path / f"照片{EVIL}.jpg"
    photo.write_bytes(b"x")
    refused = run("log", "5.1", "3人次", "-d", "3-1", "-e", str(photo), *HERE)
    assert (refused.code, "文件名里有看不见的字符" in refused.err) == (1, True)


@pytest.mark.about_the_file("the guards of SQLite are switched off")
def test_contents_of_the_ledger(run: Run, workspace: Workspace) -> None:
    assert run("log", "5.1", "3人次", "-d", "3-1", "-t", "入户", *HERE).code == 0
    with closing(sqlite3.connect(workspace.ledger_file)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE activity SET title = ?, place = ?", (EVIL, EVIL))
        (entry_id,) = db.execute("SELECT id FROM activity").fetchone()
        db.commit()
    for words in (("list",), ("show", entry_id), ("explain", "5.1", *HERE), ("list", "--json")):
        ran = run(*words)
        assert_harmless(ran)
        assert "\\u001b" in ran.out
    assert json.loads(run("list", "--json").out)[0]["title"] == EVIL


def test_the_stored_command_line_has_none(run: Run, workspace: Workspace) -> None:
    words = "3月1日\n入户访视\t3人次，看望独居老人"
    ran = run("log", words, "--yes", *HERE)
    assert_harmless(ran)
    (entry,) = json.loads(run("list", "--json").out)
    details = json.loads(run("show", entry["id"], "--json").out)
    assert find_unprintable(json.dumps(details, ensure_ascii=False).replace("\n", "")) is None


@pytest.mark.parametrize("sign", ["\u202e", "\x1b", "\u2066", "\x9b"], ids=ascii)
@pytest.mark.parametrize("is_escaped", [False, True])
def test_target_files(run: Run, workspace: Workspace, sign: str, is_escaped: bool) -> None:
    path = workspace.targets / "sanli.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.lstrip().startswith("name:"))
    written = f"\\u{ord(sign):04x}" if is_escaped else sign
    key = lines[number].partition(":")[0]
    lines[number] = f'{key}: "三里{written}社区"'
    path.write_text("\n".join(lines), encoding="utf-8")
    ran = run("targets", "check")
    assert_harmless(ran)
    assert ran.code == 1
    assert f"sanli.yaml:{number + 1} " in ran.out + ran.err
    assert f"看不见的字符（U+{ord(sign):04X}）" in ran.out + ran.err
    assert_harmless(run("status", *HERE))
