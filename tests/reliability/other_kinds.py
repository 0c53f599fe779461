"""Commands that are only stopped at single changes of files: rare ones, and document writers."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ..support.fork_server import ForkServer
from .kinds import HERE, KINDS, TODAY, Kind, one_entry, run_words
from .state import ask, count

ENV = {"SGTRACK_TODAY": TODAY, "SGTRACK_PASSPHRASE": "九张机织就一寸相思"}
"""The environment in which every command runs."""
NEW = "另一个"
"""The name of the workspace that ``init`` creates.

Only a command in this workspace deletes the temporary files that a killed ``init`` left there.
"""


def _writes_files(name: str, words: list[str], said: str) -> Kind:
    """Return a command that writes files and does not change the ledger."""
    return Kind(name, _with_names, lambda root, n: words, lambda root, n: 0, 0, said)


def _with_names(root: Path, fork_server: ForkServer) -> None:
    one_entry(root, fork_server)
    line = ("log", "7.2.2", "2人", "--who", "欧阳翡翠", "司徒琥珀", "-d", "6-2", "-t", "志愿服务")
    run_words(root, fork_server, *line, *HERE)


def _with_evidence(root: Path, fork_server: ForkServer) -> None:
    one_entry(root, fork_server)
    sheet = root / "签到表.txt"
    sheet.write_text("到了", encoding="utf-8")
    ((entry,),) = ask(root, "SELECT id FROM activity")
    run_words(root, fork_server, "evidence", "add", str(entry), str(sheet))


def _void_evidence(root: Path, n: int) -> list[str]:
    ((evidence,),) = ask(root, "SELECT id FROM evidence")
    return ["evidence", "void", str(evidence), "-r", f"R{n}."]


def _roster(root: Path, fork_server: ForkServer) -> None:
    one_entry(root, fork_server)
    run_words(root, fork_server, "people", "add", "欧阳翡翠", "司徒琥珀", *HERE)


def _people_sheet(root: Path, n: int) -> list[str]:
    path = root / "名册.csv"
    path.write_text("姓名\n甲某\n乙某\n", encoding="utf-8")
    return ["people", "import", str(path), *HERE]


def _amended_twice(root: Path, fork_server: ForkServer) -> None:
    """Create an entry that two laptops corrected in different ways."""
    one_entry(root, fork_server)
    ((entry,),) = ask(root, "SELECT id FROM activity")
    other = root.parent / f"{root.name}-other"
    shutil.copytree(root, other)
    for place, visits in ((root, "4人次"), (other, "5人次")):
        run_words(place, fork_server, "amend", str(entry), visits, "-r", "核对")
    run_words(root, fork_server, "merge", str(other / "ledger.db"))


def _resolve_words(root: Path, n: int) -> list[str]:
    ids = ask(root, "SELECT id FROM activity WHERE replaces IS NOT NULL ORDER BY id")
    return ["resolve", str(ids[0][0]), "-r", f"R{n}."]


def _lost_guard(root: Path, fork_server: ForkServer) -> None:
    """Create a ledger whose schema another program changed."""
    _with_names(root, fork_server)
    with closing(sqlite3.connect(root / "ledger.db")) as db:
        db.execute("DROP TRIGGER amount_is_not_updated")


def _lost_head(root: Path, fork_server: ForkServer) -> None:
    """Create a ledger that SQLite cannot open, with a backup of the same day."""
    _with_names(root, fork_server)
    with (root / "ledger.db").open("rb+") as file:
        file.write(b"\xa5" * 100)


def _has_guard(root: Path, n: int) -> int:
    return count(root, "SELECT count(*) FROM sqlite_schema WHERE name = 'amount_is_not_updated'")


def _has_head(root: Path, n: int) -> int:
    return int((root / "ledger.db").read_bytes().startswith(b"SQLite format 3"))


def _counted(sql: str, pattern: str) -> Callable[[Path, int], int]:
    return lambda root, n: count(root, sql, pattern.format(n))


OUTPUTS = (
    _writes_files("brief", ["brief", "--month", "3", *HERE], "简报草稿"),
    _writes_files("report", ["report", "midterm", *HERE], "中期"),
    _writes_files("export", ["export", "{home}/台账.xlsx", *HERE], "的台账"),
    _writes_files("dossier", ["dossier", "-o", "{home}/材料.zip", *HERE], "材料"),
)
"""The commands that write documents."""

EVERY = (
    *KINDS,
    *OUTPUTS,
    _writes_files(
        "export --password",
        ["export", "{home}/台账.xlsx", "--password", "--with-names", *HERE],
        "台账",
    ),
    _writes_files("report county", ["report", "county"], "汇总"),
    _writes_files("sheet", ["sheet", "{home}/表.xlsx", *HERE], "表.xlsx"),
    _writes_files("bundle", ["bundle", "-o", "{home}/包.zip"], "包.zip"),
    _writes_files(
        "bundle --with-names", ["bundle", "-o", "{home}/包.zip", "--with-names"], "包.zip"
    ),
    _writes_files("backup --encrypt", ["backup", "--encrypt", "{home}/密.sealed"], "已备份"),
    _writes_files("init", ["init", f"{{home}}/{NEW}", "-c", "sanli"], "已建立"),
    Kind(
        "evidence void",
        _with_evidence,
        _void_evidence,
        _counted("SELECT count(*) FROM evidence_void WHERE reason = ?", "R{}."),
        1,
        "",
    ),
    Kind(
        "people void",
        _roster,
        lambda root, n: ["people", "void", "欧阳翡翠", "-r", f"R{n}.", *HERE],
        _counted("SELECT count(*) FROM person_void WHERE reason = ?", "R{}."),
        1,
        "",
    ),
    Kind(
        "people import",
        _roster,
        _people_sheet,
        _counted("SELECT count(*) FROM person WHERE name LIKE ?", "_某"),
        2,
        "",
    ),
    Kind(
        "resolve",
        _amended_twice,
        _resolve_words,
        _counted("SELECT count(*) FROM resolution WHERE reason = ?", "R{}."),
        1,
        "",
    ),
    Kind(
        "recover, lost guard",
        _lost_guard,
        lambda root, n: ["recover", "--yes"],
        _has_guard,
        1,
        "",
        finishes=True,
    ),
    Kind(
        "recover, lost head",
        _lost_head,
        lambda root, n: ["recover", "--yes"],
        _has_head,
        1,
        "",
        finishes=True,
    ),
)
"""Every command that writes."""
