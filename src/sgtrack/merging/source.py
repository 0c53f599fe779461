"""Opens another ledger, or the one in a bundle, to be read; it is checked and never changed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile, is_zipfile

from sgtrack.evidence.evidence_store import path_in
from sgtrack.ledger import chain
from sgtrack.merging.bundle import EVIDENCE, LEDGER, read_note
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.location import Location
from sgtrack.recovery.restore import journal_path
from sgtrack.store import dialect
from sgtrack.store.schema_versions import newest_version
from sgtrack.store.sqlite import bring_up_to_date, check_version
from sgtrack.zips import UNREADABLE

Head = tuple[str, int, str]
"""The end of a branch of a chain: source, place and hash."""


@dataclass(frozen=True, slots=True)
class Other:
    """A ledger to be merged, sound and at one moment.

    ``heads`` are the ends of its chains as it has them; links beyond them were only added to a
    copy when that was upgraded. ``open_file`` gives the content with a SHA-256, where it is at
    hand.
    """

    path: Path
    db: sqlite3.Connection
    own: str
    heads: frozenset[Head]
    open_file: Callable[[str], BinaryIO | None]


def open_other(
    path: Path,
    ledger: Location,
    scratch: Path,
    schema: set[tuple[str, str]],
    resources: ExitStack,
) -> Other:
    """Open a ledger, a workspace folder or a bundle.

    Args:
        path: what the officer named.
        ledger: the ledger it is to be merged into.
        scratch: an empty folder for copies.
        schema: what a sound ledger of this version consists of.
        resources: closes what was opened.

    Raises:
        Refused: it is no ledger, is damaged, was altered, or is of another version.
    """
    try:
        file = path / "ledger.db" if path.is_dir() else path
        if not file.is_file():
            raise Refused(f"没有台账或合并包 {path}", "检查文件名和所在的文件夹")
        if isinstance(ledger, Path) and ledger.exists() and file.samefile(ledger):
            raise Refused(f"{path} 就是现在的台账", "写另一台电脑的台账，或它用 bundle 做的包")
        if is_zipfile(file):
            return _opened(path, *_unpacked(file, scratch, resources), schema, resources)
        beside = file.parent / "evidence"
        return _opened(path, file, scratch, lambda one: _beside(beside, one), schema, resources)
    except sqlite3.Error as error:
        raise _unsound(path) from error
    except OSError as error:
        raise Refused(
            f"{path} 读不了（{reason_of(error)}）", "检查文件和 U 盘，再试一次"
        ) from error


def _opened(
    path: Path,
    file: Path,
    scratch: Path,
    open_file: Callable[[str], BinaryIO | None],
    schema: set[tuple[str, str]],
    resources: ExitStack,
) -> Other:
    heads: frozenset[Head] | None = None
    with file.open("rb") as start:
        if start.read(16) != b"SQLite format 3\0":
            raise Refused(f"{path} 不是 sgtrack 的台账或合并包", "写 ledger.db，或 bundle 做的包")
    version = _version(file, path)
    if version < newest_version() or journal_path(file).exists():
        # SQLite would roll a journal back into the file, and an upgrade would change it.
        file = _copied(file, scratch)
        heads = _heads(file)
        bring_up_to_date(file, copy_first=False)
    db = resources.enter_context(
        closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        )
    )
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("BEGIN")
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise _unsound(path)
    _insist_sound(path, db, schema)
    (own,) = db.execute("SELECT id FROM ledger").fetchone()
    found = heads if heads is not None else frozenset(db.execute("SELECT * FROM head"))
    return Other(path, db, own, found, open_file)


def _version(file: Path, path: Path) -> int:
    """The schema version of a file that is only looked at.

    Raises:
        Refused: it is no ledger, or one this program cannot take.
    """
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return check_version(db, path)


def _heads(file: Path) -> frozenset[Head]:
    with closing(sqlite3.connect(file)) as db:
        return frozenset(db.execute("SELECT source, seq, hash FROM head"))


def _copied(file: Path, scratch: Path) -> Path:
    copy = scratch / f"copy-{len(list(scratch.iterdir()))}.db"
    shutil.copyfile(file, copy)
    if journal_path(file).exists():
        shutil.copyfile(journal_path(file), journal_path(copy))
    return copy


def _insist_sound(path: Path, db: sqlite3.Connection, schema: set[tuple[str, str]]) -> None:
    faults = chain.verify_chain(db).faults
    if (
        faults
        or dialect.read_schema(db) != schema
        or db.execute("PRAGMA foreign_key_check").fetchone()
    ):
        where = f"：{faults[0].message}" if faults else ""
        raise Refused(
            f"{path} 被 sgtrack 以外的程序改动过{where}",
            "在原来的电脑上运行 sgtrack verify 看改动在哪里；没有合并",
        )


def _unsound(path: Path) -> Refused:
    return Refused(
        f"{path} 损坏了，读不完整", "重新复制一次；还是不行就在原来的电脑上运行 sgtrack verify"
    )


def _beside(folder: Path, digest: str) -> BinaryIO | None:
    path = path_in(folder, digest)
    return path.open("rb") if path.is_file() else None


def _unpacked(
    file: Path, scratch: Path, resources: ExitStack
) -> tuple[Path, Path, Callable[[str], BinaryIO | None]]:
    """The ledger of a bundle in the scratch folder, and a way to its files."""
    try:
        packed = resources.enter_context(ZipFile(file))
        read_note(packed)
        ledger = scratch / f"bundle-{len(list(scratch.iterdir()))}.db"
        with packed.open(LEDGER) as source, ledger.open("xb") as copy:
            shutil.copyfileobj(source, copy)
    except (*UNREADABLE, KeyError) as error:
        raise Refused(
            f"{file} 不是 sgtrack 的合并包，或已经损坏",
            "在原来的电脑上用 sgtrack bundle 重新做一份",
        ) from error

    def open_file(digest: str) -> BinaryIO | None:
        try:
            return packed.open(f"{EVIDENCE}/{digest}")  # type: ignore[return-value]
        except KeyError:
            return None

    return ledger, scratch, open_file
