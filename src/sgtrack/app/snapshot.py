"""One state of the ledger, read over one connection, so that no two answers disagree."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sgtrack.ledger.conflicts import count_open_decisions
from sgtrack.ledger.entry_reads import find_entry, read_entries
from sgtrack.ledger.known_people import read_names, read_roster, without_names
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, EntryFilter, Person
from sgtrack.model.masking import NameMasker
from sgtrack.store.connection import Connection

if TYPE_CHECKING:
    from sgtrack.model.figures import Figures
    from sgtrack.model.issued import IssuedBrief

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One read-only state of the ledger.

    ``projects`` are the communities whose own words (names of items, places) are never masked.
    """

    db: Connection
    projects: tuple[Project, ...]

    def figures(
        self, project: Project, *days: date, only: Collection[str] | None = None
    ) -> Figures:
        """The figures of a community, or of some of its items, at the end of some days."""
        # Listing entries needs neither figures nor the kinds of indicator.
        from sgtrack.ledger.figure_reads import read_figures
        from sgtrack.progress.contract_status import figure_query_of

        return read_figures(self.db, project.slug, figure_query_of(project, days, only))

    def entries(self, entry_filter: EntryFilter) -> tuple[Entry, ...]:
        """The entries that match a filter."""
        return read_entries(self.db, entry_filter)

    def entry(self, typed: str) -> Entry:
        """The entry whose id equals, or ends with, the typed text.

        Raises:
            Refused: no entry matches, or several do.
        """
        return find_entry(self.db, typed)

    def count_open_decisions(self, communities: Collection[str]) -> int:
        """The number of entries that laptops corrected differently and nobody has decided on."""
        return count_open_decisions(self.db, communities)

    def issued_briefs(self, community: str) -> tuple[IssuedBrief, ...]:
        """The issued briefs of a community, the first one first."""
        from sgtrack.ledger.issued_briefs import read_issued_briefs  # few commands ask

        return read_issued_briefs(self.db, community)

    def roster(self, community: str) -> tuple[Person, ...]:
        """The people on the rosters of a community."""
        return read_roster(self.db, community)

    def masker(self, *, with_names: bool = False) -> NameMasker:
        """Masks every name the ledger knows; no name at all with ``with_names``."""
        return NameMasker(()) if with_names else NameMasker(read_names(self.db), self.projects)

    def mask(self, value: Shown, names: Iterable[str] = (), *, with_names: bool = False) -> Shown:
        """Mask the names the ledger knows, and ``names``, in texts at any depth of a value."""
        return value if with_names else without_names(self.db, value, self.projects, names)
