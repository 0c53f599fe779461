"""Files are complete or absent, and on disk before a command acknowledges them."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import Any

import pytest

from sgtrack import locks, outputs
from sgtrack.files import make_folder, replacing, write_whole
from sgtrack.store.sqlite_files import connect
from sgtrack.workspace import Workspace

from .support.command_line import Run


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the order in which files are renamed and files and folders are synced."""
    notes: list[str] = []
    fsync, replace = os.fsync, os.replace

    def name(descriptor: int) -> str:
        return Path(f"/proc/self/fd/{descriptor}").readlink().name

    def noted_fsync(descriptor: int) -> None:
        fsync(descriptor)
        notes.append(f"pushed {name(descriptor)}")

    def noted_replace(old: Any, new: Any) -> None:
        replace(old, new)
        notes.append(f"named {Path(new).name}")

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    return notes


on_linux = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks into /proc")


@on_linux
def test_content_is_on_disk_before_the_name_and_the_name_before_the_end(
    tmp_path: Path, done: list[str]
) -> None:
    write_whole({tmp_path / "new" / "a.md": b"a"})
    content, *rest = done[1:]
    assert done[0] == f"pushed {tmp_path.name}"  # the new folder's own name
    assert content.endswith(".partial")
    assert rest == ["named a.md", "pushed new"]


@on_linux
@pytest.mark.about_the_file("when it is on disk")
def test_evidence_is_on_disk_before_its_record_is_committed(
    run: Run, workspace: Workspace, tmp_path: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sgtrack.store import sqlite

    proof = tmp_path / "签到表.jpg"
    proof.write_bytes(b"signed")

    def noted(path: Path, **options: Any) -> Any:
        db = connect(path, **options)
        db.set_trace_callback(lambda sql: done.append(sql) if sql == "COMMIT" else None)
        return db

    monkeypatch.setattr(sqlite, "connect", noted)
    assert run("log", "5.1", "3人次", "-c", "sanli", "-d", "6-1", "-e", str(proof)).code == 0
    (kept,) = (workspace.root / "evidence").glob("*/*")
    # The first one makes the ledger.
    assert done.count("COMMIT") == 2
    commit = len(done) - 1 - done[::-1].index("COMMIT")
    assert done.index(f"named {kept.name}") < done.index(f"pushed {kept.parent.name}") < commit
    assert done.index("pushed evidence") < commit
    assert "COMMIT" not in done[commit + 1 :]


def test_a_commit_is_on_disk_with_the_removal_of_its_journal(tmp_path: Path) -> None:
    db = connect(tmp_path / "ledger.db")
    assert db.execute("PRAGMA synchronous").fetchone() == (3,)  # EXTRA
    assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    db.close()


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    old = tmp_path / "here" / "a.md"
    write_whole({old: b"old"})

    def fail() -> None:
        with replacing(old) as partial:
            partial.write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert old.read_bytes() == b"old"
    assert list(old.parent.iterdir()) == [old]


def test_of_several_files_none_is_replaced_where_one_cannot_be_written(tmp_path: Path) -> None:
    old, folder = tmp_path / "here" / "a.md", tmp_path / "here" / "b.md"
    write_whole({old: b"old"})
    folder.mkdir()
    with pytest.raises(OSError, match=r"b\.md"):
        write_whole({old: b"new", folder: b"new"})
    assert old.read_bytes() == b"old"
    assert sorted(old.parent.iterdir()) == [old, folder]


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 84 + ".md")  # 255 bytes
    write_whole({path: b"a"})
    assert path.read_bytes() == b"a"


def test_half_files_without_a_lock_are_removed_ten_minutes_later(tmp_path: Path) -> None:
    stale, fresh = tmp_path / ".sgtrack-1.partial", tmp_path / ".sgtrack-2.partial"
    for path in (stale, fresh):
        path.write_bytes(b"half")
    while_ago = time.time() - 1200
    os.utime(stale, (while_ago, while_ago))
    write_whole({tmp_path / "a.md": b"a"})
    assert not stale.exists()
    assert fresh.exists()


def test_folders_are_made_once(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_what_cannot_be_written_is_not_recorded_as_written(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(locks, "acquire", deny)
    assert run("sheet", "x.xlsx", "-c", "sanli").code == 1
    assert not (workspace.root / outputs.RECORD).exists()


def test_a_folder_in_which_no_file_may_be_made_is_not_tried_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(locks, "_RETRY_SECONDS", 0)
    monkeypatch.setattr(os, "open", deny)
    with pytest.raises(PermissionError), replacing(tmp_path / "a.md"):
        pass


@pytest.mark.skipif(os.name == "posix", reason="only Windows has drives")
def test_a_folder_on_a_drive_that_is_not_there_is_refused(tmp_path: Path) -> None:
    missing = next(f"{letter}:\\" for letter in "QRSTUVW" if not Path(f"{letter}:\\").exists())
    with pytest.raises(OSError, match="\\[WinError"):
        make_folder(Path(missing) / "a" / "b")
