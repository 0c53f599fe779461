"""Merging in any order, and repeatedly, gives the same ledger, also with redactions and forks."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from sgtrack.checks.integrity import check_integrity
from sgtrack.ledger.append import add, amend, void
from sgtrack.ledger.conflicts import read_conflict, read_open_decisions
from sgtrack.ledger.entry_reads import read_entries
from sgtrack.ledger.redaction import redact_name
from sgtrack.ledger.resolutions import resolve
from sgtrack.ledger.roster_records import add_people
from sgtrack.ledger.transaction import Transaction
from sgtrack.merging.bundle import FORMAT, LEDGER, NOTE, VERSION, pseudonymize
from sgtrack.merging.merge import merge
from sgtrack.model.entries import Activity, EntryFilter, Origin, Person
from sgtrack.model.location import Location
from sgtrack.privacy.redact_workspace import make_pseudonym
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import ledger_exists, reading
from sgtrack.workspace import Workspace

from ..support.examples import examples
from ..support.ledgers import Ledgers, read

ORIGIN = Origin(datetime.fromisoformat("2026-06-30T09:00:00+08:00"), "officer", "sgtrack …")
NAMES = ("张小花", "李大山", "王五一")
LAPTOPS = 3

STEPS = st.lists(
    st.tuples(
        st.integers(0, LAPTOPS - 1),
        st.sampled_from(
            ["log", "amend", "amend", "void", "person", "forget", "forget", "take", "resolve"]
        ),
        st.integers(0, 2),
        st.integers(0, 30),
    ),
    min_size=3,
    max_size=12,
)


WORDS = {"content", "counts", "months"}
"""The parts that may depend on the order if bundles lack names and several laptops forgot some."""


def act(folder: Path, laptop: int, step: str, name: int, which: int) -> None:
    """Do one step on a laptop."""
    own = folder / f"laptop{laptop}"
    other = folder / f"laptop{which % LAPTOPS}"
    ledger = own / "ledger.db"
    if step == "take" and (other / "ledger.db").exists() and other != own:
        merge(Workspace(own), [other], ORIGIN)
    elif step == "fork" and ledger_exists(ledger) and not (other / "ledger.db").exists():
        shutil.copyfile(ledger, other / "ledger.db")
    elif step == "forget" and ledger_exists(ledger):
        secret = bytes([laptop]) * 32
        redact_name(ledger, NAMES[name], make_pseudonym(NAMES[name], secret, {}), ORIGIN, "要求")
    elif step not in ("take", "fork", "forget"):
        with writing(ledger) as transaction:
            write(transaction, step, name, which)


def write(transaction: Transaction, step: str, name: int, which: int) -> None:
    who = (NAMES[name], NAMES[(name + which) % 3])
    activity = Activity(
        *("sanli", "7.2.2", date(2026, 1 + which % 4, 1 + which % 28)),
        title=f"走访{NAMES[name]}",
        note="和".join(who),
        amounts={"人": Decimal(which + 1)},
        participants=tuple(dict.fromkeys(who)),
    )
    known = list(read_entries(transaction.fresh_db(), EntryFilter()))
    chosen = known[which % len(known)] if known else None
    contested = read_open_decisions(transaction.fresh_db())
    match step:
        case "log":
            add(transaction, activity, ORIGIN, again=True)
        case "amend" if chosen:
            amend(transaction, chosen, replace(activity, place="新"), ORIGIN, "核对", again=True)
        case "void" if chosen:
            void(transaction, chosen, ORIGIN, f"{NAMES[name]}没有来")
        case "person":
            person = Person("", f"sanli{which}", NAMES[name], "志愿者", date(2026, 1, 1))
            known_names = "SELECT 1 FROM current_person WHERE community = ? AND name = ?"
            if (
                not transaction.fresh_db()
                .execute(known_names, (person.community, person.name))
                .fetchone()
            ):
                add_people(transaction, [person], ORIGIN)
        case "resolve" if contested:
            conflict = read_conflict(transaction.fresh_db(), contested[which % len(contested)])
            choices = [*(one.id for one in conflict.corrections), *conflict.voids]
            resolve(transaction, choices[which % len(choices)], ORIGIN, "核对")


def said(place: Location) -> dict[str, object]:
    """The content of a ledger, without its own chain and its record of merges."""
    with reading(place) as db:
        (own,) = db.execute("SELECT id FROM ledger").fetchone()
        known = set(
            db.execute(
                "SELECT kind, record_id FROM link WHERE source <> ? AND kind <> 'migration'", (own,)
            )
        )
        return {
            "content": sorted(
                row for row in db.execute("SELECT * FROM content") if row[:2] in known
            ),
            "links": sorted(
                db.execute(
                    "SELECT source, seq, kind, record_id, digest, hash FROM link WHERE source <> ?",
                    (own,),
                )
            ),
            "heads": sorted(db.execute("SELECT * FROM head WHERE source <> ?", (own,))),
            "counts": sorted(db.execute("SELECT id, items, names FROM current_activity")),
            "months": sorted(db.execute("SELECT * FROM amount_by_month")),
            "rulings": sorted(db.execute("SELECT * FROM ruling")),
            "open": read_open_decisions(db),
        }


def merged(ledgers: Ledgers, folder: Path, name: str, order: list[Path]) -> Location:
    workspace = ledgers.give(Workspace(folder / name))
    workspace.root.mkdir()
    for path in order:
        merge(workspace, [path], ORIGIN)
    found = read(check_integrity, workspace.ledger, workspace.ledger, workspace.evidence)
    assert found.faults == ()
    return workspace.ledger


@examples(quick=3, thorough=60)
@given(STEPS, st.randoms(use_true_random=False), st.booleans(), st.booleans())
def test_any_order_and_repetition(
    ledgers: Ledgers,
    steps: list[tuple[int, str, int, int]],
    random: object,
    nameless: bool,
    forked: bool,
) -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        states = []
        forgetting = {laptop for laptop, step, *_ in steps if step == "forget"}
        for n in range(LAPTOPS):
            (folder / f"laptop{n}").mkdir()
        for n in range(2):
            act(folder, 0, "log", n, n)
        act(folder, 1, "take", 0, 0)
        act(folder, *((0, "fork", 0, 2) if forked else (2, "take", 0, 1)))
        for n, step in enumerate(steps):
            act(folder, *step)
            if n == len(steps) // 2:
                states += _copies(folder, "middle")
        states += _copies(folder, "end")
        if nameless:
            states[::2] = [nameless_bundle(path, n) for n, path in enumerate(states[::2])]
        other = [*states, *states]
        random.shuffle(other)  # type: ignore[attr-defined]
        one = merged(ledgers, folder, "one", states)
        two = merged(ledgers, folder, "two", other)
        parts = set(said(one)) - (WORDS if nameless and len(forgetting) > 1 else set())
        assert {key: said(one)[key] for key in parts} == {key: said(two)[key] for key in parts}
        at_once = ledgers.give(Workspace(folder / "three"))
        at_once.root.mkdir()
        merge(at_once, other, ORIGIN)
        assert {key: said(at_once.ledger)[key] for key in parts} == {
            key: said(one)[key] for key in parts
        }


def nameless_bundle(ledger: Path, key: int) -> Path:
    """A bundle of a ledger without its names, made with a key of its own."""
    pseudonymize(ledger, bytes([key]) * 32, ())
    path = ledger.with_suffix(".zip")
    with ZipFile(path, "w") as archive:
        archive.writestr(NOTE, json.dumps({"format": FORMAT, "version": VERSION}))
        archive.write(ledger, LEDGER)
    return path


def _copies(folder: Path, when: str) -> list[Path]:
    found = []
    for path in sorted(folder.glob("laptop*/ledger.db")):
        copy = folder / f"{path.parent.name}-{when}.db"
        shutil.copyfile(path, copy)
        found.append(copy)
    return found
