"""Makes the ledgers of every schema version that the tests take over to the newest one.

    .venv/bin/python scripts/make_old_ledgers.py

writes `tests/data/ledgers/ledger-0001.db` and so on, one for each migration that has none yet: the
one before it, taken over, with more entered. One that is there is never made anew: it stands for
the ledgers that were written by that release.

To add the next: write the migration, add to ROWS, under its number, plain INSERTs that put
something into every table and column it brings, run this script and commit the new file. A
migration that brings no table needs no rows. Ids count on from the last, 26 characters long. What
inserts cannot say is done to the new file with the commands of its release, before the next
migration is there: the ledger of version 8 merged a bundle without names, and a conflict in it was
resolved.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from sgtrack.ledger import chain
from sgtrack.store.dialect import unguarded
from sgtrack.store.sqlite import FIRST_CHAINED, build, migrations

FOLDER = Path(__file__).parents[1] / "tests" / "data" / "ledgers"
FIRST, SECOND, THIRD, VOID, PERSON, EVIDENCE, REMOVED, WRONG, STRUCK, BRIEF, LATER, *NEXT = (
    f"01J0000000000000000000000{n}" for n in "123456789ABCD"
)
CONTRACT, FORGETTING = NEXT
BY = "'2026-03-15T09:00:00+08:00', 'officer', 'sgtrack'"
WITH_FORGETTING = 6
FILE = b"signed"
"""The content of the one file of evidence that the ledgers speak of."""
SIGNED = sha256(FILE).hexdigest()

ROWS: dict[int, str] = {
    1: f"""
INSERT INTO activity (id, community, item, day, title, place, kind, note, replaces, reason,
    recorded_at, recorded_by, command)
    VALUES ('{FIRST}', 'sanli', '7.3.1', '2026-03-12', '进小区', '广场', '', '', NULL, '', {BY});
INSERT INTO amount (activity_id, unit, hundredths) VALUES ('{FIRST}', '人次', 8000);
INSERT INTO activity (id, community, item, day, title, place, kind, note, replaces, reason,
    recorded_at, recorded_by, command)
    VALUES ('{SECOND}', 'sanli', '7.3.1', '2026-03-12', '进小区', '广场', '', '雨', '{FIRST}',
    '核对', {BY});
INSERT INTO amount (activity_id, unit, hundredths) VALUES ('{SECOND}', '人次', 9000);
INSERT INTO amount (activity_id, unit, hundredths) VALUES ('{SECOND}', '份', 10000);
INSERT INTO participant (activity_id, name) VALUES ('{SECOND}', '甲');
INSERT INTO also (activity_id, item) VALUES ('{SECOND}', '7.4');
INSERT INTO activity (id, community, item, day, title, place, kind, note, replaces, reason,
    recorded_at, recorded_by, command)
    VALUES ('{THIRD}', 'sanli', '5.1', '2026-03-14', '', '', '', '', NULL, '', {BY});
INSERT INTO amount (activity_id, unit, hundredths) VALUES ('{THIRD}', '人次', 300);
INSERT INTO void (id, activity_id, reason, recorded_at, recorded_by, command)
    VALUES ('{VOID}', '{THIRD}', '重复', {BY});
INSERT INTO person (id, community, name, role, since, recorded_at, recorded_by, command)
    VALUES ('{PERSON}', 'sanli', '甲', '社区工作者', '2026-01-01', {BY});
""",
    2: f"""
INSERT INTO evidence (id, activity_id, sha256, size, name, kind, recorded_at, recorded_by, command)
    VALUES ('{EVIDENCE}', '{SECOND}', '{SIGNED}', 6, '签到表.jpg', '签到表', {BY});
INSERT INTO evidence_void (id, evidence_id, reason, recorded_at, recorded_by, command)
    VALUES ('{REMOVED}', '{EVIDENCE}', '加错', {BY});
INSERT INTO person (id, community, name, role, since, recorded_at, recorded_by, command)
    VALUES ('{WRONG}', 'sanli', '丙', '志愿者', '2026-01-01', {BY});
INSERT INTO person_void (id, person_id, reason, recorded_at, recorded_by, command)
    VALUES ('{STRUCK}', '{WRONG}', '写错', {BY});
""",
    3: f"""
INSERT INTO issued_brief (id, community, number, month, first_day, last_day, due, issued,
    submission, head, context, recorded_at, recorded_by, command)
    VALUES ('{BRIEF}', 'sanli', 1, '2026-03', '2026-02-26', '2026-03-25', '2026-03-25',
    '2026-03-24', NULL, '', '{{}}', {BY});
INSERT INTO issued_figure (brief_id, item, kind, unit, per, gain, total)
    VALUES ('{BRIEF}', '7.3.1', 'total', '人次', '', 9000, 9000);
INSERT INTO issued_entry (entry_id, brief_id) VALUES ('{SECOND}', '{BRIEF}');
INSERT INTO issued_file (brief_id, format, sha256, size)
    VALUES ('{BRIEF}', 'md', '{SIGNED}', 6);
""",
    4: f"""
INSERT INTO person (id, community, name, role, since, recorded_at, recorded_by, command)
    VALUES ('{LATER}', 'sanli', '乙', '志愿者', '2026-02-01', {BY});
""",
    5: f"""
INSERT INTO contract (id, community, content, recorded_at, recorded_by, command)
    VALUES ('{CONTRACT}', 'sanli', '{{}}', {BY});
""",
    6: f"""
INSERT INTO forgetting (id, pseudonym, tag, reason, recorded_at, recorded_by, command)
    VALUES ('{FORGETTING}', '居民000000', '{"0" * 32}', '本人要求', {BY});
""",
}


def main() -> None:
    """Write what is missing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for number, _, _ in migrations():
        path = FOLDER / f"ledger-{number:04}.db"
        if not path.exists():
            make(path, number)
            print(path)


def make(path: Path, version: int) -> None:
    """A ledger that went through the releases up to a version, with something entered in each.

    The one of the version before it has to be there.
    """
    before = FOLDER / f"ledger-{version - 1:04}.db"
    if before.exists():
        shutil.copyfile(before, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = ON")
        build(db, version)
        db.executescript(f"BEGIN; {ROWS.get(version, '')} COMMIT;")
        if version == WITH_FORGETTING:
            _forget(db)
        if version >= FIRST_CHAINED:
            _chain(db)
        db.execute("VACUUM")


def _forget(db: sqlite3.Connection) -> None:
    """Say of one record that it was rewritten, as forgetting does; its words stay as they are."""
    (body,) = db.execute("SELECT body FROM content WHERE record_id = ?", (VOID,)).fetchone()
    now, before = chain.sealed(body), chain.current(db, "void", VOID)
    with unguarded(db):
        db.execute("UPDATE link SET salt = '' WHERE record_id = ?", (VOID,))
    db.execute(
        "INSERT INTO forgotten VALUES (?, 'void', ?, ?, ?, ?)",
        (FORGETTING, VOID, before, now.digest, now.salt),
    )


def _chain(db: sqlite3.Connection) -> None:
    """Chain what was just entered, as the program does with every record."""
    for kind, record_id in db.execute(
        "SELECT kind, record_id FROM content EXCEPT SELECT kind, record_id FROM link "
        "ORDER BY record_id"
    ).fetchall():
        chain.link(db, kind, record_id)


if __name__ == "__main__":
    main()
