"""Ledgers of every old schema, opened by the program as it is now."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sgtrack.recovery import backups
from sgtrack.store.sqlite import migrations
from sgtrack.workspace import make_workspace

from .kills import HERE, OLD
from .programs import Programs
from .state import faults
from .table import Row

Tables = dict[str, tuple[list[str], set[tuple[object, ...]]]]


def tables(path: Path) -> Tables:
    """Every table of a ledger with its columns and what is in them."""
    found = {}
    with closing(sqlite3.connect(path)) as db:
        names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in db.execute(names).fetchall():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(columns)
            found[table] = (columns, set(db.execute(f"SELECT {chosen} FROM {table}")))
    return found


def missing(before: Tables, path: Path) -> list[str]:
    """The tables that have lost a row, or changed one, that they had before."""
    lost = []
    with closing(sqlite3.connect(path)) as db:
        for table, (columns, found) in before.items():
            now = set(db.execute(f"SELECT {', '.join(columns)} FROM {table}"))
            if table != "head" and not found <= now:  # the head moves with every migration
                lost.append(table)
    return lost


def version(path: Path) -> int:
    """The schema version of a ledger."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def upgrade_all(programs: Programs, folder: Path) -> Row:
    """Open each, and look for every row it had and for the copy made of it."""
    wrong: list[str] = []
    old = sorted(OLD.glob("ledger-*.db"))
    rows = 0
    for path in old:
        root = make_workspace(folder / path.stem, "sanli").root
        ledger = root / "ledger.db"
        shutil.copyfile(path, ledger)
        before = tables(path)
        rows += sum(len(found) for _, found in before.values())
        ran = programs.one(["--home", str(root), "status", *HERE])
        found = [f"{table} lost rows" for table in missing(before, ledger)]
        if ran.code != 0 or version(ledger) != migrations()[-1][0]:
            found.append(f"exit code {ran.code}, version {version(ledger)}: {ran.err}")
        copies = [one for one in backups.listed(ledger) if one.reason is backups.Reason.MIGRATION]
        if version(path) != version(ledger) and [tables(c.path) for c in copies] != [before]:
            found.append("no copy was made first")
        found += [one for one in faults(root) if not one.startswith("a row has no file")]
        wrong += [f"{path.stem}: {one}" for one in found]
    newest = migrations()[-1][0]
    return Row(
        "old schemas taken over", len(old), tuple(wrong), f"{rows} rows, to version {newest}"
    )
