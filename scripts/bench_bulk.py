"""Prepares the comparison of an import and of a Word brief with the libraries alone.

The import is compared with ``executemany`` writing the same rows to the same tables, including
triggers and indexes. The brief is compared with docxtpl filling the same template. Its texts and
pictures are computed beforehand and stored in a file for `bench_docxtpl.py`.
"""

from __future__ import annotations

import csv
import pickle
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from sgtrack.app.draft_brief import gather_month
from sgtrack.app.snapshot import Snapshot
from sgtrack.brief.brief_composition import compose
from sgtrack.brief.images import illustrate
from sgtrack.brief.rendering import template_path
from sgtrack.progress.periods import window_of
from sgtrack.store.opening import reading
from sgtrack.store.sqlite import bring_up_to_date
from sgtrack.store.sqlite_files import connect
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace

HEADINGS = ("日期", "服务项", "活动名称", "人次")


def write_sheet(path: Path, rows: int) -> None:
    """Write a sheet of activities that are all different, with the headings that officers use."""
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADINGS)
        for n in range(rows):
            day = date(2026, 1, 1) + timedelta(days=n % 350)
            sheet.writerow((day.isoformat(), "5.1", f"走访{n}", n % 90 + 1))


def copy_rows(source: Path, target: Path) -> None:
    """Copy the activities of a ledger, with their amounts and links, to a new ledger."""
    bring_up_to_date(target)
    with closing(sqlite3.connect(source)) as other, closing(connect(target)) as db:
        db.execute("BEGIN")
        for table in ("activity", "amount", "link", "current_entry"):
            where = "WHERE kind = 'activity'" if table == "link" else ""
            rows = other.execute(f"SELECT * FROM {table} {where}").fetchall()
            if rows:
                marks = ", ".join("?" for _ in rows[0])
                db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        db.execute("COMMIT")


def keep_context(workspace: Workspace, month: date, today: date, path: Path) -> None:
    """Store the texts and pictures of a month's brief in a file, for ``bench_docxtpl.py``."""
    project = load_folder(workspace.targets).projects[0]
    with reading(workspace.ledger) as db:
        window = window_of(project, month.year, month.month)
        composed = compose(gather_month(Snapshot(db, (project,)), project, window, today))
    context = composed.for_template()
    charts = illustrate(context, workspace.evidence).charts
    pictures = [(chart.caption, chart.content) for chart in charts]
    template = str(template_path("brief.docx", workspace.templates))
    path.write_bytes(pickle.dumps((template, context, pictures)))
