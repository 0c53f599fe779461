"""Exceptions with a message for the officer, and problems in files that she writes."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path


class Refused(Exception):
    """An error that the officer can correct; nothing was written.

    ``message`` is one Chinese sentence, and ``hint`` tells her what to do instead. ``exit_code`` is
    2 for wrong usage of the command line, otherwise 1.
    """

    def __init__(self, message: str, hint: str = "", *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


class Unconfirmed(Refused):
    """A refusal of something unusual that the officer can confirm.

    ``question`` asks her whether the unusual value is correct. If she says yes, the field of her
    ``ActivityInput`` that ``allowing`` names is set to true, and the activity is accepted.
    """

    def __init__(self, message: str, hint: str, *, question: str, allowing: str) -> None:
        super().__init__(message, hint)
        self.question = question
        self.allowing = allowing


class Incomplete(Refused):
    """A refusal because a required value is missing; on a terminal, the officer is asked for it."""


class LedgerUnusable(Refused):
    """The ledger file is missing or damaged; ``recovery.backups`` adds advice on restoring it."""

    def __init__(self, ledger: Path, message: str) -> None:
        super().__init__(message)
        self.ledger = ledger


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake in a file, with its line number and a remedy."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.message}\n    改法：{self.remedy}"


_OS_REASONS = {
    "ENOENT": "没有这个文件或文件夹",
    "ENOTDIR": "没有这个文件夹",
    "EISDIR": "是文件夹",
    "EEXIST": "已经有同名的文件",
    # Windows reports the same error for a file that another program has open.
    "EACCES": "没有权限" if os.name == "posix" else "没有权限，或其他程序正开着",
    "EPERM": "没有权限",
    "EROFS": "磁盘是只读的",
    "ENOSPC": "磁盘满了",
    "EDQUOT": "磁盘满了",
    "ENAMETOOLONG": "名字太长",
    "EBUSY": "其他程序正在用",
    "ETXTBSY": "其他程序正在用",
    "EIO": "磁盘出错",
    "EBADF": "已经关闭",
    "EPIPE": "另一头已经关闭",
}


def reason_of(error: Exception) -> str:
    """Return why a file operation failed, in Chinese for known error codes."""
    if isinstance(error, OSError):
        return (
            _OS_REASONS.get(errno.errorcode.get(error.errno or 0, ""))
            or error.strerror
            or str(error)
        )
    return str(error)
