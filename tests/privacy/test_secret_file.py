"""``forget.key`` is one whole secret for all commands, and no other content is ever used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from sgtrack.privacy.redact_workspace import read_secret
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import contents, environment

HERE = ("-c", "xianheguan")
NAME = "欧阳钻石"
GOOD = "5e" * 32
EMPTY = ("", "\n", "  \r\n")
BAD = (GOOD[:-1], GOOD[:16], "00", GOOD + "5e", "x" * 64, "\0" * 64, GOOD.replace("5", "５"))


@pytest.fixture
def key(run: Run, workspace: Workspace) -> Path:
    """The path of the secret of a workspace whose ledger has two names."""
    ran = run("log", "7.2.2", "2人", "--who", f"{NAME}、何某某", "-d", "3-4", *HERE)
    assert ran.code == 0, ran.err
    return workspace.root / "forget.key"


@pytest.mark.parametrize("content", [*EMPTY, *BAD], ids=repr)
@pytest.mark.parametrize(
    "line",
    [("forget", NAME, "-r", "本人要求", "--yes"), ("bundle", "-o", "{out}")],
    ids=["forget", "bundle"],
)
def test_a_bad_secret_is_not_used_once_there_are_pseudonyms(
    run: Run,
    key: Path,
    workspace: Workspace,
    tmp_path: Path,
    content: str,
    line: tuple[str, ...],
) -> None:
    assert run("forget", "何某某", "-r", "本人要求", "--yes").code == 0
    key.write_bytes(content.encode())
    out = tmp_path / "out.zip"
    ran = run(*(word.format(out=out) for word in line))
    assert (ran.code, "forget.key" in ran.err, "删掉" in ran.err) == (1, True, True)
    assert "程序出了错" not in ran.err
    assert (key.read_bytes(), out.exists()) == (content.encode(), False)
    assert NAME.encode() in contents(workspace.ledger)
    key.unlink()
    assert run(*(word.format(out=out) for word in line)).code == 0


@pytest.mark.parametrize("content", BAD)
def test_a_shortened_secret_is_refused_even_without_pseudonyms(
    run: Run, key: Path, content: str
) -> None:
    key.write_bytes(content.encode())
    ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert (ran.code, key.read_bytes()) == (1, content.encode())


@pytest.mark.parametrize("content", EMPTY)
def test_an_empty_secret_is_replaced_while_nothing_was_made_with_it(
    run: Run, key: Path, content: str
) -> None:
    key.write_bytes(content.encode())
    assert run("forget", NAME, "-r", "本人要求", "--dry-run").code == 0
    assert key.read_bytes() == content.encode()
    ran = run("forget", NAME, "-r", "本人要求", "--yes")
    assert (ran.code, "换成新的" in ran.err) == (0, True)
    assert len(bytes.fromhex(key.read_text())) == 32
    if os.name == "posix":
        assert key.stat().st_mode & 0o077 == 0


def test_a_whole_secret_may_end_with_a_line_break(workspace: Workspace) -> None:
    (workspace.root / "forget.key").write_bytes(f"{GOOD.upper()}\r\n".encode())
    assert read_secret(workspace, create=True) == bytes.fromhex(GOOD)


@pytest.mark.parametrize("before", [None, ""])
def test_commands_at_the_same_time_use_one_secret(
    run: Run, key: Path, workspace: Workspace, tmp_path: Path, before: str | None
) -> None:
    if before is not None:
        key.write_text(before)
    outs = [tmp_path / f"{n}.zip" for n in range(4)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "sgtrack", "--home", str(workspace.root), "bundle", "-o", out],
            env=os.environ | {"SGTRACK_DB": environment(workspace).get("SGTRACK_DB") or ""},
            stderr=subprocess.DEVNULL,
        )
        for out in map(str, outs)
    ]
    assert [process.wait() for process in running] == [0] * len(outs)
    keys = set()
    for out in outs:
        with ZipFile(out) as archive:
            keys.add(json.loads(archive.read("bundle.json"))["key"])
    assert len(keys) == 1


def test_a_failed_write_leaves_no_secret(
    run: Run, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sgtrack.files.os.fsync", full)
    ran = run("bundle", "-o", str(key.with_name("out.zip")))
    assert (ran.code, "磁盘满了" in ran.err, key.exists()) == (1, True, False)
    assert not [path for path in key.parent.rglob("*") if "partial" in path.name]
