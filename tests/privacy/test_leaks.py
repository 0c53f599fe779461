"""No command prints or writes a participant's name unless asked to.

Everything that a command prints and every file that is written is searched for tell-tale names,
in whatever is packed into it as well.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from sgtrack.model.entries import short_id
from sgtrack.workspace import Workspace

from ..support.command_line import Ran, Run

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
        run("brief", "--month", "3", "--issue", *HERE),
        run("amend", ids["5.1"], "4人次", "-t", f"再访{first}", "-r", f"{first}也在"),
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
