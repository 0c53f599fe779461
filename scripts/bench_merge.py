"""Compares merging many ledgers with copying the same rows by ATTACH and INSERT ... SELECT.

Both write into a new ledger of the same schema, including triggers and indexes. The copy handles
ten ledgers per transaction, because SQLite attaches at most ten. The merge handles all ledgers in
one transaction, verifies every chain and updates the roll-ups. Figures are only printed: no test
depends on them.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bench_data import insert_entry
from sgtrack.merging.merge import merge
from sgtrack.model.entries import Activity, Entry, Origin, new_id
from sgtrack.recovery import backups
from sgtrack.store.chain_links import append_records
from sgtrack.store.sqlite import bring_up_to_date
from sgtrack.store.sqlite_files import connect
from sgtrack.workspace import Workspace

LEDGERS, ENTRIES, ROUNDS = 30, 3_000, 3
ATTACHED = 10
ORIGIN = Origin(datetime(2026, 12, 31, 9, tzinfo=UTC), "bench", "bench")
TABLES = ("activity", "amount", "participant", "also", "link")


def make_ledger(path: Path, community: str, seed: int) -> None:
    """Create a ledger with a year of activities, some of them with names and a second item."""
    rng = random.Random(seed)  # noqa: S311 - only the bench's own data
    bring_up_to_date(path)
    at, newest = datetime(2026, 1, 1, tzinfo=UTC), None
    with closing(connect(path)) as db:
        db.execute("BEGIN")
        for n in range(ENTRIES):
            newest = new_id(at + timedelta(minutes=n), newest)
            day = date(2026, 1, 1) + timedelta(days=n * 365 // ENTRIES)
            item = rng.choice(["3.1", "5.1", "6.3", "7.2.2", "7.3", "7.3.1", "9.1.2"])
            names = [f"居民{rng.randrange(500)}号{k}" for k in range(2)] if item == "7.2.2" else []
            activity = Activity(
                community=community,
                item=item,
                day=day,
                title=f"活动{n}",
                place="社区活动室",
                amounts={unit: Decimal(rng.randrange(100, 9000)) / 100 for unit in ("人次", "场")},
                participants=tuple(names),
                also=("7.4",) if item == "7.3.1" else (),
            )
            insert_entry(db, Entry(newest, activity, ORIGIN))
            append_records(db, "activity", newest)
        db.execute("COMMIT")


def copied(paths: list[Path], target: Path) -> float:
    """Copy the rows and return the seconds that it takes."""
    bring_up_to_date(target)
    begun = time.perf_counter()
    with closing(connect(target)) as db:
        for first in range(0, len(paths), ATTACHED):
            batch = paths[first : first + ATTACHED]
            for n, path in enumerate(batch):
                db.execute(f"ATTACH ? AS other{n}", (str(path),))
            db.execute("BEGIN IMMEDIATE")
            for n, _ in enumerate(batch):
                for table in TABLES:
                    db.execute(f"INSERT INTO main.{table} SELECT * FROM other{n}.{table}")
            db.execute("COMMIT")
            for n, _ in enumerate(batch):
                db.execute(f"DETACH other{n}")
    return time.perf_counter() - begun


def merged(paths: list[Path], target: Path) -> float:
    """Merge the ledgers and return the seconds that it takes."""
    workspace = Workspace(target)
    bring_up_to_date(workspace.ledger_file)
    backups.make_daily_backup(
        workspace.ledger_file
    )  # The daily backup would distort the time, because it is made only once a day.
    begun = time.perf_counter()
    merge(workspace, paths, ORIGIN)
    return time.perf_counter() - begun


def ratio() -> tuple[float, float]:
    """Return the median seconds of copying and of merging."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        paths = [folder / f"other{n}.db" for n in range(LEDGERS)]
        for n, path in enumerate(paths):
            make_ledger(path, f"community{n}", n)
        copying, merging = [], []
        for n in range(ROUNDS):
            copying.append(copied(paths, folder / f"copied{n}.db"))
            (folder / f"merged{n}").mkdir()
            merging.append(merged(paths, folder / f"merged{n}"))
    return statistics.median(copying), statistics.median(merging)


def main() -> None:
    """Print both times, and their ratio beside the goal."""
    copying, merging = ratio()
    print(f"copying {LEDGERS} ledgers of {ENTRIES} entries   {copying:6.2f} s")
    print(f"merging them                        {merging:6.2f} s")
    print(f"ratio                               {merging / copying:6.2f} x  (goal 3)")


if __name__ == "__main__":
    main()
