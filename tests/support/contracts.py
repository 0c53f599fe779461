"""Creates variants of a contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sgtrack.model.contract import Item, Project


def with_items(project: Project, change: Callable[[Item], Item]) -> Project:
    """Return the contract with a function applied to every item."""
    categories = (
        replace(
            category,
            clauses=tuple(
                replace(clause, items=tuple(map(change, clause.items)))
                for clause in category.clauses
            ),
        )
        for category in project.categories
    )
    return replace(project, categories=tuple(categories))
