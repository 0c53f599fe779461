"""A ledger of the first schema is taken over whole, and its history is chained from then on."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from sgtrack.checks.integrity import integrity
from sgtrack.ledger.database import APPLICATION_ID, bring_up_to_date, migrations
from sgtrack.ledger.figures import Detail, read_figures
from sgtrack.ledger.reading import Wanted, read_entries, read_roster

FIRST, SECOND, THIRD, VOID, PERSON = (f"01J0000000000000000000000{n}" for n in "12345")
ROWS = f"""
INSERT INTO activity VALUES ('{FIRST}', 'sanli', '7.3.1', '2026-03-12', '进小区', '广场', '', '',
    NULL, '', '2026-03-12T09:00:00+08:00', 'officer', 'sgtrack log');
INSERT INTO amount VALUES ('{FIRST}', '人次', 8000);
INSERT INTO activity VALUES ('{SECOND}', 'sanli', '7.3.1', '2026-03-12', '进小区', '广场', '', '',
    '{FIRST}', '核对', '2026-03-13T09:00:00+08:00', 'officer', 'sgtrack amend');
INSERT INTO amount VALUES ('{SECOND}', '人次', 9000);
INSERT INTO participant VALUES ('{SECOND}', '甲');
INSERT INTO also VALUES ('{SECOND}', '7.4');
INSERT INTO activity VALUES ('{THIRD}', 'sanli', '5.1', '2026-03-14', '', '', '', '',
    NULL, '', '2026-03-14T09:00:00+08:00', 'officer', 'sgtrack log');
INSERT INTO amount VALUES ('{THIRD}', '人次', 300);
INSERT INTO void VALUES ('{VOID}', '{THIRD}', '重复', '2026-03-15T09:00:00+08:00', 'officer', '');
INSERT INTO person VALUES ('{PERSON}', 'sanli', '甲', '社区工作者', '2026-01-01',
    '2026-03-15T09:00:00+08:00', 'officer', '');
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A ledger as the first release wrote it."""
    path = tmp_path / "ledger.db"
    number, name, sql = migrations()[0]
    db = sqlite3.connect(path)
    db.executescript(sql + ROWS)
    db.execute(
        "CREATE TABLE migration "
        "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)"
    )
    db.execute("INSERT INTO migration VALUES (?, ?, '2026-01-01T00:00:00Z')", (number, name))
    db.execute("PRAGMA user_version = 1")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
    db.commit()
    db.close()
    return path


def test_everything_of_the_old_ledger_is_there(old: Path) -> None:
    (entry,) = read_entries(old, Wanted())
    assert (entry.id, entry.replaces, entry.reason) == (SECOND, FIRST, "核对")
    assert (entry.activity.names, entry.activity.also) == (("甲",), ("7.4",))
    assert [(row.unit, row.amount) for row in read_figures(old, "sanli", Detail()).amounts] == [
        ("人次", Decimal(90))
    ]
    assert [person.name for person in read_roster(old, "sanli")] == ["甲"]
    assert len(read_entries(old, Wanted(everything=True))) == 3


def test_its_records_are_chained_in_the_order_they_were_entered(old: Path, tmp_path: Path) -> None:
    bring_up_to_date(old)
    assert integrity(old, tmp_path / "evidence").faults == ()
    db = sqlite3.connect(old)
    chained = [row[0] for row in db.execute("SELECT record_id FROM link ORDER BY seq")]
    applied = [str(number) for number, _, _ in migrations()]
    assert [one for one in chained if len(one) == 26] == [FIRST, SECOND, THIRD, VOID, PERSON]
    assert sorted(one for one in chained if len(one) < 26) == applied
    db.execute("DROP TRIGGER amount_is_not_updated")
    db.execute("UPDATE amount SET hundredths = 9001 WHERE activity_id = ?", (SECOND,))
    db.commit()
    db.close()
    first, *_ = integrity(old, tmp_path / "evidence").faults
    assert (first.record_id, first.message) == (SECOND, "内容被改动")


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [*migrations()[:1], (2, "0002_broken", "CREATE TABLE more (x);\nINSERT INTO none;\n")]
    monkeypatch.setattr("sgtrack.ledger.database.migrations", lambda: broken)
    before = old.read_bytes()
    with pytest.raises(sqlite3.OperationalError):
        bring_up_to_date(old)
    assert old.read_bytes() == before
