"""The conflicts between ledgers of several laptops that were merged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sgtrack.model.entries import Entry


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry on which several laptops decided differently.

    ``corrections`` and ``voids`` are the decisions, ``counts`` the id of the one that counts until
    someone resolves it: the first made, or the one that was chosen before more was known.
    """

    entry: Entry
    corrections: tuple[Entry, ...]
    voids: tuple[str, ...]
    resolutions: tuple[str, ...]
    counts: str


@dataclass(frozen=True, slots=True)
class DoubleBrief:
    """A month that was issued on several laptops; the first one counts as its brief."""

    community: str
    month: str
    issued: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twins:
    """Entries of different laptops that look like the same activity; all of them count."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Conflicts:
    """All conflicts: open decisions, and months that were issued twice."""

    decisions: tuple[Conflict, ...] = ()
    briefs: tuple[DoubleBrief, ...] = ()

    def of(self, communities: Collection[str]) -> Conflicts:
        """The conflicts of some communities."""
        return Conflicts(
            tuple(one for one in self.decisions if one.entry.activity.community in communities),
            tuple(one for one in self.briefs if one.community in communities),
        )
