"""Ledgers of every released schema, with rows in them, are taken over whole.

``tests/data/ledgers`` has one for each version; ``scripts/make_old_ledgers.py`` makes them.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from sgtrack.checks.integrity import integrity
from sgtrack.ledger import chain
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.ledger.known_people import read_roster
from sgtrack.model.errors import Refused
from sgtrack.model.queries import EntryFilter, FigureQuery
from sgtrack.recovery import backups
from sgtrack.store import dialect
from sgtrack.store.opening import reading
from sgtrack.store.sqlite import FIRST_CHAINED, bring_up_to_date, expected_schema, migrations

from ..reliability.upgrades import missing, tables, version

pytestmark = pytest.mark.about_the_file("its migrations")

OLD = sorted((Path(__file__).parents[1] / "data" / "ledgers").glob("ledger-*.db"))
FIRST, SECOND, THIRD, VOID, PERSON = (f"01J0000000000000000000000{n}" for n in "12345")
BEFORE_MERGING = 7
"""The ledgers of these versions hold the same entries; the next one merged another ledger."""
every_version = pytest.mark.parametrize("old", OLD, ids=lambda path: path.stem, indirect=True)


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of an old ledger; of the first schema, where the test does not say which."""
    path = tmp_path / "ledger.db"
    shutil.copyfile(getattr(request, "param", OLD[0]), path)
    return path


def test_there_is_a_ledger_of_every_version_up_to_the_last_kept() -> None:
    assert [version(path) for path in OLD] == [int(path.stem[-4:]) for path in OLD]
    assert [version(path) for path in OLD] == [one[0] for one in migrations()][: len(OLD)]


@every_version
def test_every_row_of_the_old_ledger_is_there(old: Path) -> None:
    before = tables(old)
    assert all(found for _, found in before.values())
    bring_up_to_date(old)
    assert version(old) == migrations()[-1][0]
    assert missing(before, old) == []
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@every_version
def test_its_amounts_are_what_they_were(old: Path) -> None:
    before = amounts(old)
    bring_up_to_date(old)
    assert before
    assert amounts(old) == before


def amounts(path: Path) -> list[tuple[object, ...]]:
    """What counts, as the ledger's own view tells it."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(
            "SELECT community, items, day, unit, sum(hundredths) FROM amount_by_day "
            "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
        ).fetchall()


@pytest.mark.parametrize("old", OLD[:BEFORE_MERGING], ids=lambda path: path.stem, indirect=True)
def test_it_says_what_it_said(old: Path) -> None:
    (entry,) = read_entries(old, EntryFilter())
    assert (entry.id, entry.replaces, entry.reason) == (SECOND, FIRST, "核对")
    assert (entry.activity.participants, entry.activity.also) == (("甲",), ("7.4",))
    assert {row.unit: row.amount for row in read_figures(old, "sanli", FigureQuery()).amounts} == {
        "人次": Decimal(90),
        "份": Decimal(100),
    }
    assert "甲" in [person.name for person in read_roster(old, "sanli")]
    assert len(read_entries(old, EntryFilter(everything=True))) == 3


@every_version
def test_its_schema_is_the_newest_and_its_history_is_chained(old: Path) -> None:
    bring_up_to_date(old)
    with reading(old) as db:
        assert chain.check(db).faults == ()
        assert dialect.schema(db) == expected_schema()


@every_version
def test_a_copy_of_it_is_kept_first(old: Path) -> None:
    before, was = tables(old), version(old)
    bring_up_to_date(old)
    made = backups.listed(old)
    if was == migrations()[-1][0]:
        assert made == ()
    else:
        assert [one.reason for one in made] == [backups.Reason.MIGRATION]
        assert (tables(made[0].path), version(made[0].path)) == (before, was)


def test_records_are_chained_in_the_order_they_were_entered(old: Path, tmp_path: Path) -> None:
    bring_up_to_date(old)
    with closing(sqlite3.connect(old)) as db:
        chained = [row[0] for row in db.execute("SELECT record_id FROM link ORDER BY seq")]
        assert [one for one in chained if len(one) == 26] == [FIRST, SECOND, THIRD, VOID, PERSON]
        applied = [str(number) for number, _, _ in migrations()]
        assert sorted(one for one in chained if len(one) < 26) == sorted(applied)
        db.execute("DROP TRIGGER amount_is_not_updated")
        db.execute("UPDATE amount SET hundredths = 9001 WHERE activity_id = ?", (SECOND,))
        db.commit()
    first, *_ = integrity(old, tmp_path / "evidence").faults
    assert (first.record_id, first.message) == (SECOND, "内容被改动")


@pytest.mark.parametrize("failing", [number for number, _, _ in migrations()[1:]])
def test_a_migration_that_fails_leaves_the_ledger_as_the_one_before_left_it(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    sound = [one for one in migrations() if one[0] < failing]
    monkeypatch.setattr("sgtrack.store.sqlite.migrations", lambda: sound)
    bring_up_to_date(old)
    before = old.read_bytes()
    broken = [*sound, (failing, "broken", "CREATE TABLE more (x);\nINSERT INTO none;\n")]
    monkeypatch.setattr("sgtrack.store.sqlite.migrations", lambda: broken)
    with pytest.raises(sqlite3.OperationalError):
        bring_up_to_date(old)
    assert old.read_bytes() == before


def test_no_ledger_is_upgraded_without_a_copy(old: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way")
    before = old.read_bytes()
    with pytest.raises(Refused, match="升级台账以前要先备份"):
        read_entries(old, EntryFilter())
    assert old.read_bytes() == before


def test_the_chain_began_with_the_version_that_the_program_says(tmp_path: Path) -> None:
    for path in OLD:
        assert ("link" in tables(path)) == (version(path) >= FIRST_CHAINED)
