"""A fictitious next version of the schema, to test the migration of ledgers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sgtrack.store import schema_versions

NAME = "0002_made_up"
FINGERPRINT = "f" * 16
STEP = """
CREATE TABLE made_up (id TEXT NOT NULL PRIMARY KEY);
-- The semicolon of a text is no end of a statement.
CREATE TABLE made_up_part (
    activity_id TEXT NOT NULL REFERENCES activity (id),
    made_up_id TEXT NOT NULL REFERENCES made_up (id) DEFERRABLE INITIALLY DEFERRED,
    note TEXT NOT NULL DEFAULT 'a;b'
);
CREATE INDEX ix_made_up_part_activity_id ON made_up_part (activity_id);
INSERT INTO made_up_part (activity_id, made_up_id) SELECT id, 'x' FROM activity;
INSERT INTO made_up VALUES ('x');
"""
"""SQL for both databases, in which a row refers to a row that is inserted after it."""


@contextmanager
def next_version(folder: Path, step: str = STEP) -> Iterator[int]:
    """Add the fictitious version to the program's list of versions; yield its number."""
    before = schema_versions.FOLDER, schema_versions.VERSIONS
    shutil.copytree(schema_versions.FOLDER, folder)
    for database in ("sqlite", "postgresql"):
        (folder / database / f"{NAME}.sql").write_text(step, encoding="utf-8")
    schema_versions.FOLDER = folder
    schema_versions.VERSIONS = (*schema_versions.VERSIONS, (NAME, FINGERPRINT))
    try:
        yield schema_versions.newest_version()
    finally:
        schema_versions.FOLDER, schema_versions.VERSIONS = before
