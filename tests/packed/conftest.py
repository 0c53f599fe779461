"""The program for Windows, unpacked on the drive C of Wine, and ways to run it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import wine

ZIP = os.environ.get("SGTRACK_WINDOWS_ZIP")
"""The zip to try; ``make windows`` sets the variable."""
TODAY = "2026-03-24"
TRIAL = "试用 张三"
"""The folder of the trial on drive C."""
LENGTH = 200
"""The number of characters in the path of sgtrack.exe."""
DOCUMENTS = f"{TRIAL}/我的 文档"
"""The folder of the user's documents in the trial."""
SECONDS = 300
KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
CONTROL = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")


@dataclass(frozen=True)
class Finished:
    """The output of a finished program, and its exit code."""

    code: int
    out: str
    err: str


def windows_path(path: Path) -> str:
    """Return the path by which Windows programs know a file on drive C."""
    return "C:\\" + str(path.relative_to(wine.C_DRIVE)).replace("/", "\\")


@dataclass(frozen=True)
class PackedProgram:
    """The unpacked program in ``folder``; ``documents`` is the folder of the user's documents."""

    folder: Path
    documents: Path

    @property
    def workspace(self) -> Path:
        """The workspace that the program makes at its first use."""
        return self.documents / "社工站台账"

    def command(self, *words: str) -> list[str]:
        """Return the command that runs a command line in the folder of the program."""
        variables = {"SGTRACK_TODAY": TODAY, "SGTRACK_PASSPHRASE": "春风化雨润物无声"}
        folder = str(self.folder.relative_to(wine.C_DRIVE))
        return [str(word) for word in wine.in_wine(*words, folder=folder, variables=variables)]

    def run(self, *words: str) -> Finished:
        """Run a command line of sgtrack without a terminal."""
        return self._run("wine", "sgtrack.exe", *words)

    def shell(self, line: str) -> Finished:
        """Run a line in the command prompt of Windows."""
        return self._run("wine", "cmd", "/c", line)

    def _run(self, *words: str) -> Finished:
        ran = subprocess.run(
            self.command(*words),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Finished(ran.returncode, ran.stdout.decode(), ran.stderr.decode(errors="replace"))


def long_folder(name: str) -> Path:
    """Return the folder in which a folder ``name`` has an sgtrack.exe with a path of LENGTH."""
    start = wine.C_DRIVE / TRIAL / "社工站 软件（2026年）"
    left = LENGTH - len(windows_path(start / name / "sgtrack.exe")) - 1
    parts = ("仙鹤观社区 惠民服务站/" * 20)[:left]
    return start / re.sub("[/ ]$", "站", parts)


@pytest.fixture(scope="session")
def program() -> Iterator[PackedProgram]:
    """The program, unpacked in a long path with Chinese characters and blanks."""
    if ZIP is None:
        pytest.skip("`make windows` makes the zip and runs this test")
    shutil.rmtree(wine.C_DRIVE / TRIAL, ignore_errors=True)
    with zipfile.ZipFile(ZIP) as packed:
        name = packed.namelist()[0].partition("/")[0]
        folder = long_folder(name)
        folder.mkdir(parents=True)
        packed.extractall(folder)
    documents = wine.C_DRIVE / DOCUMENTS
    documents.mkdir()
    before = registry("query")
    registry("add", "/f", "/d", windows_path(documents))
    yield PackedProgram(folder / name, documents)
    old = re.search(r"REG_\w+ +([^\r\n]+)", before)
    registry("add", "/f", "/d", old[1] if old else r"%USERPROFILE%\Documents")


def registry(action: str, *words: str) -> str:
    """Read or change where Windows says the user's documents are; return the answer."""
    command = wine.in_wine("wine", "reg", action, KEY, "/v", "Personal", *words)
    ran = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
    return ran.stdout.decode("gbk", "replace")
