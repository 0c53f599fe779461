"""What laptops whose ledgers were merged do not agree on, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from sgtrack.checks.findings import Finding, Topic
from sgtrack.ledger.conflicts import Conflicts, Twins
from sgtrack.model.ids import short


def disagreements(found: Conflicts, twins: tuple[Twins, ...]) -> Iterator[Finding]:
    """Decisions that wait for someone, months issued twice, activities that are there twice."""
    for one in found.decisions:
        others = (*(entry.id for entry in one.corrections), *one.voids)
        waiting = "、".join(short(other) for other in others if other != one.counts)
        yield Finding(
            Topic.IN_CONFLICT,
            (one.entry,),
            f"{short(one.counts)} 先算数，{waiting} 不算；用 sgtrack resolve 决定",
        )
    for brief in found.briefs:
        said = f"{brief.month} 在 {'、'.join(brief.issued)} 各发出一份，以先发出的为准"
        yield Finding(Topic.ISSUED_TWICE, (), said)
    for alike in twins:
        yield Finding(
            Topic.ENTERED_TWICE, alike.entries, "都在计数；确实是同一次就用 sgtrack void 作废一条"
        )
