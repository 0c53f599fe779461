"""Runs several processes at once: no entry may be lost or doubled, no reader may see half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sgtrack.workspace import make_workspace

from ..support.fork_server import ForkServer, Job
from .kinds import HERE, IMPORTED, TODAY, import_words
from .state import ask, faults
from .table import Row


def write_together(fork_server: ForkServer, writers: int, entries: int, folder: Path) -> Row:
    """Let processes log at full speed into a ledger that the first of them creates."""
    root = make_workspace(folder / "together", "sanli").root
    home = ("--home", str(root))
    lines = [
        [
            [*home, "log", "5.1", "1人次", "-d", "6-1", "-t", f"W{writer}.{n}", *HERE]
            for n in range(entries)
        ]
        for writer in range(writers)
    ]
    ran = fork_server.run(Job(lines, env={"SGTRACK_TODAY": TODAY}))
    wrong = [f"writer {n}: {one.err}" for n, one in enumerate(ran) if one.err or any(one.codes)]
    said = sum(one.out.count("已记录") for one in ran)
    titles = [title for (title,) in ask(root, "SELECT title FROM activity ORDER BY id")]
    if said != writers * entries or len(titles) != said or len(set(titles)) != said:
        wrong.append(f"{said} acknowledged, {len(titles)} there, {len(set(titles))} different")
    chained = ask(root, "SELECT record_id FROM link WHERE kind = 'activity' ORDER BY seq")
    if chained != sorted(chained) or len(set(chained)) != len(titles):
        wrong.append("ids are not unique and in the order of entry")
    wrong += _own_order(titles, writers)
    wrong += faults(root)
    note = f"{len(set(chained))} ids unique and in order, {ran[0].seconds:.0f} s"
    return Row(f"entries by {writers} writers at once", said, tuple(wrong), note)


def _own_order(titles: list[object], writers: int) -> list[str]:
    """Return faults if a writer's entries are not in the order in which it wrote them."""
    wrong = []
    for writer in range(writers):
        own = [int(str(t).partition(".")[2]) for t in titles if str(t).startswith(f"W{writer}.")]
        if own != sorted(own):
            wrong.append(f"writer {writer}: out of order")
    return wrong


def read_during_imports(fork_server: ForkServer, imports: int, reads: int, folder: Path) -> Row:
    """Read while sheets are imported; each reader must see a whole number of sheets."""
    root = make_workspace(folder / "reading", "sanli").root
    home = ("--home", str(root))
    sheets = []
    for n in range(imports):
        words = import_words(root, n)
        own = root / f"{n}.csv"
        Path(words[1]).rename(own)
        sheets.append([*home, "import", str(own), *HERE])
    asked = [*home, "status", "5.1", "--json", *HERE]
    importer, *readers = fork_server.run(
        Job([sheets, [asked] * reads, [asked] * reads], env={"SGTRACK_TODAY": TODAY})
    )
    wrong = [one.err for one in (importer, *readers) if one.err or any(one.codes)]
    whole = IMPORTED * (IMPORTED + 1) // 2
    seen = [_visits(text) for one in readers for text in _documents(one.out)]
    wrong += [f"a reader saw {found} of {whole} a sheet" for found in seen if found % whole]
    if len(seen) != 2 * reads:
        wrong.append(f"{len(seen)} of {2 * reads} readings came")
    between = len(set(seen) - {0, imports * whole})
    wrong += faults(root)
    note = f"{imports} imports meanwhile, {between} states between seen, all whole"
    return Row("status during imports", len(seen), tuple(wrong), note)


def _documents(text: str) -> list[Any]:
    """Parse the consecutive JSON documents of an output."""
    decoder, found, rest = json.JSONDecoder(), [], text.strip()
    while rest:
        document, end = decoder.raw_decode(rest)
        found.append(document)
        rest = rest[end:].lstrip()
    return found


def _visits(document: Any) -> int:
    (community,) = document["communities"]
    (found,) = [one for one in community["indicators"] if one["item"] == "5.1"]
    return int(found["actual"])
