"""Lists the versions of the schema, and refuses ledgers with an unknown schema.

``schema/`` contains the SQL for both databases. Version 1 has several files. Each later version has
one file per database, such as ``schema/sqlite/0002_….sql``, which upgrades the previous version.
Version 1 is edited in place until the tag v0.2.0 exists; each edit changes the fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sgtrack.model.errors import Refused

FOLDER = Path(__file__).parent / "schema"
# scripts/make_schema.py writes this table, so that the program need not compute fingerprints.
# fmt: off
VERSIONS: tuple[tuple[str, str], ...] = (
    ("0001_first_schema", "31d6bf5f9f1b6d61"),
)
# fmt: on
"""Name and fingerprint of each version, oldest first."""


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """A version of the schema for one database; ``files`` contain the SQL that upgrades to it.

    The fingerprint covers the SQL for SQLite and for PostgreSQL, because a ledger can be copied
    from one to the other.
    """

    number: int
    name: str
    fingerprint: str
    files: tuple[Path, ...]

    def read_sql(self) -> str:
        """Return the SQL statements that upgrade the previous version to this one."""
        return "".join(path.read_text(encoding="utf-8") for path in self.files)


def versions(database: str) -> tuple[SchemaVersion, ...]:
    """Return every schema version, oldest first; ``database`` is "sqlite" or "postgresql"."""
    return tuple(
        SchemaVersion(
            number,
            name,
            fingerprint,
            first_files(database) if number == 1 else (FOLDER / database / f"{name}.sql",),
        )
        for number, (name, fingerprint) in enumerate(VERSIONS, start=1)
    )


def first_files(database: str) -> tuple[Path, ...]:
    """Return the SQL files of version 1, in the order they are run."""
    tables, own_views, content, triggers = (
        FOLDER / database / f"{name}.sql" for name in ("tables", "views", "content", "triggers")
    )
    shared = (FOLDER / f"{name}.sql" for name in ("views", "contract_views", "data_views"))
    return (tables, own_views, *shared, content, triggers)


def newest_version() -> int:
    """Return the number of the newest schema version, which this program uses."""
    return len(VERSIONS)


def pending_versions(database: str, version: int) -> tuple[SchemaVersion, ...]:
    """Return the schema versions newer than ``version``, oldest first."""
    return tuple(step for step in versions(database) if step.number > version)


def check_version(ledger: str, version: int, fingerprint: str) -> None:
    """Check that this program can use the schema of a ledger.

    Args:
        ledger: the name of the ledger in messages.
        version: the schema version of the ledger.
        fingerprint: the fingerprint stored in the ledger; empty if none is stored.

    Raises:
        Refused: the version is newer than this program's, or the fingerprint differs.
    """
    newest = newest_version()
    if fingerprint and version > newest:
        raise Refused(
            f"{ledger}是更新版本的 sgtrack 建的（结构 {version}，本程序只懂到 {newest}）",
            "升级 sgtrack 后再打开；台账没有改动",
        )
    if not fingerprint or VERSIONS[version - 1][1] != fingerprint:
        stored = f"结构指纹 {fingerprint}" if fingerprint else "没有结构指纹"
        raise Refused(
            f"{ledger}是开发中的另一个 sgtrack 版本建的（{stored}），本程序打不开",
            "用建它的版本运行 sgtrack export 导出，再用本程序 import 导入；台账没有改动",
        )
