"""Damages pages of a ledger, as a failing memory stick does, and checks what `recover` saves."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sgtrack.ledger import chain
from sgtrack.model.errors import Refused
from sgtrack.recovery import backups, recover
from sgtrack.recovery.salvage import list_pages
from sgtrack.store import sqlite_files
from sgtrack.store.opening import reading
from sgtrack.workspace import make_workspace

from ..support.fork_server import ForkServer
from .kinds import TODAY, import_words
from .table import Row

PAGE = 4096
_LEAF = 13


def leaves(path: Path, table: str) -> list[int]:
    """Return the numbers of the pages with the rows of a table, in the order of the rows."""
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()
    whole = path.read_bytes()
    return [page for page in list_pages(whole, PAGE, root) if whole[(page - 1) * PAGE] == _LEAF]


def spoil(path: Path, *pages: int) -> None:
    """Overwrite pages of a file."""
    with path.open("rb+") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(b"\xa5" * PAGE)


def lose_pages(fork_server: ForkServer, step: int, folder: Path, *, backed_up: bool) -> Row:
    """Damage every ``step``-th page of a ledger in turn, with or without a backup."""
    root = make_workspace(folder / f"damage-{backed_up}", "sanli").root
    for n in range(2):
        words = import_words(root, n)
        ran = fork_server.run_one(["--home", str(root), *words], env={"SGTRACK_TODAY": TODAY})
        assert ran.code == 0, ran.err
    ledger = root / "ledger.db"
    shutil.rmtree(sqlite_files.backup_folder(ledger))
    if backed_up:
        backups.make_backup(ledger, backups.Reason.MANUAL)
    whole = ledger.read_bytes()
    before = _ids(ledger)
    schema = set(list_pages(whole, PAGE, 1))
    pages = range(1, len(whole) // PAGE + 1, step)
    wrong: list[str] = []
    saved = []
    for page in pages:
        ledger.write_bytes(whole)
        spoil(ledger, page)
        try:
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                damaged = Path(scratch) / "damaged.db"
                shutil.copyfile(ledger, damaged)
                made, told = recover.recover(ledger, damaged)
                kept = _ids(made)
                wrong += [f"page {page}: {one}" for one in _faults(made, told)]
        except Refused:
            # Without a backup, the tables cannot be found after the page with their list is lost.
            kept = set()
            if backed_up or page not in schema:
                wrong.append(f"page {page}: nothing could be read")
        saved.append(len(kept))
        if not kept <= before or (backed_up and kept != before):
            wrong.append(f"page {page}: {len(kept)} of {len(before)}")
    share = 100 * sum(saved) / (len(pages) * len(before))
    which = "with a backup" if backed_up else "without one"
    note = f"{share:.0f} % of the entries saved, the others named"
    return Row(f"ledgers that lost a page, {which}", len(pages), tuple(wrong), note)


def _faults(made: Path, told: recover.Recovered) -> list[str]:
    """Check that a recovered ledger is sound and that its chain lacks only reported losses."""
    fault = sqlite_files.find_fault(made)
    if fault:
        return [fault]
    with reading(made) as db:
        missed = {fault.record_id for fault in chain.verify_chain(db).faults}
        dangling = db.execute("PRAGMA foreign_key_check").fetchall()
    untold = {one.record_id for one in told.lost} - missed
    return [f"dangling {dangling}"] * bool(dangling) + [f"not missed {untold}"] * bool(untold)


def _ids(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        return {row[0] for row in db.execute("SELECT id FROM activity")}
