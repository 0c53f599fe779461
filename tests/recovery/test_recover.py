"""``recover`` saves the readable records of a damaged ledger and names the lost ones."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sgtrack.ledger import chain
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.model.entries import EntryFilter
from sgtrack.recovery.backups import Reason, list_backups
from sgtrack.store.opening import reading
from sgtrack.store.sqlite_files import backup_folder, find_fault
from sgtrack.workspace import Workspace

from ..reliability.damage import PAGE, leaves, spoil
from ..support.command_line import Run
from ..support.ledgers import read

pytestmark = pytest.mark.about_the_file("its pages")

ENTRIES = 60
CONTRACT = 1
"""The contract record that the first entry of a ledger adds."""


@pytest.fixture
def full(run: Run, workspace: Workspace, tmp_path: Path) -> Path:
    """A ledger whose tables take several pages, without a backup."""
    rows = [
        f"2026-{n % 6 + 1}-{n % 27 + 1},5.1,{n}号活动{'长' * 60},{n + 1}" for n in range(ENTRIES)
    ]
    sheet = tmp_path / "登记.csv"
    sheet.write_text("日期,服务项,活动名称,人次\n" + "\n".join(rows), encoding="utf-8")
    assert run("import", str(sheet), "-c", "sanli").code == 0
    shutil.rmtree(backup_folder(workspace.ledger_file))
    return workspace.ledger_file


def ids(path: Path) -> set[str]:
    return {entry.id for entry in read(read_entries, path, EntryFilter(everything=True))}


def test_a_page_in_the_middle_costs_its_rows_and_no_others(run: Run, full: Path) -> None:
    before = {entry.id: entry for entry in read(read_entries, full, EntryFilter())}
    pages = leaves(full, "activity")
    assert len(pages) > 4
    spoil(full, pages[2])
    assert run("list").code == 1
    ran = run("recover", "--yes")
    assert ran.code == 0, ran.err
    after = {entry.id: entry for entry in read(read_entries, full, EntryFilter())}
    lost = set(before) - set(after)
    assert 0 < len(lost) < ENTRIES / 3
    assert all(before[one] == entry for one, entry in after.items())
    assert f"救回 {len(after) + CONTRACT} 条记录，每条都和写入时一样" in ran.out
    assert f"未能救回 {len(lost)} 条" in ran.out
    assert all(one[-6:] in ran.out for one in lost)
    with reading(full) as db:
        assert {fault.record_id for fault in chain.verify_chain(db).faults} == lost
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert find_fault(full) == ""
    assert [one.reason for one in list_backups(full)] == [Reason.DAMAGED]


def test_the_recovered_ledger_goes_on(run: Run, full: Path) -> None:
    spoil(full, leaves(full, "activity")[1])
    assert run("recover", "--yes").code == 0
    before = ids(full)
    assert run("log", "5.1", "3人次", "-d", "6-1", "-t", "新", "-c", "sanli").code == 0
    assert len(ids(full)) == len(before) + 1
    with closing(sqlite3.connect(full)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM activity")


def test_an_entry_whose_amount_is_lost_is_named_and_left_out(run: Run, full: Path) -> None:
    before = {entry.id: entry for entry in read(read_entries, full, EntryFilter())}
    spoil(full, leaves(full, "amount")[0])
    ran = run("recover", "--yes")
    after = {entry.id: entry for entry in read(read_entries, full, EntryFilter())}
    lost = [entry for one, entry in before.items() if one not in after]
    assert lost
    assert all(entry.activity.amounts for entry in after.values())
    for entry in lost:
        assert f"{entry.id[-6:]}  {entry.activity.day} 5.1 {entry.activity.title}\n" in ran.out


def test_what_a_backup_still_has_comes_from_there(run: Run, full: Path) -> None:
    assert run("backup").code == 0
    assert run("log", "5.1", "3人次", "-d", "6-1", "-t", "后来", "-c", "sanli").code == 0
    before = ids(full)
    spoil(full, leaves(full, "activity")[2])
    ran = run("recover", "--yes")
    assert ran.code == 0, ran.err
    assert ids(full) == before
    assert re.search(r"其中 [1-9]\d* 条来自 2026-06-30", ran.out)
    assert "未能救回" not in ran.out
    assert run("verify").code == 0


def test_a_lost_first_page_is_lent_by_a_backup(run: Run, full: Path) -> None:
    assert run("backup").code == 0
    assert run("log", "5.1", "3人次", "-d", "6-1", "-t", "后来", "-c", "sanli").code == 0
    before = ids(full)
    spoil(full, 1)
    assert "损坏" in run("status").err
    assert run("recover", "--yes").code == 0
    assert ids(full) == before
    assert run("verify").code == 0


def test_a_file_that_was_cut_short_gives_what_is_left(run: Run, full: Path) -> None:
    assert run("backup").code == 0
    before = ids(full)
    whole = full.read_bytes()
    full.write_bytes(whole[: len(whole) * 2 // 3 // PAGE * PAGE])
    assert run("recover", "--yes").code == 0
    assert ids(full) == before


def test_entries_that_a_restore_dropped_are_not_recovered(run: Run, full: Path) -> None:
    assert run("backup").code == 0
    (early,) = list_backups(full)
    assert run("log", "5.1", "3人次", "-d", "6-1", "-t", "给错了", "-c", "sanli").code == 0
    assert run("backup").code == 0
    assert run("restore", early.name, "--yes").code == 0
    assert run("log", "5.1", "3人次", "-d", "6-1", "-t", "对的", "-c", "sanli").code == 0
    before = ids(full)
    spoil(full, leaves(full, "activity")[2])
    assert run("recover", "--yes").code == 0
    assert ids(full) == before
    assert run("verify").code == 0


def test_without_its_chain_everything_is_to_be_looked_at_and_a_new_one_begins(
    run: Run, full: Path
) -> None:
    before = ids(full)
    spoil(full, *leaves(full, "link"))
    ran = run("recover", "--yes")
    assert ran.code == 0, ran.err
    assert ids(full) == before
    assert f"还读出 {ENTRIES + CONTRACT} 条，没有校验码可以核对" in ran.out
    assert "校验链没有读出来" in ran.out
    assert run("verify").code == 0


def test_nothing_at_all_is_refused_and_left_alone(run: Run, full: Path) -> None:
    full.write_bytes(b"rubbish " * 5000)
    ran = run("recover", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "一条记录也读不出来" in ran.err
    assert full.read_bytes() == b"rubbish " * 5000


def test_a_sound_ledger_is_not_recovered(run: Run, full: Path) -> None:
    before = full.read_bytes()
    assert "没有损坏" in run("recover", "--yes").err
    assert full.read_bytes() == before


@pytest.mark.parametrize(
    "table", ["current_entry", "amount_by_month", "kind_by_month", "title_by_month"]
)
def test_lost_rollups_cost_no_entry(run: Run, full: Path, table: str) -> None:
    before, status = run("verify").out, run("status", "--json").out
    with closing(sqlite3.connect(full)) as db:
        ((root,),) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
    spoil(full, root)
    assert "sgtrack recover" in run("verify").err
    assert "未能救回" not in run("recover", "--yes").out
    assert run("verify").out == before
    assert run("status", "--json").out == status


def test_verify_also_reads_what_no_check_of_its_own_reads(run: Run, full: Path) -> None:
    with closing(sqlite3.connect(full)) as db:
        ((root,),) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ix_title_by_month_community_month'"
        )
    spoil(full, root)
    said = run("verify")
    assert (said.code, "sgtrack recover" in said.out) == (1, True)
    assert run("recover", "--yes").code == 0
    assert run("verify").code == 0


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE current_entry",
        "DROP TABLE name_by_month",
        "DROP VIEW current_activity",
        "DROP TRIGGER amount_is_not_updated",
        "ALTER TABLE activity ADD COLUMN colour TEXT",
        "CREATE TABLE notes (word TEXT)",
    ],
)
def test_a_changed_structure_is_rebuilt(run: Run, full: Path, sql: str) -> None:
    before, entries, status = run("verify").out, ids(full), run("status", "--json").out
    with closing(sqlite3.connect(full)) as db, db:
        db.execute(sql)
    said = run("verify")
    assert (said.code, "sgtrack recover" in said.out) == (1, True)
    ran = run("recover", "--yes")
    assert (ran.code, "未能救回" in ran.out) == (0, False)
    assert run("verify").out == before
    assert ids(full) == entries
    assert run("status", "--json").out == status


def test_a_missing_table_is_refused_with_a_remedy(run: Run, full: Path) -> None:
    with closing(sqlite3.connect(full)) as db, db:
        db.execute("DROP TABLE current_entry")
    assert "sgtrack verify" in run("list", "-c", "sanli").err


def test_without_a_yes_nothing_is_replaced(run: Run, full: Path) -> None:
    spoil(full, leaves(full, "activity")[2])
    before = full.read_bytes()
    ran = run("recover")
    assert ran.code == 1
    assert "--yes" in ran.err
    assert full.read_bytes() == before
    assert list_backups(full) == ()
