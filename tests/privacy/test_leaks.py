"""No command prints or writes a participant's name unless asked to.

Everything that a command prints and every file that is written is searched for tell-tale names,
in whatever is packed into it as well.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import unicodedata
from contextlib import closing
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from sgtrack.model.entries import short_id
from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run
from ..support.ledgers import contents, unguarded

HERE = ("-c", "xianheguan")
TOLD = ("欧阳翡翠", "司徒琥珀", "Zenobia Quartz")
"""Rare names; if an output contains one, it leaks."""


@pytest.fixture
def full(run: Run, log: Run, workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with a name in every text."""
    first, second, third = TOLD
    files = []
    for n, name in enumerate((f"{first}签到表.pdf", f"{second}服务记录.pdf", f"{first}照片.jpg")):
        (tmp_path / name).write_bytes(b"x" * (n + 1))
        files.append(str(tmp_path / name))
    said = [
        run("people", "add", first, second, *HERE),
        run("people", "add", third, "--role", "志愿者", *HERE),
        log("9.1.2", "8学时", "--who", first, second, "-t", f"{first}讲课", "-d", "3-1"),
        log("6.8.1", "-t", f"{second}的个案", "--note", f"{second}好转", "-d", "3-2", "-e", *files),
        log("5.1", "3人次", "-t", f"走访{first}", "--place", f"{first}家", "-d", "3-3"),
        log("7.2.2", "2人", "--who", third, "--who", first, "-d", "3-4", "-r", f"{third}来晚了"),
        log("5.2", "1人次", "-t", first, "-d", "3-5"),
    ]
    ids = {e["item"]: e["id"] for e in json.loads(run("list", "--json", *HERE).out)}
    said += [
        run("brief", "--month", "3", "--issue", "--yes", *HERE),
        run("amend", ids["5.1"], "4人次", "-t", f"再访{first}", "-r", f"{first}也在"),
        run("amend", ids["6.8.1"], "--effect", f"{second}愿意出门了\n{first}也来帮忙"),
        run("people", "leave", second, "--on", "6-1", *HERE),
        run("void", ids["7.2.2"], "-r", f"{third}没有注册"),
        run("people", "void", third, "--role", "志愿者", "-r", f"{third}搬走", *HERE),
    ]
    for ran in said:
        assert ran.code == 0, ran.err
        assert leaks(ran) == []
    return workspace


def leaks(ran: Ran) -> list[str]:
    said = ran.out + ran.err
    return [name for name in TOLD if name in said or json.dumps(name)[1:-1] in said]


def leaking(path: Path) -> list[str]:
    """The names in a file's content, file name, and packed parts."""
    parts = {path.name: path.read_bytes()}
    if is_zipfile(path):
        with ZipFile(path) as packed:
            parts |= {one.filename: packed.read(one) for one in packed.infolist()}
            nested = [name for name in parts if name.endswith((".docx", ".xlsx"))]
            for name in nested:
                if name != path.name:
                    inner = path.parent / f"inner-{len(name)}{Path(name).suffix}"
                    inner.write_bytes(parts[name])
                    with ZipFile(inner) as deep:
                        parts |= {one.filename: deep.read(one) for one in deep.infolist()}
                    inner.unlink()
    found = []
    for part, content in parts.items():
        text = content.decode("utf-8", "ignore") + content.decode("gb18030", "ignore") + part
        found += [f"{part}: {name}" for name in TOLD if name in text]
    return found


READING = """
status | status --json | status --all | status 6.8 | due | due --json | list | list --json
list --all | list --text 访 | show {visit} | show {visit} --json | show {case} | show {course}
explain 9.1.2 | explain 6.8.1 --json | explain 5.1 | explain 7.2.2 --json
check | check --json | verify | verify --json | evidence list | evidence list --json
evidence verify | people list | people list --json | people training | brief list
brief list --json | targets | targets check | targets --json | backup list | backup list --json
evidence add {case} {folder}/欧阳翡翠照片.jpg | log 5.2 1人次 -t 欧阳翡翠 -d 3-5 -c xianheguan
people add 欧阳翡翠 -c xianheguan | people void 没有 -r x -c xianheguan | amend {visit} -r x
log 7.2.2 2人 --who 欧阳翡翠、欧阳翡翠 -c xianheguan | show 欧阳翡翠 | explain 欧阳翡翠
log 9.1.2 1学时 --who 欧阳翡翠 -t 欧阳翡翠讲课 -d 3-1 -c xianheguan | list 欧阳翡翠
undo | undo --json | amend {case} --effect 司徒琥珀会用手机了 | people leave 司徒琥珀 --on 5-1
log 5.1 1人次 -d 3-9 --effect 欧阳翡翠很满意 --attendance 3 -c xianheguan
evidence void {proof} -r 欧阳翡翠看不清 | void {course} -r 欧阳翡翠没来 --dry-run
"""


def test_no_command_prints_a_name(run: Run, full: Workspace, tmp_path: Path) -> None:
    entries = {e["item"]: e for e in json.loads(run("list", "--json", *HERE).out)}
    words = {
        "visit": short_id(entries["5.1"]["id"]),
        "case": short_id(entries["6.8.1"]["id"]),
        "course": short_id(entries["9.1.2"]["id"]),
        "proof": entries["6.8.1"]["evidence"][0]["id"],
        "folder": str(tmp_path),
    }
    lines = [line.strip() for part in READING.strip().split("\n") for line in part.split("|")]
    for line in lines:
        ran = run(*line.format(**words).split())
        assert leaks(ran) == [], line
        assert ran.out or ran.err, line


def test_no_file_holds_a_name(run: Run, full: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for line in (
        "brief --month 3 --format html",
        "brief --month 4",
        "brief --month 4 --format html",
        "report midterm",
        "report final",
        "people training -o {out}/培养记录.docx",
        "people training -o {out}/培养记录.md",
        "people training -o {out}/培养记录.xlsx",
        "export {out}/台账.xlsx",
        "sheet {out}/登记表.xlsx",
        "dossier -o {out}/材料.zip",
        "status --html {out}/进度.html",
    ):
        ran = run(*(word.format(out=out) for word in line.split()), *HERE)
        assert ran.code == 0, (line, ran.err)
        assert leaks(ran) == [], line
    written = [
        path
        for folder in (out, full.briefs, full.reports)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    assert len(written) >= 16
    assert {str(path): found for path in written if (found := leaking(path))} == {}
    issued = [path for path in full.evidence.rglob("*") if path.is_file() and is_zipfile(path)]
    assert issued
    assert [leaking(path) for path in issued] == [[] for _ in issued]


def test_the_names_are_there_for_whoever_asks(run: Run, full: Workspace, tmp_path: Path) -> None:
    for line in ("list --with-names", "evidence list --with-names", "check --with-names"):
        assert TOLD[0] in run(*line.split(), *HERE).out, line
    run("dossier", "--with-names", "-o", str(tmp_path / "材料.zip"), *HERE)
    assert leaking(tmp_path / "材料.zip")


def test_completion_offers_no_name(run: Run, full: Workspace) -> None:
    for words in ("sgtrack show ", "sgtrack amend ", "sgtrack log --again-like "):
        ran = subprocess.run(
            [sys.executable, "-c", "from sgtrack.cli.main import main; main()"],
            env=os.environ
            | {"SGTRACK_HOME": str(full.root), "PYTHONUTF8": "1"}
            | {
                "_SGTRACK_COMPLETE": "complete_bash",
                "COMP_WORDS": words,
                "COMP_CWORD": str(len(words.split())),
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "某" in ran.stdout, ran.stderr
        assert leaks(Ran(0, ran.stdout, ran.stderr)) == []


def test_a_bug_leaves_no_name_behind(
    run: Run, full: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    victim = tmp_path / "victim"
    victim.write_text("mine")
    log = tmp_path / "sgtrack-error.log"
    log.symlink_to(victim)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"something with {TOLD[0]}")

    monkeypatch.setattr("sgtrack.app.log.add", broken)
    ran = run("log", "7.2.2", "1人", "--who", TOLD[0], *HERE)
    assert ran.code == 1
    assert leaks(ran) == []
    assert "log.py" in log.read_text("utf-8")
    assert leaking(log) == []
    if os.name == "posix":  # Windows has no such permissions
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert victim.read_text() == "mine"


def test_a_sheet_that_cannot_be_read_shows_no_name(
    run: Run, full: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "旧台账.csv"
    first, second, _ = TOLD
    file.write_text(
        f"日期,服务项,标题,姓名,人\n2026-03-07,7.2.2,{second}来,{first}、{first},1\n"
        f"2026-03-07,7.2.2,新人新名来,新人新名,1\n2026-03-07,7.2.2,新人新名来,新人新名,1\n",
        encoding="utf-8",
    )
    ran = run("import", str(file), *HERE)
    assert ran.code == 1
    assert leaks(ran) == []
    assert "新人新名" not in ran.err


def test_groups_are_no_secret(run: Run, log: Run) -> None:
    log(
        "7.1",
        "1支",
        "--who",
        "夕阳红舞蹈队",
        "--type",
        "文体",
        "-t",
        "夕阳红舞蹈队备案",
        "-d",
        "3-1",
    )
    assert "夕阳红舞蹈队备案" in run("list", *HERE).out


FORMS = (
    *("欧阳　翡翠", "欧 阳  翡 翠", "司徒\xa0琥珀", "ZENOBIA QUARTZ", "zenobia　quartz"),
    *("Ｚｅｎｏｂｉａ Ｑｕａｒｔｚ", "shaun o’connor", "Shaun O＇Connor", "Rene\u0301e Zed"),
)
"""Forms of names that the ledger has in another form."""
ALL_TOLD = (*TOLD, "Shaun O'Connor", "Renée Zed")


@pytest.fixture
def formed(run: Run, log: Run, workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with the names in its rosters, and other forms of them in every text."""
    ran = run("people", "add", *ALL_TOLD, *HERE)
    assert ran.code == 0, ran.err
    for n, form in enumerate(FORMS, 1):
        proof = tmp_path / f"{form}签到表.pdf"
        proof.write_bytes(b"x" * n)
        words = (
            "-t",
            f"走访{form}",
            "--place",
            f"{form}家",
            "--note",
            f"{form}好",
            "-e",
            str(proof),
        )
        ran = log("5.1", f"{n}人次", *words, "-d", f"3-{n}")
        assert (ran.code, forms_in(ran.out + ran.err)) == (0, []), ran.err
    assert log("6.8.1", "-t", FORMS[0], "-d", "3-2", "-e", str(proof)).code == 0
    assert run("brief", "--month", "3", "--issue", "--yes", *HERE).code == 0
    return workspace


def forms_in(text: str) -> list[str]:
    """The names that a text contains in any form."""
    letters = only_letters(text)
    return [name for name in ALL_TOLD if only_letters(name) in letters]


def only_letters(text: str) -> str:
    """The letters and digits of a text, composed and in lower case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def test_no_command_prints_another_form_of_a_name(
    run: Run, formed: Workspace, tmp_path: Path
) -> None:
    entries = json.loads(run("list", "--json", *HERE).out)
    for line in (
        *("status", "status --json", "list", "list --json", "due", "check", "verify", "brief list"),
        *("explain 5.1", "explain 6.8.1 --json", "evidence list", "evidence list --json"),
        *(f"show {entry['id']}" for entry in entries),
        *(
            "brief --month 4 --format md",
            f"export {tmp_path}/out.xlsx",
            f"dossier -o {tmp_path}/d.zip",
        ),
    ):
        ran = run(*line.split(), *(() if line.startswith(("show", "verify")) else HERE))
        assert forms_in(ran.out + ran.err) == [], line
    again = run("log", "5.1", "1人次", "-t", f"走访{FORMS[0]}", "-d", "3-1", *HERE)
    assert (again.code, forms_in(again.err)) == (1, [])
    written = [tmp_path / "out.xlsx", tmp_path / "d.zip", *formed.briefs.rglob("*.*")]
    assert {str(path): found for path in written if (found := forms_in_file(path))} == {}


def forms_in_file(path: Path) -> list[str]:
    """The names that a file or a part of an archive contains in any form."""
    parts = {path.name: path.read_bytes()}
    if is_zipfile(path):
        with ZipFile(path) as packed:
            parts = {one.filename: packed.read(one) for one in packed.infolist()}
    found = []
    for name, content in parts.items():
        if is_zipfile(BytesIO(content)):
            inner = path.with_name(f"inner{Path(name).suffix}")
            inner.write_bytes(content)
            found += forms_in_file(inner)
            inner.unlink()
        found += forms_in(name + unescape(content.decode("utf-8", "ignore")))
    return found


def test_a_bundle_and_forgetting_leave_no_form_of_a_name(
    run: Run, formed: Workspace, tmp_path: Path
) -> None:
    assert run("bundle", "-o", str(tmp_path / "b.zip")).code == 0
    assert forms_in_file(tmp_path / "b.zip") == []
    for name in ALL_TOLD:
        ran = run("forget", name, "-r", "本人要求", "--yes")
        assert (ran.code, forms_in(ran.out + ran.err)) == (0, [])
    assert forms_in(contents(formed.ledger).decode("utf-8", "ignore")) == []
    assert run("verify").code == 0


def test_forgetting_reports_files_with_another_form_of_the_name(
    run: Run, formed: Workspace
) -> None:
    for form in FORMS:
        notes = {
            "a.txt": form.encode(),
            "b.csv": form.encode("gb18030"),
            "c.txt": form.encode("utf-16"),
            "d.html": f"<p><b>{escape(form[:3])}</b>{escape(form[3:])}</p>".encode(),
        }
        for file, content in notes.items():
            (formed.root / file).write_bytes(content)
        named = formed.root / f"{form}.txt"
        named.write_bytes(b"")
        ran = run("forget", forms_in(form)[0], "-r", "本人要求", "--dry-run")
        shown = ran.out.split("请您处理", 1)[1]
        assert [file for file in notes if file not in shown] == []
        assert shown.count(".txt") == 3
        assert forms_in(ran.out) == []
        named.unlink()


@pytest.mark.about_the_file("recovers a damaged file")
def test_recovering_prints_no_name_of_a_lost_record(run: Run, formed: Workspace) -> None:
    with unguarded(formed.ledger) as db:
        db.execute("UPDATE activity SET title = title || '。'")
        db.execute("UPDATE evidence SET name = name || '。'")
    with closing(sqlite3.connect(formed.ledger_file)) as db:
        (trigger,) = db.execute("SELECT min(name) FROM sqlite_schema WHERE type = 'trigger'")
        db.execute(f'DROP TRIGGER "{trigger[0]}"')
    ran = run("recover", "--yes")
    assert "走访" in ran.out
    assert forms_in(ran.out + ran.err) == []
