"""The values that the Tab key offers for arguments and options, each with its meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import typer

from sgtrack.app.context import AppContext
from sgtrack.model.contract import Item, Project
from sgtrack.model.errors import Refused
from sgtrack.targets.lookup import find_candidates, find_projects

_NEWEST, _AMONG = 20, 500
"""Maximum number of suggested entries, and of latest entries that are searched for matches."""


class Offered(str):
    """A value that need not begin with the typed text; Typer would drop a plain string.

    :mod:`sgtrack.cli.completion_shells` shows such values where a shell can replace the typed text.
    """

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        """Return True, so that Typer keeps the value."""
        return True


Candidate = tuple[str, str]
"""A completion: the value and its meaning."""
Complete = Callable[[typer.Context, str], list[Candidate]]


def _offer(candidates: Iterable[Candidate]) -> list[Candidate]:
    return [(Offered(value), meaning) for value, meaning in candidates]


def _context(ctx: typer.Context) -> AppContext:
    return AppContext(ctx.find_root().params.get("home"))


def _projects(ctx: typer.Context) -> tuple[Project, ...]:
    try:
        return _context(ctx).projects(ctx.params.get("community"))
    except Refused:
        return ()


def complete_community(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """Suggest the communities that the typed text may mean: slug, name or pinyin initials."""
    projects = _projects(ctx)
    matches = find_projects(projects, incomplete) if incomplete else projects
    return _offer((project.slug, project.full_name) for project in matches)


def complete_item(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """Suggest the items whose code begins with the typed text, or whose name it may mean.

    Without a chosen community, the items of the first community are suggested.
    """
    return _offer(
        (item.code, item.name)
        for project in _projects(ctx)[:1]
        for item in _items_matching(project, incomplete)
    )


def _items_matching(project: Project, typed: str) -> list[Item]:
    if typed and not typed[0].isdigit():
        return find_candidates(project, typed)
    return [item for item in project.items.values() if item.code.startswith(typed)]


def complete_type(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """Suggest the types that the contract lists for the given item, or for any item."""
    typed = ctx.params.get("item")
    found: dict[str, str] = {}
    for project in _projects(ctx)[:1]:
        for item in find_candidates(project, typed) if typed else project.items.values():
            found |= {name: item.name for name in item.types if incomplete in name}
    return _offer(found.items())


def complete_entry(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """Suggest the newest entries whose short id begins with the typed text."""
    # This import is slow, and only the completion of entries needs it.
    from sgtrack.app.read_entries import suggest_entries

    community = ctx.params.get("community")
    try:
        return _offer(
            suggest_entries(_context(ctx), community, incomplete, limit=_NEWEST, among=_AMONG)
        )
    except Refused:
        return []


def complete_backup(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """Suggest the backups whose name begins with the typed text, newest first."""
    from sgtrack.recovery.backups import list_backups
    from sgtrack.screen.maintenance_view import REASONS

    try:
        backups = list_backups(_context(ctx).workspace.ledger_file)
    except Refused:
        return []
    return [
        (backup.name, f"{backup.at:%Y-%m-%d %H:%M} {REASONS[backup.reason]}") for backup in backups
    ]


def complete_role(ctx: typer.Context, incomplete: str) -> list[Candidate]:
    """Suggest the roles of a roster."""
    from sgtrack.sheets.roster_table import known_roles

    roles = [role for project in _projects(ctx)[:1] for role in known_roles(project)]
    return _offer((role, "") for role in roles if incomplete in role)


def complete_among(*choices: str) -> Complete:
    """Return a function that suggests fixed values."""

    def complete(ctx: typer.Context, incomplete: str) -> list[Candidate]:
        return [(choice, "") for choice in choices]

    return complete
