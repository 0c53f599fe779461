"""Opens a ledger or a bundle that is to be merged, and checks it without changing it."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, is_zipfile

from sgtrack.evidence.evidence_store import path_in
from sgtrack.ledger import chain
from sgtrack.merging.bundle import EVIDENCE, LEDGER, check_note
from sgtrack.model.entries import last_id_within_a_day
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.location import Location
from sgtrack.model.record_kinds import RECORD_KINDS
from sgtrack.recovery.held_ledger import journal_path
from sgtrack.store import dialect
from sgtrack.store.added_objects import find_added_objects
from sgtrack.store.schema_versions import newest_version
from sgtrack.store.sqlite import bring_up_to_date, check_version
from sgtrack.store.sqlite_files import WAIT_SECONDS, copy_database, refusal
from sgtrack.zips import UNREADABLE, copy_member

_SMALL = 64 << 20
_MAX_RATIO = 100
"""Maximum ratio of the unpacked to the packed size of a ledger of more than 64 MB."""
_WRONG_VALUE = re.compile("CHECK constraint failed|value in")
"""Faults of ``PRAGMA quick_check`` that mean a forbidden value and not a damaged page."""
Head = tuple[str, int, str]
"""The last link of a branch of a chain: source, sequence number and hash."""


@dataclass(frozen=True, slots=True)
class SourceLedger:
    """A sound ledger to merge, open in a read transaction.

    ``heads`` are the chain heads before any upgrade of the schema. ``open_file`` opens the evidence
    file with a given SHA-256, or returns None if the source lacks it.
    """

    path: Path
    db: sqlite3.Connection
    ledger_id: str
    heads: frozenset[Head]
    open_file: Callable[[str], BinaryIO | None]


def open_source(
    path: Path,
    ledger: Location,
    scratch: Path,
    schema: set[tuple[str, str]],
    resources: ExitStack,
) -> SourceLedger:
    """Open a ledger, a workspace folder or a bundle.

    Args:
        path: the ledger, folder or bundle.
        ledger: the ledger to merge into, which must not be ``path``.
        scratch: the folder for copies.
        schema: the schema of a sound ledger of this version.
        resources: closes the opened files at the end.

    Raises:
        Refused: ``path`` is not a ledger, is damaged, was altered, or has an unsupported version.
    """
    try:
        file = path / "ledger.db" if path.is_dir() else path
        if not file.is_file():
            raise Refused(f"没有台账或合并包 {path}", "检查文件名和所在的文件夹")
        if isinstance(ledger, Path) and ledger.exists() and file.samefile(ledger):
            raise Refused(f"{path} 就是现在的台账", "写另一台电脑的台账，或它用 bundle 做的包")
        in_bundle = is_zipfile(file)
        if in_bundle:
            file, open_file = _unpack(file, scratch, resources)
        else:
            open_file = partial(_open_stored, file.parent / "evidence")
        return _open_ledger(path, file, scratch, open_file, schema, resources, in_bundle=in_bundle)
    except sqlite3.Error as error:
        raise (refusal(path, error) if "locked" in str(error) else _damaged(path)) from error
    except OSError as error:
        raise Refused(
            f"{path} 无法读取（{reason_of(error)}）", "检查文件和 U 盘，再试一次"
        ) from error


def _open_ledger(
    path: Path,
    file: Path,
    scratch: Path,
    open_file: Callable[[str], BinaryIO | None],
    schema: set[tuple[str, str]],
    resources: ExitStack,
    *,
    in_bundle: bool,
) -> SourceLedger:
    with file.open("rb") as start:
        if start.read(16) != b"SQLite format 3\0":
            raise Refused(f"{path} 不是 sgtrack 的台账或合并包", "写 ledger.db，或 bundle 做的包")
    with closing(_connect(file)) as db:
        version = check_version(db, path)
    heads: frozenset[Head] | None = None
    is_writable = os.access(file, os.W_OK)
    if version < newest_version() or not is_writable:
        # Upgrading the schema would change the original file, so a copy is upgraded. A read-only
        # file is copied too, because SQLite checks its CHECK constraints only in a writable file.
        file = _copy(file, scratch, is_writable=is_writable)
        with closing(sqlite3.connect(file)) as db:
            heads = _read_heads(db)
        bring_up_to_date(file, copy_first=False)
    db = resources.enter_context(closing(_connect(file)))
    db.execute("BEGIN")
    _check_values(db, path, schema)
    faults = chain.verify_chain(db, in_bundle=in_bundle).faults
    if faults or db.execute("PRAGMA foreign_key_check").fetchone():
        raise _altered(path, f"：{faults[0].message}" if faults else "")
    if heads is None:
        heads = _read_heads(db)
    (ledger_id,) = db.execute("SELECT id FROM ledger").fetchone()
    return SourceLedger(path, db, ledger_id, heads, open_file)


def _check_values(db: sqlite3.Connection, path: Path, schema: set[tuple[str, str]]) -> None:
    """Check the values of a ledger that another program may have written without the checks.

    SQLite checks the type and the CHECK constraint of every column again. Further checks are that
    the newest id leaves room for new ones, and that nobody leaves a roster before the first day on
    it.

    Raises:
        Refused: a value or the schema is wrong.
    """
    fault = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if fault != "ok" and not _WRONG_VALUE.search(fault):
        raise _damaged(path)
    own = dialect.read_schema(db) - find_added_objects(db, schema)
    if fault != "ok" or own != schema:
        raise _altered(path, f"：{fault}" if fault != "ok" else "")
    records = " UNION ALL ".join(f"SELECT id, recorded_at FROM {kind}" for kind in RECORD_KINDS)  # noqa: S608
    newest = f"SELECT max(id), max(recorded_at) FROM ({records})"  # noqa: S608
    newest_id, recorded_at = db.execute(newest).fetchone()
    if newest_id and newest_id > last_id_within_a_day(datetime.fromisoformat(recorded_at)):
        # A new record needs a greater id than all existing ones, and soon no greater id would be
        # left.
        raise _altered(path, "：有一条记录的编号比登记的时间晚")
    stays = "SELECT 1 FROM person_leave l JOIN person p ON p.id = l.person_id"
    if db.execute(f"{stays} WHERE l.last_day < p.since").fetchone():
        raise _altered(path, "：有人离开的日子在来的日子以前")


def _altered(path: Path, where: str) -> Refused:
    return Refused(
        f"{path} 被 sgtrack 以外的程序改动过{where}",
        "在原来的电脑上运行 sgtrack verify 看改动在哪里；没有合并",
    )


def _connect(file: Path) -> sqlite3.Connection:
    # In mode ``ro`` SQLite ignores CHECK constraints, so the file is opened in mode ``rw``.
    db = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=WAIT_SECONDS
    )
    db.execute("PRAGMA query_only = ON")
    return db


def _read_heads(db: sqlite3.Connection) -> frozenset[Head]:
    return frozenset(db.execute("SELECT source, seq, hash FROM head"))


def _copy(file: Path, scratch: Path, *, is_writable: bool) -> Path:
    copy = scratch / f"copy-{len(list(scratch.iterdir()))}.db"
    if is_writable:
        # Another program may be writing to the original, so SQLite copies a consistent state of it.
        with closing(_connect(file)) as db:
            copy_database(db, copy)
        return copy
    shutil.copyfile(file, copy)
    if journal_path(file).exists():
        shutil.copyfile(journal_path(file), journal_path(copy))
    return copy


def _open_stored(folder: Path, digest: str) -> BinaryIO | None:
    file = path_in(folder, digest)
    return file.open("rb") if file.is_file() else None


def _damaged(path: Path) -> Refused:
    return Refused(
        f"{path} 损坏了，读不完整", "重新复制一次；还是不行就在原来的电脑上运行 sgtrack verify"
    )


def _unpack(
    file: Path, scratch: Path, resources: ExitStack
) -> tuple[Path, Callable[[str], BinaryIO | None]]:
    """Copy the ledger of a bundle to ``scratch``.

    Return the path of the copy, and a function that opens an evidence file by its SHA-256.
    """
    try:
        archive = resources.enter_context(ZipFile(file))
        check_note(archive)
        ledger = scratch / f"bundle-{len(list(scratch.iterdir()))}.db"
        limit = max(_SMALL, archive.getinfo(LEDGER).compress_size * _MAX_RATIO)
        with ledger.open("xb") as copy:
            copy_member(archive, LEDGER, copy, limit)
    except (*UNREADABLE, KeyError) as error:
        raise Refused(
            f"{file} 不是 sgtrack 的合并包，或已经损坏",
            "在原来的电脑上用 sgtrack bundle 重新做一份",
        ) from error

    def open_file(digest: str) -> BinaryIO | None:
        try:
            member = archive.getinfo(f"{EVIDENCE}/{digest}")
        except KeyError:
            return None
        # A bundle stores evidence uncompressed, so reading it cannot take more space than the
        # bundle.
        if member.compress_type != ZIP_STORED:
            raise Refused(
                f"{file} 里的佐证材料不是 sgtrack 打包的，没有合并",
                "在原来的电脑上用 sgtrack bundle 重新做一份",
            )
        return archive.open(member)  # type: ignore[return-value]

    return ledger, open_file
