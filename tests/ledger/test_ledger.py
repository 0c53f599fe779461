"""The ledger is append-only, reports damage, and has the tables that the code expects."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from sgtrack.ledger import append as in_transaction
from sgtrack.ledger import chain, rollups, roster_records
from sgtrack.ledger.entry_reads import find_entry, read_entries
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.model.entries import (
    Activity,
    Entry,
    EntryFilter,
    Origin,
    Person,
    new_id,
    normalize_id,
    short_id,
)
from sgtrack.model.errors import Refused
from sgtrack.model.figures import FigureQuery
from sgtrack.model.location import Location
from sgtrack.recovery.backups import writing
from sgtrack.store import dialect
from sgtrack.store.opening import reading
from sgtrack.store.schema_versions import newest_version
from sgtrack.workspace import Workspace

from ..support.ledgers import Ledgers, raw, read

ORIGIN = Origin(datetime.fromisoformat("2026-06-30T09:00:00+08:00"), "officer", "sgtrack log …")
ACTIVITY = Activity(
    community="sanli",
    item="7.3.1",
    day=date(2026, 3, 12),
    title="惠民殡葬进小区",
    place="广场",
    note="备注",
    amounts={"人次": Decimal(80), "学时": Decimal("2.5")},
    participants=("甲", "乙"),
    also=("7.4",),
)


def add(path: Location, activity: Activity, origin: Origin, *, again: bool = False) -> Entry:
    with writing(path) as transaction:
        return in_transaction.add(transaction, activity, origin, again=again)


def amend(path: Location, old: Entry, activity: Activity, origin: Origin, reason: str) -> Entry:
    with writing(path) as transaction:
        return in_transaction.amend(transaction, old, activity, origin, reason)


def void(path: Location, entry: Entry, origin: Origin, reason: str) -> None:
    with writing(path) as transaction:
        in_transaction.void(transaction, entry, origin, reason)


def add_people(path: Location, people: list[Person], origin: Origin) -> None:
    with writing(path) as transaction:
        roster_records.add_people(transaction, people, origin)


@pytest.fixture
def path(tmp_path: Path, ledgers: Ledgers) -> Location:
    """The path of a ledger that does not exist yet."""
    return ledgers.give(Workspace(tmp_path)).ledger


@pytest.fixture
def entry(path: Location) -> Entry:
    """An entry in that ledger."""
    return add(path, ACTIVITY, ORIGIN)


def test_what_was_written_is_read_back(path: Location, entry: Entry) -> None:
    assert read(find_entry, path, entry.id) == entry
    assert read(find_entry, path, short_id(entry.id).lower()) == entry
    assert read(read_entries, path, EntryFilter()) == (entry,)


@pytest.mark.parametrize(
    "change",
    [
        "id = 'short'",
        "community = ''",
        "item = ''",
        "day = '12.3.2026'",
        "replaces = id",
        "replaces = '00000000000000000000000000'",
    ],
)
def test_the_database_checks_what_goes_in(path: Location, entry: Entry, change: str) -> None:
    with raw(path) as db:
        db.execute("CREATE TEMP TABLE copy AS SELECT * FROM activity")
        db.execute("UPDATE copy SET id = '01ZZZZZZZZZZZZZZZZZZZZZZZZ', reason = 'x'")
        db.execute(f"UPDATE copy SET {change}")
        with pytest.raises(dialect.integrity_error(db)):
            db.execute("INSERT INTO activity SELECT * FROM copy")


def test_the_same_activity_twice_in_one_transaction_is_refused(path: Location) -> None:
    with writing(path, dry_run=True) as transaction:
        in_transaction.add(transaction, ACTIVITY, ORIGIN)
        with pytest.raises(Refused, match="已经记过"):
            in_transaction.add(transaction, ACTIVITY, ORIGIN)
    assert read(read_entries, path, EntryFilter()) == ()


def test_an_amendment_replaces_and_keeps_the_old_one(path: Location, entry: Entry) -> None:
    changed = Activity("sanli", "7.3.1", date(2026, 3, 13), amounts={"人次": Decimal(90)})
    newer = amend(path, entry, changed, ORIGIN, "核对")
    assert [e.id for e in read(read_entries, path, EntryFilter())] == [newer.id]
    kept = {e.id: e for e in read(read_entries, path, EntryFilter(everything=True))}
    assert kept[entry.id].replaced_by == newer.id
    assert kept[newer.id].replaces == entry.id
    assert [
        (row.unit, row.amount) for row in read(read_figures, path, "sanli", FigureQuery()).amounts
    ] == [("人次", Decimal(90))]
    with pytest.raises(Refused, match="已经更正过"):
        amend(path, entry, changed, ORIGIN, "再改")
    with pytest.raises(Refused, match="已经更正过"):
        void(path, entry, ORIGIN, "重复")


def test_voiding_a_correction_does_not_bring_the_first_one_back(
    path: Location, entry: Entry
) -> None:
    newer = amend(path, entry, ACTIVITY, ORIGIN, "核对")
    void(path, newer, ORIGIN, "没有办")
    assert read(read_entries, path, EntryFilter()) == ()
    assert read(read_figures, path, "sanli", FigureQuery()).amounts == ()
    with pytest.raises(Refused, match="已经作废"):
        void(path, newer, ORIGIN, "再作废")


def test_the_same_activity_is_refused_unless_insisted(path: Location, entry: Entry) -> None:
    with pytest.raises(Refused, match=short_id(entry.id)):
        add(path, ACTIVITY, ORIGIN)
    add(path, ACTIVITY, ORIGIN, again=True)
    assert len(read(read_entries, path, EntryFilter())) == 2


def test_figures_are_exact(path: Location) -> None:
    for n in range(30):
        add(
            path,
            Activity("sanli", "9.1.2", date(2026, 1, n + 1), amounts={"学时": Decimal("0.1")}),
            ORIGIN,
        )
    assert sum(
        row.amount for row in read(read_figures, path, "sanli", FigureQuery()).amounts
    ) == Decimal(3)


def test_ids_sort_by_entry_even_when_the_clock_goes_back(path: Location) -> None:
    earlier = Origin(datetime.fromisoformat("2020-01-01T00:00:00+08:00"), "", "")
    first = add(path, ACTIVITY, ORIGIN)
    second = add(path, ACTIVITY, earlier, again=True)
    assert first.id < second.id
    assert len({new_id(ORIGIN.at, first.id) for _ in range(1000)}) == 1000
    assert normalize_id(" abcilo ") == "ABC110"


@pytest.mark.about_the_file("tests/server has the same")
def test_a_newer_ledger_is_refused_and_untouched(path: Path, entry: Entry) -> None:
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {newest_version() + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(Refused, match="更新版本"):
        read(read_figures, path, "sanli", FigureQuery())
    with pytest.raises(Refused, match="更新版本"):
        add(path, ACTIVITY, ORIGIN, again=True)
    assert path.read_bytes() == before


@pytest.mark.about_the_file("its pages")
@pytest.mark.parametrize("content", [b"garbage " * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_ledger_is_recognised_and_untouched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(Refused, match="损坏"):
        read(read_figures, path, "sanli", FigureQuery())
    with pytest.raises(Refused, match="损坏"):
        add(path, ACTIVITY, ORIGIN)
    assert path.read_bytes() == content


@pytest.mark.about_the_file("a schema of its own keeps it apart")
def test_another_programs_database_is_refused_and_untouched(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE other (x)")
    db.commit()
    db.close()
    before = path.read_bytes()
    with pytest.raises(Refused, match="不是 sgtrack 的台账"):
        add(path, ACTIVITY, ORIGIN)
    assert path.read_bytes() == before


def test_people_are_added_all_or_none(path: Location) -> None:
    people = [
        Person("", "sanli", name, "社区工作者", date(2026, 1, 1)) for name in ("甲", "乙", "甲")
    ]
    with pytest.raises(Refused, match="第 3 个人已经在"):
        add_people(path, people, ORIGIN)
    assert read(read_figures, path, "sanli", FigureQuery()).roster == ()


def test_many_are_written_as_one_after_the_other(path: Location, tmp_path: Path) -> None:
    days = [date(2026, 3, day) for day in range(1, 6)]
    many = [
        replace(
            ACTIVITY, day=day, participants=("甲", "乙")[: n % 3], also=("7.4",) if n % 2 else ()
        )
        for n, day in enumerate(days)
    ]
    other = tmp_path / "other" / "ledger.db"
    with writing(path) as transaction:
        in_transaction.add_many(transaction, many, ORIGIN)
    with writing(other) as transaction:
        for one in many:
            in_transaction.add(transaction, one, ORIGIN)
    assert [e.activity for e in read(read_entries, path, EntryFilter())] == many
    assert [replace(e, id="") for e in read(read_entries, path, EntryFilter())] == [
        replace(e, id="") for e in read(read_entries, other, EntryFilter())
    ]
    with reading(path) as db:
        assert chain.verify_chain(db).faults == ()
        assert rollups.find_differences(db) == ()


def test_batches_larger_than_a_statement_are_written_and_rolled_up(path: Location) -> None:
    many = [replace(ACTIVITY, title=f"活动{n}", day=date(2026, 1 + n % 3, 2)) for n in range(1201)]
    with writing(path) as transaction:
        in_transaction.add_many(transaction, many, ORIGIN)
    with reading(path) as db:
        assert db.execute("SELECT count(*) FROM current_entry").fetchone() == (1201,)
        assert chain.verify_chain(db).faults == ()
        assert rollups.find_differences(db) == ()
    with pytest.raises(Refused, match="已经记过"), writing(path) as transaction:
        in_transaction.add_many(transaction, [replace(ACTIVITY, title="新"), many[1200]], ORIGIN)
    assert len(read(read_entries, path, EntryFilter())) == 1201


@pytest.mark.parametrize("there", [True, False])
def test_a_duplicate_among_many_is_refused_and_nothing_is_written(
    path: Location, there: bool
) -> None:
    others = [replace(ACTIVITY, title=f"活动{n}") for n in range(3)]
    if there:
        add(path, ACTIVITY, ORIGIN)
    before = read(read_entries, path, EntryFilter())
    many = [*others, ACTIVITY] if there else [*others, others[1]]
    with pytest.raises(Refused, match="已经记过"), writing(path) as transaction:
        in_transaction.add_many(transaction, many, ORIGIN)
    assert read(read_entries, path, EntryFilter()) == before
