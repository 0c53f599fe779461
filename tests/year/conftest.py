"""A year of both communities, logged through the command line once for all tests."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sgtrack.workspace import Workspace, make_workspace

from ..support.command_line import Ran, run_in
from ..support.ledgers import Ledgers, copy_workspace
from .recount import read

SCRIPT = (Path(__file__).parents[1] / "data" / "year.txt").read_text(encoding="utf-8")
COMMUNITIES = ("xianheguan", "sanli")
LAST_DAY = "2026-12-31"


@dataclass(frozen=True)
class Year:
    """A workspace with the year in it."""

    workspace: Workspace

    def run(self, *words: str, today: str = LAST_DAY) -> Ran:
        return run_in(self.workspace, today)(*words)

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").out)


@pytest.fixture(scope="session")
def logged(tmp_path_factory: pytest.TempPathFactory, ledgers: Ledgers) -> Workspace:
    """The workspace at the end of the year; no test may change it."""
    return ledgers.build_once(tmp_path_factory, "year", log_year)


def log_year(workspace: Workspace) -> None:
    """Log the year of both communities, each line on its day."""
    year = Year(workspace)
    for community in COMMUNITIES:
        ids: dict[str, str] = {}
        for line in read(SCRIPT):
            words = [ids.get(word, word) for word in line.words]
            files = workspace.root.parent / community
            words = [str(_file(files / word)) if _is_file(word) else word for word in words]
            if line.command in ("log", "people", "brief"):
                words += ["-c", community]
            ran = year.run(*words, today=line.day.isoformat())
            assert ran.code == 0, (line, ran.err)
            if line.label:
                ids[line.label] = _entry_id(ran.out)
            elif line.command == "amend":
                (label,) = [key for key, entry_id in ids.items() if entry_id == words[1]]
                ids[label] = _entry_id(ran.out)


@pytest.fixture
def year(logged: Workspace, tmp_path: Path, ledgers: Ledgers) -> Year:
    """A copy of the year that a test may change."""
    return Year(copy_workspace(logged, Workspace(tmp_path / "copy"), ledgers))


@pytest.fixture
def read_year(logged: Workspace) -> Callable[..., Any]:
    """Run a reading command on the year itself and parse its JSON."""
    return Year(logged).json


@pytest.fixture(scope="session")
def handled(
    logged: Workspace, tmp_path_factory: pytest.TempPathFactory, ledgers: Ledgers
) -> Workspace:
    """The year with a row in every table: voided, forgotten, merged and resolved."""
    folder = tmp_path_factory.mktemp("handled")
    own = Year(copy_workspace(logged, Workspace(folder / "year"), ledgers))
    other = Year(make_workspace(folder / "other"))
    whole = ("--with-names", "--with-evidence")
    entry = own.json("list", "殡葬", "-c", "sanli")[0]
    person = ("7.2.2", "1人", "--who", "丁某某", "-d", "3-9", "-t", "别处登记")
    for year, *words in (
        (own, "brief", "withdraw", "--month", "12", "-r", "街道退回", "-c", "sanli"),
        (own, "evidence", "void", entry["evidence"][0]["id"], "-r", "看不清"),
        (own, "amend", entry["id"], "--effect", "老人知道了惠民殡葬"),
        (own, "people", "leave", "志愿乙", "--role", "志愿者", "--on", "6-30", "-c", "sanli"),
        (own, "forget", "就业甲", "-r", "本人要求", "--yes"),
        (own, "bundle", "-o", str(folder / "year.zip"), *whole),
        (other, "merge", str(folder / "year.zip")),
        (other, "log", *person, "-c", "sanli"),
        (other, "amend", entry["id"], "--note", "甲", "-r", "核对"),
        (own, "amend", entry["id"], "--note", "乙", "-r", "核对"),
        (other, "bundle", "-o", str(folder / "other.zip")),
        (own, "merge", str(folder / "other.zip")),
    ):
        ran = year.run(*words)
        assert ran.code == 0, (words, ran.err)
    (conflict,) = own.json("resolve")["conflicts"]
    assert own.run("resolve", conflict["corrections"][1], "-r", "核对").code == 0
    assert own.run("verify").code == 0
    return own.workspace


def _entry_id(shown: str) -> str:
    match = re.search(r"已(?:记录|更正)  (\S+)", shown)
    assert match is not None, shown
    return match[1]


def _is_file(word: str) -> bool:
    return word.endswith((".png", ".pdf"))


def _file(path: Path) -> Path:
    """A small real file, different for each name and community."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_png(path) if path.suffix == ".png" else _pdf(path))
    return path


def _png(path: Path) -> bytes:
    """A picture of one colour."""
    color = sha256(f"{path.parent.name}/{path.name}".encode()).digest()[:6]
    rows = b"".join(b"\x00" + color * 8 for _ in range(16))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def _pdf(path: Path) -> bytes:
    """An empty page with its own file name in it."""
    note = f"% {path.parent.name} {path.name}\n".encode()
    return (
        b"%PDF-1.4\n" + note + b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
