"""Keeps other programs away from a ledger file, in order to compare, copy and replace it.

The new content is written into the file over SQLite, in one transaction. A program that waits for
the lock meanwhile finds the new content in the file that it has open. If the file is so badly
damaged that SQLite cannot lock it, it is replaced by renaming; no program can write an entry to
such a file.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path

from sgtrack.files import replacing, sync_folder
from sgtrack.model.errors import Refused
from sgtrack.store.connection import COMMITS
from sgtrack.store.sqlite_files import FileConnection, connect, locked, refusal

_UNUSABLE = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR"}
"""Names of SQLite's errors for a file that it cannot lock because of what the file contains."""


@dataclass(frozen=True, slots=True)
class HeldLedger:
    """A ledger file that no other program reads or writes until :func:`hold_ledger` ends.

    ``db`` holds an exclusive lock on the file, and ``content`` is the open file. Both are None if
    SQLite cannot lock the file.
    """

    path: Path
    db: FileConnection | None
    content: BufferedReader | None

    @property
    def is_empty(self) -> bool:
        """Whether the file has no content."""
        return not self.path.stat().st_size

    def copy_to(self, path: Path) -> None:
        """Copy the file byte by byte, and the journal of a file that SQLite cannot lock.

        Raises:
            OSError: a file cannot be copied.
        """
        if self.content is None:
            if journal_path(self.path).exists():
                shutil.copyfile(journal_path(self.path), journal_path(path))
            shutil.copyfile(self.path, path)
            return
        self.content.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(self.content, copy)

    def compute_digest(self) -> str:
        """Return the SHA-256 of the file's content in hexadecimal.

        Raises:
            OSError: the file cannot be read.
        """
        with nullcontext(self.content) if self.content else self.path.open("rb") as file:
            file.seek(0)
            return file_digest(file, "sha256").hexdigest()

    def replace_by(self, new: Path) -> None:
        """Replace the content by that of the sound ledger ``new``.

        Raises:
            OSError, sqlite3.Error: the content cannot be written; the old content is unchanged.
            Refused: on Windows, another program has the damaged file open.
        """
        if self.db is not None:
            with closing(connect(new, make=False)) as source, COMMITS.commit():
                source.backup(self.db)
            return
        try:
            with COMMITS.commit(), replacing(self.path) as partial:
                shutil.copyfile(new, partial)
                # SQLite would roll the journal of the old ledger back into the new one.
                with suppress(FileNotFoundError):
                    journal_path(self.path).unlink()
                    sync_folder(self.path.parent)
        except PermissionError as error:
            raise Refused(
                f"台账 {self.path} 无法替换：没有权限，或其他程序正开着它",
                "关掉其他打开台账的程序，再试一次；台账没有改动",
            ) from error


@contextmanager
def hold_ledger(path: Path, *, make: bool = False) -> Iterator[HeldLedger]:
    """Wait for an exclusive lock on a ledger file, and hold it until the end of the block.

    With ``make``, create an empty file if there is none.

    Raises:
        Refused: another program uses the ledger for longer than 30 seconds, or the file cannot be
            opened.
    """
    # POSIX frees every lock of a process on a file when the process closes the file anywhere.
    # Therefore ``content`` is closed after the connection.
    with ExitStack() as files, ExitStack() as connections:
        try:
            db = connections.enter_context(locked(path, "EXCLUSIVE", make=make))
            # The lock outlasts the transaction, because ``replace_by`` needs one of its own.
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            # A commit would write the first page of an empty file.
            db.execute("ROLLBACK")
        except sqlite3.Error as error:
            if error.sqlite_errorname not in _UNUSABLE:
                raise refusal(path, error) from error
            connections.close()
            held = HeldLedger(path, None, None)
        else:
            held = HeldLedger(path, db, files.enter_context(path.open("rb")))
        yield held


def journal_path(ledger: Path) -> Path:
    """Return the path of the rollback journal that SQLite writes beside a database."""
    return ledger.with_name(f"{ledger.name}-journal")
