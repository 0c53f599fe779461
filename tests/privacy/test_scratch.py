"""Copies of a ledger lie in an owner-only folder of the workspace; killed commands leave none.

The commands run in processes of their own, so that a test can kill them.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sgtrack import locks
from sgtrack.model.errors import Refused
from sgtrack.scratch import SCRATCH, scratch_folder
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import environment

HERE = ("-c", "xianheguan")
NAME = "欧阳钻石"


@pytest.fixture
def named(run: Run, workspace: Workspace) -> Workspace:
    ran = run("log", "7.2.2", "2人", "--who", f"{NAME}、何某某", "-d", "3-4", *HERE)
    assert ran.code == 0, ran.err
    return workspace


def test_forgetting_deletes_unfinished_files_of_killed_commands(run: Run, named: Workspace) -> None:
    unfinished = [
        folder / ".sgtrack-0123456789abcdef.partial"
        for folder in (named.root, named.backups, named.briefs)
    ]
    while_ago = time.time() - 1200
    for path in unfinished:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"SQLite format 3\0" + bytes(52) + b"SGTR" + NAME.encode())
        os.utime(path, (while_ago, while_ago))
    assert run("forget", NAME, "-r", "本人要求", "--yes").code == 0
    assert not [path for path in unfinished if path.exists()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


HOLD = """
import sys, time
from pathlib import Path
from sgtrack.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "copy.db").write_text(sys.argv[2], encoding="utf-8")
    print(folder.name, flush=True)
    time.sleep(60)
"""


@contextmanager
def holding(root: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """Run a process with a temporary folder that contains a name, until the context ends."""
    with subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", HOLD, str(root), NAME],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield root / SCRATCH / process.stdout.readline().strip(), process
        finally:
            process.kill()


@pytest.mark.parametrize("line", ["status", "list", "check", "backup list", "people list"])
def test_the_next_command_deletes_what_a_killed_one_left(
    run: Run, named: Workspace, line: str
) -> None:
    with holding(named.root) as (folder, process):
        run(*line.split())
        assert (folder / "copy.db").exists(), "a running command keeps its folder"
        process.kill()
        process.wait()
        assert (folder / "copy.db").exists()
        run(*line.split())
        assert not (named.root / SCRATCH).exists()


WRITE = """
import sys, time
from pathlib import Path
from sgtrack.files import temporary_file_in
with temporary_file_in(Path(sys.argv[1])) as partial:
    partial.write_text(sys.argv[2], encoding="utf-8")
    print(partial.name, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("folder", ["", "backups", "briefs", "reports"])
@pytest.mark.parametrize("line", ["status", "list"])
def test_the_next_command_deletes_the_half_file_of_a_killed_one(
    run: Run, named: Workspace, folder: str, line: str
) -> None:
    place = named.root / folder
    with subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", WRITE, str(place), NAME],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        partial = place / process.stdout.readline().strip()
        while_ago = time.time() - 1200
        os.utime(partial, (while_ago, while_ago))
        run(line)
        assert partial.exists(), "a running command keeps its file, however long it takes"
        process.kill()
        process.wait()
        assert partial.exists()
        run(line)
    assert [path for path in place.iterdir() if path.name.startswith(".sgtrack-")] == []


def test_forgetting_deletes_what_a_killed_command_left(run: Run, named: Workspace) -> None:
    with holding(named.root) as (folder, process):
        process.kill()
        process.wait()
        assert run("forget", NAME, "-r", "本人要求", "--yes").code == 0
        assert not folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="file modes show access rights on POSIX only")
def test_only_the_owner_can_open_the_folder(root: Path) -> None:
    with scratch_folder(root) as folder:
        for path in (folder, folder.parent):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert list(root.iterdir()) == []


SLOW = """
import time
from pathlib import Path
from sgtrack import scratch
from sgtrack.cli.main import main
def wait(folder, **options):
    print(Path(folder).name, flush=True)
    time.sleep(60)
scratch.shutil.rmtree = wait
main()
"""
"""A command that stops for a minute where it would delete its temporary folder."""


@pytest.mark.parametrize(
    "line", ["bundle -o {out}/a.zip", "bundle --with-names -o {out}/a.zip", "merge {out}/b.zip"]
)
def test_a_killed_command_leaves_names_in_the_workspace_only(
    run: Run, named: Workspace, tmp_path: Path, line: str
) -> None:
    assert run("bundle", "--with-names", "-o", str(tmp_path / "b.zip")).code == 0
    shared = tmp_path / "tmp"
    shared.mkdir()
    variables = dict(environment(named)) | dict.fromkeys(
        ("TMPDIR", "TMP", "TEMP", "SQLITE_TMPDIR"), str(shared)
    )
    words = ["--home", str(named.root), *line.format(out=tmp_path).split()]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *words],
        env=os.environ | {name: value for name, value in variables.items() if value is not None},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        folder = named.root / SCRATCH / process.stdout.readline().strip()
        process.kill()
    assert list(folder.iterdir())
    assert list(shared.iterdir()) == []
    run("status")
    assert not folder.exists()


@pytest.mark.parametrize(
    "line",
    [
        "bundle -o {out}/a.zip",
        "merge {out}/b.zip",
        "export {out}/a.xlsx -c xianheguan",
        "export {out}/a.xlsx --with-names -c xianheguan",
        "sheet {out}/a.xlsx -c xianheguan",
        "dossier -o {out}/d.zip -c xianheguan",
        "people training -o {out}/t.xlsx -c xianheguan",
        "forget 何某某 -r 本人要求 --yes",
        "brief --month 3 --format docx -c xianheguan",
        "report midterm -c xianheguan",
    ],
)
def test_no_command_needs_the_shared_temporary_folder(
    run: Run, named: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    import tempfile

    assert run("bundle", "--with-names", "-o", str(tmp_path / "b.zip")).code == 0

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for function in ("mkstemp", "mkdtemp", "gettempdir", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, function, refuse)
    ran = run(*line.format(out=tmp_path).split())
    assert ran.code == 0, ran.err


@pytest.mark.about_the_file("recovers a damaged file")
@pytest.mark.parametrize("line", ["recover --yes", "bundle -o {out}/a.zip", "merge {out}/b.zip"])
def test_a_full_disk_of_the_workspace_is_one_plain_message(
    run: Run, named: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    assert run("bundle", "--with-names", "-o", str(tmp_path / "b.zip")).code == 0
    if line.startswith("recover"):
        with closing(sqlite3.connect(named.ledger_file)) as db:
            (trigger,) = db.execute("SELECT min(name) FROM sqlite_schema WHERE type = 'trigger'")
            db.execute(f'DROP TRIGGER "{trigger[0]}"')
    (named.root / SCRATCH).mkdir()
    real = Path.mkdir

    def full(path: Path, *rest: object, **options: object) -> None:
        if SCRATCH in path.parts:
            raise OSError(28, "No space left on device")
        real(path, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", full)
    ran = run(*line.format(out=tmp_path).split())
    assert (ran.code, "磁盘满了" in ran.err, ran.err.count("错误：")) == (1, True, 1)


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "full"),
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("disk I/O error"),
        sqlite3.OperationalError("attempt to write a readonly database"),
        sqlite3.OperationalError("unable to open database file"),
    ],
)
def test_a_disk_that_fills_up_or_breaks_meanwhile_is_refused(root: Path, error: Exception) -> None:
    with (
        pytest.raises(Refused, match="满了" if "full" in str(error) else "只读"),
        scratch_folder(root),
    ):
        raise error
    assert list(root.iterdir()) == []


def test_a_folder_that_cannot_be_deleted_is_deleted_by_the_next_command(
    run: Run, named: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("sgtrack.scratch.shutil.rmtree", lambda *_, **__: None)
        with scratch_folder(named.root) as folder:
            (folder / "copy.db").write_text(NAME, encoding="utf-8")
    assert (folder / "copy.db").exists()
    run("status")
    assert not (named.root / SCRATCH).exists()


def test_other_errors_stay_what_they_are(root: Path) -> None:
    with pytest.raises(PermissionError), scratch_folder(root):
        raise PermissionError(13, "no")


def test_locks_exclude_each_other_and_leave_nothing(root: Path) -> None:
    script = """
import sys, time
from pathlib import Path
from sgtrack.scratch import exclusive_lock
root = Path(sys.argv[1])
for _ in range(30):
    with exclusive_lock(root, "x"):
        inside = root / "inside"
        inside.touch(exist_ok=False)
        time.sleep(0.001)
        inside.unlink()
"""
    running = [subprocess.Popen([sys.executable, "-c", script, str(root)]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert list(root.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no open file")
def test_a_lock_file_that_its_holder_deleted_is_not_taken(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = root / "x.lock"
    held = locks.acquire(lock)

    def release_and_take_again(descriptor: int) -> bool:
        monkeypatch.undo()
        locks.release(lock, held)
        successors.append(locks.acquire(lock))
        return locks.try_lock(descriptor)

    successors: list[int] = []
    monkeypatch.setattr(locks, "try_lock", release_and_take_again)
    assert locks.acquire_if_free(lock) is None
    locks.release(lock, *successors)
