"""The names that the ledger knows, and those of them that occur in a text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from sgtrack.ledger.append import add
from sgtrack.ledger.known_people import find_names, read_names
from sgtrack.ledger.roster_records import add_people
from sgtrack.model.entries import Activity, Origin, Person
from sgtrack.model.masking import NameMasker
from sgtrack.recovery.backups import writing
from sgtrack.store.opening import reading
from sgtrack.workspace import Workspace

from ..support.examples import examples
from ..support.ledgers import Ledgers

ORIGIN = Origin(datetime.fromisoformat("2026-06-30T09:00:00+08:00"), "officer", "sgtrack …")
NAMES = ("张三", "张三丰", "李四", "Zenobia Quartz", "舞蹈队")
ROSTER = "王五"
PIECES = st.sampled_from(
    [*NAMES, ROSTER, "张", "三", "走访", " ", "Quartz", "Zenobia", "\ud800", "\0"]
)
TEXTS = st.lists(st.lists(PIECES, max_size=5).map("".join), max_size=4)


@examples(quick=30, thorough=300)
@given(st.sets(st.sampled_from(NAMES)), TEXTS)
def test_names_in_texts_are_hidden_as_if_all_were_known(
    ledgers: Ledgers, named: set[str], texts: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        path = ledgers.give(Workspace(Path(folder))).ledger
        with writing(path) as transaction:
            person = Person("", "sanli", ROSTER, "社区工作者", date(2026, 1, 1))
            add_people(transaction, [person], ORIGIN)
            for name in sorted(named):
                unit = "支" if name == "舞蹈队" else "人"
                one = Activity(
                    "sanli",
                    "7.1",
                    date(2026, 3, 1),
                    amounts={unit: Decimal(1)},
                    participants=(name,),
                )
                add(transaction, one, ORIGIN, again=True)
        with reading(path) as db:
            found, known = find_names(db, texts), read_names(db)
        assert found <= known
        assert "舞蹈队" not in found
        assert NameMasker(found).within(texts) == NameMasker(known).within(texts)


def test_of_long_texts_all_names_are_read(ledgers: Ledgers, tmp_path: Path) -> None:
    path = ledgers.give(Workspace(tmp_path)).ledger
    with writing(path) as transaction:
        person = Person("", "sanli", ROSTER, "社区工作者", date(2026, 1, 1))
        add_people(transaction, [person], ORIGIN)
    long = "".join(chr(0x4E00 + n) for n in range(300))
    with reading(path) as db:
        assert find_names(db, [f"{long}{ROSTER}"]) == {ROSTER}
