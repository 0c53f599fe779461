"""The context of a command, made from what Typer knows of its command line."""

from __future__ import annotations

import sys

import typer

from sgtrack.app.context import AppContext, default_hint, listed_communities
from sgtrack.cli.error_handling import COMMAND_LINE
from sgtrack.model.contract import Project
from sgtrack.targets.lookup import find_project
from sgtrack.workspace import Workspace


def app_context(ctx: typer.Context) -> AppContext:
    """The context of a command."""
    found = ctx.obj
    if not isinstance(found, AppContext):
        found = ctx.obj = AppContext()
    found.command_line = ctx.meta.get(COMMAND_LINE, found.command_line)
    if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        found.choose_community = _choose_community
    return found


def _choose_community(projects: tuple[Project, ...], workspace: Workspace) -> Project:
    hint = default_hint(projects, workspace)
    typer.echo(f"记到哪个社区？{listed_communities(projects)}\n{hint}", err=True)
    return find_project(projects, typer.prompt("社区", err=True))
