"""Opens a ledger that is an SQLite file, and translates what SQLite says into plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sgtrack.files import make_private_file, tighten
from sgtrack.model.errors import LedgerUnusable, Refused, reason_of

APPLICATION_ID = 0x53475452
"""Marks the file as a ledger of sgtrack (the letters SGTR)."""
WAIT_SECONDS = 30.0
"""How long a command waits for another writer."""


def connect(path: Path, *, make: bool = True) -> sqlite3.Connection:
    """A connection for writing: durable when a commit returns, with foreign keys checked.

    Nobody but its owner can read the file, and SQLite gives its journals the same rights.

    The rollback journal is used rather than WAL, which is unsafe on the memory sticks, network
    shares and sync folders where ledgers live. EXTRA also pushes the folder to the disk when the
    journal is gone, without which a power cut could bring the journal back and undo the commit.

    Args:
        path: the ledger's file.
        make: whether an empty file is made where there is none.
    """
    if make and not path.exists():
        make_private_file(path)
    tighten(path)
    mode = "rwc" if make else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=WAIT_SECONDS,
        isolation_level=None,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = EXTRA")
    return connection


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Translate errors of SQLite into refusals."""
    try:
        yield
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    except OSError as error:
        raise Refused(f"台账 {path} 打不开（{reason_of(error)}）", "检查文件夹的权限") from error


def refusal(path: Path, error: BaseException) -> Refused:
    """The refusal for an error of SQLite."""
    said = str(error)
    if "locked" in said:
        return Refused(
            "台账正被另一个程序使用，等了 30 秒还没有空出来", "关掉其他打开台账的程序，再试一次"
        )
    if "readonly" in said or "unable to open" in said:
        return Refused(f"台账 {path} 写不进去", "检查文件夹是否只读、磁盘是否还在")
    if "full" in said:
        return Refused("磁盘满了，没有写入", "腾出空间后再试一次")
    if "disk I/O" in said:
        return Refused("读写磁盘出错，没有写入", "看看 U 盘是不是拔出了、磁盘有没有坏，再试一次")
    if "malformed" in said or "not a database" in said:
        return damaged(path)
    if "no such" in said:
        return Refused(
            f"台账 {path} 的结构和 sgtrack 的不一样（{said}）", "运行 sgtrack verify 看哪里被改动"
        )
    return Refused(f"台账 {path} 读写出错（{said}）", "把这句话发给维护人员")


def damaged(path: Path) -> LedgerUnusable:
    """The refusal for a ledger that cannot be read whole."""
    return LedgerUnusable(path, f"台账 {path} 损坏了，或不是台账文件")
