"""Holds the kept files against what the ledger says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sgtrack.evidence.evidence_store import Condition, condition
from sgtrack.model.entries import Entry, Evidence


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what was kept, and the entry it proves."""

    entry: Entry
    evidence: Evidence
    condition: Condition


def damaged(folder: Path, entries: Iterable[Entry]) -> tuple[Damage, ...]:
    """Every file that is missing or changed; each content is read once."""
    known: dict[str, Condition] = {}
    found: dict[str, Damage] = {}
    for entry in entries:
        for one in entry.evidence:
            state = known.get(one.sha256) or condition(folder, one.sha256)
            known[one.sha256] = state
            if state is not Condition.INTACT:
                found.setdefault(one.id, Damage(entry, one, state))
    return tuple(found.values())
