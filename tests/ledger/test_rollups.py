"""The roll-up of a month is the sum of its entries, whatever is entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sgtrack.ledger.append import add, add_evidence, amend, void, void_evidence
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.rollups import find_differences
from sgtrack.ledger.transaction import Transaction
from sgtrack.model.entries import Activity, EntryFilter, Evidence, Origin
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import reading
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.examples import examples
from ..support.ledgers import Ledgers, raw

ORIGIN = Origin(datetime.fromisoformat("2026-06-30T09:00:00+08:00"), "officer", "sgtrack …")
FILE = Evidence("", "a" * 64, 1, "签到表.jpg", "签到表")

DAYS = st.dates(date(2026, 1, 1), date(2026, 4, 30))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "amend", "void", "evidence", "evidence_void"]),
        DAYS,
        st.sampled_from(["6.3", "7.1", "7.3.1"]),
        st.integers(1, 200),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=12,
)


def take(
    transaction: Transaction, step: str, day: date, item: str, amount: int, which: int
) -> None:
    activity = Activity("sanli", item, day, amounts={"人次": Decimal(amount)}, participants=("甲",))
    known = read_entries(transaction.fresh_db(), EntryFilter())
    chosen = known[which % len(known)] if known else None
    match step:
        case "log":
            add(transaction, replace(activity, also=("7.4",)), ORIGIN, again=True)
        case "amend" if chosen:
            amend(transaction, chosen, activity, ORIGIN, "更正", again=True)
        case "void" if chosen:
            void(transaction, chosen, ORIGIN, "作废")
        case "evidence" if chosen:
            add_evidence(transaction, chosen, (FILE,), ORIGIN)
        case "evidence_void" if chosen and chosen.evidence:
            void_evidence(transaction, chosen.evidence[0], ORIGIN, "拿错了")


@examples(quick=20, thorough=400)
@given(STEPS, st.booleans())
def test_any_order_of_entries(
    ledgers: Ledgers, steps: list[tuple[str, date, str, int, int]], at_once: bool
) -> None:
    with TemporaryDirectory() as folder:
        path = ledgers.give(Workspace(Path(folder))).ledger
        batches = [steps] if at_once else [[step] for step in steps]
        for batch in batches:
            with writing(path) as transaction:
                for step in batch:
                    take(transaction, *step)
            with reading(path) as db:
                assert find_differences(db) == ()


def test_evidence_that_goes_on_to_a_later_month(tmp_path: Path, ledgers: Ledgers) -> None:
    path = ledgers.give(Workspace(tmp_path)).ledger
    steps = [
        ("log", date(2026, 1, 5), "6.3", 40, 0),
        ("evidence", date(2026, 1, 5), "6.3", 0, 0),
        ("amend", date(2026, 3, 5), "6.3", 45, 0),
        ("evidence_void", date(2026, 3, 5), "6.3", 0, 0),
    ]
    for step in steps:
        with writing(path) as transaction:
            take(transaction, *step)
        with reading(path) as db:
            assert find_differences(db) == ()


ALTERED = {
    "UPDATE amount_by_month SET hundredths = 9900": "xianheguan 2026-03",
    "UPDATE kind_by_month SET activities = 9": "xianheguan 2026-03",
    "UPDATE title_by_month SET title = '别的'": "xianheguan 2026-03",
    "INSERT INTO name_by_month VALUES ('sanli', '5.1', '欧阳钻石', '人', '', '2026-01', 100)": (
        "sanli 2026-01"
    ),
    "UPDATE current_entry SET names = 9": "xianheguan 2026-03",
    "DELETE FROM current_entry": "xianheguan 2026-03",
}
"""Changes by another program to each roll-up table, and the month that is then wrong."""


@pytest.mark.parametrize("sql", ALTERED)
def test_changed_rollups_are_named_with_the_remedy_and_recomputed(
    run: Run, log: Run, workspace: Workspace, sql: str
) -> None:
    log("6.3", "45人次", "-d", "3-8", "--who", "欧阳钻石")
    before, status = run("verify").out, run("status", "--json").out
    with raw(workspace.ledger) as db:
        db.execute(sql)
    said = run("verify")
    assert said.code == 1
    (line,) = said.out.splitlines()
    assert line.startswith(ALTERED[sql])
    assert "sgtrack recover" in line
    mended = run("recover")
    assert (mended.code, ALTERED[sql] in mended.out) == (0, True)
    assert "欧阳钻石" not in mended.out
    assert run("verify").out == before
    assert run("status", "--json").out == status


@pytest.mark.about_the_file("only SQLite lets a client leave references unchecked")
def test_rollups_of_a_missing_entry_are_removed(run: Run, log: Run, workspace: Workspace) -> None:
    log("6.3", "45人次", "-d", "3-8")
    before = run("verify").out
    with raw(workspace.ledger) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("INSERT INTO current_entry VALUES ('0123', '5.1', 0, '')")
    said = run("verify")
    assert (said.code, "sgtrack recover" in said.out) == (1, True)
    assert run("recover").code == 0
    assert run("verify").out == before
