"""A read-only view of one ledger state, which makes all figures of a command consistent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sgtrack.ledger.conflicts import count_open_decisions
from sgtrack.ledger.entry_reads import find_entry, read_entries
from sgtrack.ledger.known_people import find_masker, read_names, read_roster
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
    """A read-only view of one state of the ledger.

    ``projects`` are contracts; words that occur in them, such as item names, are never masked.
    """

    db: Connection
    projects: tuple[Project, ...]

    def figures(
        self, project: Project, *days: date, only: Collection[str] | None = None
    ) -> Figures:
        """Read the figures of a community at the end of each of ``days``.

        ``only`` limits them to the items with these codes.
        """
        # Commands that only list entries start faster without these modules.
        from sgtrack.ledger.figure_reads import read_figures
        from sgtrack.progress.contract_status import figure_query_of

        return read_figures(self.db, project.slug, figure_query_of(project, days, only))

    def entries(self, entry_filter: EntryFilter) -> tuple[Entry, ...]:
        """Return the entries that match a filter."""
        return read_entries(self.db, entry_filter)

    def entry(self, typed: str) -> Entry:
        """Return the entry whose id ends with the typed text.

        Raises:
            Refused: no entry matches, or several do.
        """
        return find_entry(self.db, typed)

    def count_open_decisions(self, communities: Collection[str]) -> int:
        """Count the entries with an unresolved conflict in some communities."""
        return count_open_decisions(self.db, communities)

    def issued_briefs(self, community: str) -> tuple[IssuedBrief, ...]:
        """Return the issued briefs of a community, oldest first."""
        from sgtrack.ledger.issued_briefs import read_issued_briefs  # few commands need it

        return read_issued_briefs(self.db, community)

    def withdrawn_briefs(self, community: str) -> tuple[IssuedBrief, ...]:
        """Return the withdrawn briefs of a community, oldest first."""
        from sgtrack.ledger.issued_briefs import read_withdrawn_briefs  # few commands need it

        return read_withdrawn_briefs(self.db, community)

    def has_unreported(self, project: Project, today: date) -> bool:
        """Return whether there is an entry or correction up to today that no brief has reported.

        Submissions of briefs and entries after the end of the project are left out.
        """
        from sgtrack.ledger.issued_briefs import read_unreported_changes  # loads figures

        until = min(today, project.period.end)
        changes = read_unreported_changes(self.db, project.slug, until)
        own = project.brief_item
        services = [e for e in changes.entries if own is None or e.activity.item != own.code]
        return bool(services or changes.corrections)

    def roster(self, community: str) -> tuple[Person, ...]:
        """Return the people on the rosters of a community."""
        return read_roster(self.db, community)

    def masker(self, *, with_names: bool = False) -> NameMasker:
        """Return a masker of all names in the ledger; with ``with_names`` it masks nothing."""
        return NameMasker(()) if with_names else NameMasker(read_names(self.db), self.projects)

    def mask(self, value: Shown, names: Iterable[str] = (), *, with_names: bool = False) -> Shown:
        """Return ``value`` with names masked in all its texts, including nested ones.

        The names in the ledger and ``names`` are masked; with ``with_names`` no name is masked.
        """
        return value if with_names else self.masker_for(value, names).within(value)

    def masker_for(self, value: object, names: Iterable[str] = ()) -> NameMasker:
        """Return a masker of the names in ``names``, and of known names that occur in ``value``."""
        return find_masker(self.db, value, self.projects, names)
