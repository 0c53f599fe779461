"""Remembers redactions that were interrupted, so that every later command can say so.

A file in the workspace lists their pseudonyms; it contains no name. It exists while a redaction is
running, and stays if the redaction is interrupted, is killed, or cannot rewrite every backup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sgtrack.files import write_whole
from sgtrack.model.errors import Refused, reason_of
from sgtrack.scratch import exclusive_lock, is_locked
from sgtrack.store.connection import COMMITS

UNFINISHED = "forget.unfinished"
_LOCK = "forget"


@contextmanager
def redaction_turn(root: Path) -> Iterator[None]:
    """Wait until no other command redacts names in the workspace, and keep others waiting.

    Raises:
        Refused: the workspace cannot be written.
    """
    with ExitStack() as turn:
        try:
            turn.enter_context(exclusive_lock(root, _LOCK))
        except OSError as error:
            raise _unwritable(root, error) from error
        yield


@contextmanager
def remember_until_done(root: Path, words: str, is_done: Callable[[], bool]) -> Iterator[None]:
    """Remember the redaction with the pseudonym ``words`` while the block runs.

    Forget it at the end of the block if ``is_done`` returns true, or at an error if no ledger was
    changed. In all other cases it stays remembered as unfinished.

    Raises:
        Refused: the workspace cannot be written.
    """
    before, commits = read_unfinished(root), COMMITS.begun
    _write(root, before | {words})
    try:
        yield
    except BaseException:
        if COMMITS.begun == commits:
            with suppress(Refused):
                _write(root, before)
        raise
    if is_done():
        _write(root, before - {words})


def read_unfinished(root: Path) -> frozenset[str]:
    """Read the pseudonyms of the redactions that are not finished."""
    try:
        content = (root / UNFINISHED).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    return frozenset(line for line in content.split() if line.isalnum())


def describe_unfinished(root: Path) -> str:
    """Return a message about unfinished redactions; empty if there are none or one is running."""
    if not (root / UNFINISHED).exists() or is_locked(root, _LOCK):
        return ""
    words = "、".join(sorted(read_unfinished(root)))
    return (
        f"上次隐去姓名没有做完（代号 {words or '不明'}），台账或备份里可能还有这个姓名："
        f"再运行一次同样的 sgtrack forget 就做完；不用做完就删掉 {root / UNFINISHED}"
    )


def _write(root: Path, words: frozenset[str]) -> None:
    try:
        if words:
            write_whole({root / UNFINISHED: "".join(f"{w}\n" for w in sorted(words)).encode()})
        else:
            (root / UNFINISHED).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(root, error) from error


def _unwritable(root: Path, error: OSError) -> Refused:
    return Refused(
        f"工作文件夹 {root} 无法写入（{reason_of(error)}）", "检查磁盘空间和文件夹的权限"
    )
