"""Creates the workspaces on which the bench times commands.

The number of communities, the period and the number of entries are parameters. The activities are
those of the demonstration, on random days from the start of the period to the day on which the
commands run. Half of them have evidence. The rows are inserted directly into the tables, because a
million commands would take a week. Only the chain of hashes is left out, which no timed command
reads.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ulid import ULID

from sgtrack.app.demo import half_year
from sgtrack.ledger import rollups
from sgtrack.ledger.entry_rows import activity_columns, origin_columns, part_columns
from sgtrack.model.contract import Project
from sgtrack.model.entries import Activity, Entry, Evidence, Origin
from sgtrack.store.sqlite import bring_up_to_date
from sgtrack.store.sqlite_files import connect
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace, make_workspace

ORIGIN = Origin(datetime.fromisoformat("2026-12-31T09:00:00+08:00"), "bench", "bench")
TODAY = date(2026, 12, 20)
"""The day on which the bench runs its commands."""


def make_county(root: Path, communities: int, entries: int, first: date, last: date) -> Workspace:
    """Create a workspace whose communities share the packaged contract.

    ``entries`` is the number of entries of all communities together.
    """
    workspace = make_workspace(root)
    text = (workspace.targets / "sanli.yaml").read_text(encoding="utf-8")
    text = text.replace("2026-01-01", first.isoformat()).replace("2026-12-31", last.isoformat())
    for path in workspace.targets.glob("*.yaml"):
        path.unlink()
    for n in range(1, communities + 1):
        own = text.replace("name: 三里社区", f"name: 第{n}社区")
        (workspace.targets / f"c{n:02}.yaml").write_text(own, encoding="utf-8")
    fill(workspace, entries)
    return workspace


def fill(workspace: Workspace, entries: int, first: date | None = None) -> None:
    """Write entries into the ledger, the same number for each community, on days up to ``TODAY``.

    Args:
        workspace: the workspace with the contracts and the ledger.
        entries: the number of entries of all communities together.
        first: the earliest day; by default the first day of the project.
    """
    chance = random.Random(1)  # noqa: S311 - only the bench's own data
    projects = load_folder(workspace.targets).projects
    bring_up_to_date(workspace.ledger_file)
    with closing(connect(workspace.ledger_file)) as db:
        db.execute("BEGIN")
        share = -(-entries // len(projects))
        for project in projects:
            _write(db, project, activities(project, share, first, chance), chance)
        rollups.rebuild(db)
        db.execute("COMMIT")


def activities(
    project: Project, count: int, first: date | None, chance: random.Random
) -> Iterator[Activity]:
    """Yield activities on random days from ``first``, or the start of the project, to ``TODAY``."""
    known = list(half_year(project, chance))
    begin = first or project.period.start
    days = (min(project.period.end, TODAY) - begin).days + 1
    for n in range(count):
        day = begin + timedelta(days=chance.randrange(days))
        one = known[n % len(known)]
        title = one.title if project.items[one.item].series else f"活动{n}"
        yield replace(one, day=day, title=title, for_month="")


def insert_entry(db: sqlite3.Connection, entry: Entry) -> None:
    """Insert the rows of an entry and of its evidence, without chaining them."""
    origin = origin_columns(entry.origin)
    _insert(db, "activity", {"id": entry.id} | activity_columns(entry.activity) | origin)
    for table, parts in part_columns(entry.id, entry.activity).items():
        for columns in parts:
            _insert(db, str(table.__tablename__), columns)
    for file in entry.evidence:
        _insert(db, "evidence", asdict(file) | {"activity_id": entry.id} | origin)


def _insert(db: sqlite3.Connection, table: str, columns: dict[str, Any]) -> None:
    values = ", ".join("?" for _ in columns)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"
    db.execute(statement, tuple(columns.values()))


def _write(
    db: sqlite3.Connection, project: Project, activities: Iterator[Activity], chance: random.Random
) -> None:
    moment = ORIGIN.at
    for activity in activities:
        moment += timedelta(milliseconds=1)
        kinds = project.needs_of(activity.item) if chance.random() < 0.5 else ()
        evidence = tuple(Evidence(_id(moment), "0" * 64, 1, f"{kind}.jpg", kind) for kind in kinds)
        insert_entry(db, Entry(_id(moment), activity, ORIGIN, evidence=evidence))


def _id(moment: datetime) -> str:
    return str(ULID.from_datetime(moment))
