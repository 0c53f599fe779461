"""The commands that are killed or that fail: their preparation, command line and effect."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sgtrack.ledger.append import add
from sgtrack.model.entries import Activity, Origin
from sgtrack.recovery import backups
from sgtrack.recovery.backups import writing

from ..support.fork_server import ForkServer
from .state import ask, count

TODAY = "2026-12-30"
HERE = ("-c", "sanli")
IMPORTED = 30
SCENE_SIZE = 15
"""The number of kills after which a new workspace is used, so that checking it stays fast."""
JOURNAL = "ledger.db-journal"
UNFINISHED = ".sgtrack-*.partial"
TITLE = "SELECT count(*) FROM activity WHERE title LIKE ?"


@dataclass(frozen=True)
class Kind:
    """A command that is killed.

    Attributes:
        prepare: creates what every run needs.
        words: returns the command line of the n-th run; None if a new workspace is needed.
        effect: returns how much of the n-th run the ledger contains. A run adds 0 or ``whole``.
        acknowledged: the text that the command prints when it has succeeded.
        writes: files that appear when the command begins to write; half of the kills wait for one.
        next_version: whether to run with one more version of the schema.
        finishes: whether the same command line completes an interrupted run. Until then, ``verify``
            may report that the run is incomplete.
    """

    name: str
    prepare: Callable[[Path, ForkServer], None]
    words: Callable[[Path, int], list[str] | None]
    effect: Callable[[Path, int], int]
    whole: int
    acknowledged: str
    writes: tuple[str, ...] = (JOURNAL,)
    next_version: bool = False
    finishes: bool = False

    @property
    def slug(self) -> str:
        """The name without spaces and punctuation."""
        return re.sub(r"\W+", "-", self.name)


def run_words(root: Path, fork_server: ForkServer, *words: str) -> None:
    """Run a command that must succeed."""
    ran = fork_server.run_one(["--home", str(root), *words], env={"SGTRACK_TODAY": TODAY})
    assert ran.code == 0, ran.err


def _log(root: Path, fork_server: ForkServer, *words: str) -> None:
    run_words(root, fork_server, "log", *words, *HERE)


def _nothing(root: Path, fork_server: ForkServer) -> None:
    """Leave the workspace empty."""


def _first(root: Path, n: int) -> list[str]:
    """Remove the ledger, so that the killed command creates it; return the command line."""
    (root / "ledger.db").unlink(missing_ok=True)
    (root / "ledger.db-journal").unlink(missing_ok=True)
    shutil.rmtree(root / "backups", ignore_errors=True)
    return ["log", "5.1", "3人次", "-d", "6-1", "-t", f"T{n}", *HERE]


def one_entry(root: Path, fork_server: ForkServer) -> None:
    _log(root, fork_server, "5.1", "3人次", "-d", "6-1", "-t", "第一条")


def _amend(root: Path, n: int) -> list[str]:
    ((newest,),) = ask(
        root,
        "SELECT id FROM activity AS a WHERE title = '第一条' "
        "AND NOT EXISTS (SELECT 1 FROM activity WHERE replaces = a.id)",
    )
    return ["amend", str(newest), f"{n % 50 + 4}人次", "-r", f"R{n}."]


def _files(root: Path, n: int) -> list[str]:
    found = []
    for name, size in (("签到表", 40_000), ("现场照片", 1_500_000)):
        path = root / f"{name}{n}.jpg"
        path.write_bytes(random.Random(f"{root.name}{n}{name}").randbytes(size))
        found.append(str(path))
    return found


def _evidence_words(root: Path, n: int) -> list[str]:
    ((entry,),) = ask(root, "SELECT id FROM activity WHERE title = '第一条'")
    return ["evidence", "add", str(entry), *_files(root, n)]


def import_words(root: Path, n: int) -> list[str]:
    rows = [f"2026-{k % 9 + 1}-{k % 27 + 1},5.1,I{n}.{k},{k + 1}" for k in range(IMPORTED)]
    path = root / "登记.csv"
    path.write_text("日期,服务项,活动名称,人次\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return ["import", str(path), *HERE]


def _every_month(root: Path, fork_server: ForkServer) -> None:
    for month in range(1, 13):
        _log(root, fork_server, "5.1", "3人次", "-d", f"{month}-10", "-t", f"{month}月")


def _issue_words(root: Path, n: int) -> list[str] | None:
    done = count(root, "SELECT count(*) FROM issued_brief")
    return (
        None
        if done > 10
        else ["brief", "--month", f"2026-{done + 1:02}", "--issue", "--yes", *HERE]
    )


def _issue_effect(root: Path, n: int) -> int:
    """Count the briefs, each of which must have its figures, files and submission."""
    return count(
        root,
        "SELECT count(*) FROM issued_brief AS b WHERE submission IN (SELECT id FROM activity) AND "
        "2 = (SELECT count(*) FROM issued_file WHERE brief_id = b.id) AND "
        "60 < (SELECT count(*) FROM issued_figure WHERE brief_id = b.id)",
    )


def _older_ledger(root: Path, fork_server: ForkServer) -> None:
    """Create a ledger with entries and evidence, of the version before the fictitious one."""
    _every_month(root, fork_server)
    run_words(root, fork_server, *_files_words(root))
    shutil.copyfile(root / "ledger.db", root / "older.db")


def _files_words(root: Path) -> list[str]:
    ((entry,),) = ask(root, "SELECT id FROM activity WHERE title = '1月'")
    return ["evidence", "add", str(entry), *_files(root, 0)]


def _migrate_words(root: Path, n: int) -> list[str]:
    shutil.rmtree(root / "backups", ignore_errors=True)
    (root / "ledger.db-journal").unlink(missing_ok=True)
    shutil.copyfile(root / "older.db", root / "ledger.db")
    return ["list", "--all", *HERE]


def _migrated(root: Path, n: int) -> int:
    """Return 1 for a migrated ledger, 0 for an older one, and -1 for one that lacks rows."""
    entries = count(root, "SELECT count(*) FROM activity")
    version = count(root, "PRAGMA user_version")
    made = "SELECT count(*) FROM sqlite_schema WHERE name = 'made_up_part'"
    rows = count(root, "SELECT count(*) FROM made_up_part") if count(root, made) else 0
    whole = entries == 12 and rows == (entries if version == 2 else 0)
    return version - 1 if whole else -1


def _restorable(root: Path, fork_server: ForkServer) -> None:
    """Create a ledger with two entries, of which the daily backup contains one."""
    one_entry(root, fork_server)
    _log(root, fork_server, "5.1", "3人次", "-d", "6-1", "-t", "第二条")
    shutil.copyfile(root / "ledger.db", root / "two.db")


def _restore_words(root: Path, n: int) -> list[str]:
    (root / "ledger.db-journal").unlink(missing_ok=True)
    shutil.copyfile(root / "two.db", root / "ledger.db")
    copies = backups.list_backups(root / "ledger.db")
    (daily,) = [one for one in copies if one.reason is backups.Reason.DAILY]
    return ["restore", daily.name, "--yes"]


def _restored(root: Path, n: int) -> int:
    return 2 - count(root, "SELECT count(*) FROM activity")


def _merge_words(root: Path, n: int) -> list[str]:
    """Return a command that merges another laptop's ledger, which has new entries each time."""
    other = root.parent / f"{root.name}-other" / "ledger.db"
    origin = Origin(datetime(2026, 12, 30, 9, tzinfo=UTC), "other", "other")
    with writing(other) as transaction:
        for k in range(IMPORTED):
            day = date(2026, k % 9 + 1, k % 27 + 1)
            amounts = {"人次": Decimal(k + 1)}
            add(transaction, Activity("sanli", "5.1", day, f"M{n}.{k}", amounts=amounts), origin)
    return ["merge", str(other)]


def _imported(root: Path, fork_server: ForkServer) -> None:
    run_words(root, fork_server, *import_words(root, 0))


def _void_words(root: Path, n: int) -> list[str] | None:
    left = ask(root, "SELECT activity_id FROM current_entry LIMIT 1")
    return ["void", str(left[0][0]), "-r", f"R{n}."] if left else None


def _undo_words(root: Path, n: int) -> list[str] | None:
    """Return the command line of ``undo``; None if no entry is left."""
    return ["undo", "--yes"] if count(root, "SELECT count(*) FROM current_entry") else None


def _residents(root: Path, fork_server: ForkServer) -> None:
    for n in range(SCENE_SIZE):
        _log(
            root,
            fork_server,
            "5.1",
            "1人次",
            "-d",
            f"6-{n + 1}",
            "-t",
            "走访",
            "--who",
            f"欧阳{n}号",
        )


def _forget_words(root: Path, n: int) -> list[str] | None:
    # Every command reports what killed ones left unfinished, which would look like a fault here.
    for path in (root / "forget.unfinished", *(root / "backups").glob(UNFINISHED)):
        path.unlink(missing_ok=True)
    left = ask(root, "SELECT name FROM name_by_month WHERE name LIKE '欧阳%' LIMIT 1")
    return ["forget", str(left[0][0]), "-r", "要求", "--yes"] if left else None


def _forgotten(root: Path, n: int) -> int:
    """Count the redactions, if the ledger, the roll-ups and the chain agree on their number."""
    done = count(root, "SELECT count(*) FROM forgetting")
    named = [
        count(root, f"SELECT count(DISTINCT name) FROM {table} WHERE name LIKE '欧阳%'")
        for table in ("participant", "name_by_month")
    ]
    return done if named == [SCENE_SIZE - done] * 2 else -1


def _backups(root: Path, n: int) -> int:
    return sum(
        one.reason is backups.Reason.MANUAL for one in backups.list_backups(root / "ledger.db")
    )


KINDS = (
    Kind(
        "log",
        one_entry,
        lambda root, n: ["log", "5.1", "3人次", "-d", "6-1", "-t", f"T{n}", *HERE],
        lambda root, n: count(root, TITLE, f"T{n}"),
        1,
        "已记录",
    ),
    Kind("log, first of all", _nothing, _first, lambda r, n: count(r, TITLE, f"T{n}"), 1, "已记录"),
    Kind(
        "log with evidence",
        one_entry,
        lambda root, n: [
            *("log", "5.1", "3人次", "-d", "6-1", "-t", f"T{n}", *HERE, "-e", *_files(root, n))
        ],
        lambda root, n: count(
            root,
            "SELECT (SELECT count(*) FROM activity WHERE title = ?1) + (SELECT count(*) FROM "
            "evidence AS e JOIN activity AS a ON a.id = e.activity_id WHERE a.title = ?1)",
            f"T{n}",
        ),
        3,
        "已记录",
        (JOURNAL, f"evidence/{UNFINISHED}"),
    ),
    Kind(
        "evidence add",
        one_entry,
        _evidence_words,
        lambda root, n: (
            count(root, "SELECT count(*) FROM evidence WHERE name LIKE ?", f"%片{n}.jpg")
            + count(root, "SELECT count(*) FROM evidence WHERE name LIKE ?", f"%表{n}.jpg")
        ),
        2,
        "已添加",
        (JOURNAL, f"evidence/{UNFINISHED}"),
    ),
    Kind(
        "amend",
        one_entry,
        _amend,
        lambda root, n: count(root, "SELECT count(*) FROM activity WHERE reason = ?", f"R{n}."),
        1,
        "已更正",
    ),
    Kind(
        "void",
        _imported,
        _void_words,
        lambda root, n: count(
            root,
            "SELECT count(*) FROM void WHERE reason = ? "
            "AND activity_id NOT IN (SELECT activity_id FROM current_entry)",
            f"R{n}.",
        ),
        1,
        "作废",
    ),
    Kind(
        "undo",
        _residents,
        _undo_words,
        lambda root, n: count(root, "SELECT count(*) FROM void WHERE reason = '撤销'"),
        1,
        "已撤销",
    ),
    Kind(
        "people add",
        one_entry,
        lambda root, n: ["people", "add", f"甲{n}号", f"乙{n}号", *HERE],
        lambda root, n: count(root, "SELECT count(*) FROM person WHERE name LIKE ?", f"_{n}号"),
        2,
        "名册加了",
    ),
    Kind("forget", _residents, _forget_words, _forgotten, 1, "换成", finishes=True),
    Kind(
        "backup",
        one_entry,
        lambda root, n: ["backup"],
        _backups,
        1,
        "已备份",
        (f"backups/{UNFINISHED}",),
    ),
    Kind(
        "import",
        one_entry,
        import_words,
        lambda root, n: count(root, TITLE, f"I{n}.%"),
        IMPORTED,
        "导入了",
    ),
    Kind(
        "merge",
        one_entry,
        _merge_words,
        lambda root, n: count(root, TITLE, f"M{n}.%"),
        IMPORTED,
        "已接收",
    ),
    Kind(
        "brief --issue",
        _every_month,
        _issue_words,
        _issue_effect,
        1,
        "已发出",
        (JOURNAL, f"evidence/{UNFINISHED}", f"briefs/{UNFINISHED}"),
    ),
    Kind(
        "migration",
        _older_ledger,
        _migrate_words,
        _migrated,
        1,
        "1月",
        (JOURNAL, f"backups/{UNFINISHED}"),
        next_version=True,
    ),
    Kind(
        "restore",
        _restorable,
        _restore_words,
        _restored,
        1,
        "台账已恢复",
        (JOURNAL, f"backups/{UNFINISHED}"),
    ),
)
"""The commands to kill; add an entry for each new command that writes."""
