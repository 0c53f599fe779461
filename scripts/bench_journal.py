"""Writes a ledger as a journal for hledger and ledger, with the contract as its budget."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sgtrack.model.contract import Kind
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import Workspace


def write_journal(workspace: Workspace, path: Path) -> None:
    """Write each amount as a posting to community:item in its unit, and each total as a budget."""
    with (
        closing(sqlite3.connect(workspace.ledger_file)) as db,
        path.open("w", encoding="utf-8") as out,
    ):
        for project in load_folder(workspace.targets).projects:
            start = project.period.start
            out.write(f"~ yearly from {start:%Y-%m-%d}\n")
            for _, _, item, one in project.indicators():
                if one.kind is Kind.TOTAL:
                    out.write(f'    {project.slug}:{item.code}  {one.target} "{one.unit}"\n')
            out.write("    source\n\n")
        for community, item, day, unit, hundredths in db.execute(
            "SELECT a.community, a.item, a.day, m.unit, m.hundredths FROM activity AS a "
            "JOIN amount AS m ON m.activity_id = a.id ORDER BY a.day"
        ):
            amount = f"{hundredths / 100:g}"
            out.write(f'{day} activity\n    {community}:{item}  {amount} "{unit}"\n    source\n\n')
