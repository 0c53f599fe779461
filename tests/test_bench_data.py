"""The made-up ledgers of `make bench` fit the schema, so that the bench runs when it is needed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import bench_data
import bench_merge
from sgtrack.ledger.chain import verify_chain
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.model.entries import EntryFilter
from sgtrack.store.opening import reading


def test_a_county_has_the_entries_asked_for(tmp_path: Path) -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    workspace = bench_data.make_county(tmp_path / "county", 2, 60, *year)
    with reading(workspace.ledger) as db:
        entries = read_entries(db, EntryFilter(()))
    assert len(entries) == 60
    assert {entry.activity.community for entry in entries} == {"c01", "c02"}
    assert any(entry.evidence for entry in entries)
    assert all(entry.activity.day <= bench_data.TODAY for entry in entries)


def test_ledgers_to_merge_are_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_merge, "ENTRIES", 20)
    ledger = tmp_path / "other.db"
    bench_merge.make_ledger(ledger, "sanli", 1)
    with reading(ledger) as db:
        assert verify_chain(db).faults == ()
        assert db.execute("SELECT count(*) FROM activity").fetchone() == (20,)
    assert bench_merge.copied([ledger], tmp_path / "copied.db") > 0
