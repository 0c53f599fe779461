"""The versions of the schema, and the refusal of a ledger with a different schema.

``schema/`` holds the SQL of both databases: the files of the first schema, and for each later
version one step ``schema/DATABASE/0002_….sql``, which brings a ledger to it from the one before.
Until 0.2.0 is released the first schema is edited in place; a ledger of an earlier edit of it has
another fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sgtrack.model.errors import Refused

FOLDER = Path(__file__).parent / "schema"
# Written by scripts/make_schema.py, so that opening a ledger reads no SQL file.
# fmt: off
VERSIONS: tuple[tuple[str, str], ...] = (
    ("0001_first_schema", "46786bf74939e901"),
)
# fmt: on
"""Name and fingerprint of each version, the oldest first."""


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """A version of the schema of one database; ``files`` bring a ledger to it.

    The fingerprint covers both databases, because a ledger is also copied from one to the other.
    """

    number: int
    name: str
    fingerprint: str
    files: tuple[Path, ...]

    def read_sql(self) -> str:
        """The statements that make it of the version before."""
        return "".join(path.read_text(encoding="utf-8") for path in self.files)


def versions(database: str) -> tuple[SchemaVersion, ...]:
    """Every version of the schema of ``sqlite`` or ``postgresql``, the oldest first."""
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
    """The files of the first schema, in the order they are run."""
    tables, own_views, content, triggers = (
        FOLDER / database / f"{name}.sql" for name in ("tables", "views", "content", "triggers")
    )
    return (tables, own_views, FOLDER / "views.sql", content, triggers)


def newest_version() -> int:
    """The number of the version this program works with."""
    return len(VERSIONS)


def pending_versions(database: str, version: int) -> tuple[SchemaVersion, ...]:
    """The versions that a ledger of a version lacks."""
    return tuple(step for step in versions(database) if step.number > version)


def check_version(ledger: str, version: int, fingerprint: str) -> None:
    """Check that this program knows the schema of a ledger, given as it is named on the screen.

    ``fingerprint`` is the one stored in the ledger; empty where it has none.

    Raises:
        Refused: the schema is newer than this program, or another one of the same number.
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
