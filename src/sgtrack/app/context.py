"""The context of a use case: the workspace, the day, the communities and who is typing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sgtrack import clock
from sgtrack.files import tighten
from sgtrack.model.errors import Refused
from sgtrack.targets.cache import cache_projects, cached_file, cached_folder, list_target_files
from sgtrack.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from sgtrack.app.snapshot import Snapshot
    from sgtrack.model.contract import Project
    from sgtrack.model.entries import Origin
    from sgtrack.store.connection import Connection, LedgerConnection

COMMUNITY_VARIABLE = "SGTRACK_COMMUNITY"


@dataclass
class AppContext:
    """The workspace, the day, the communities and who is typing, for one run of a command."""

    home: Path | None = None
    command_line: str = "sgtrack"
    choose_community: Callable[[tuple[Project, ...], Workspace], Project] | None = None
    """Asks which community is meant; None where nobody can be asked."""
    _loaded: list[Project] = field(default_factory=list)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace this run works in."""
        try:
            here = Path.cwd()
        except OSError:
            raise Refused(
                "现在所在的文件夹已经不在了", "插好 U 盘，用 cd 重新进入工作文件夹，再试一次"
            ) from None
        found = find_workspace(self.home, os.environ, here)
        for folder in (found.evidence, found.backups):
            tighten(folder)
        return found

    @cached_property
    def today(self) -> date:
        """The day it is."""
        return clock.today()

    def projects(self, community: str | None) -> tuple[Project, ...]:
        """The communities a reading command covers: the one that is chosen, or all.

        Raises:
            Refused: a target file has problems, or there is no such community.
        """
        chosen = self._chosen(community)
        return self._all() if chosen is None else (self._one(chosen),)

    def every_project(self) -> tuple[Project, ...]:
        """All communities of the workspace, whichever is the usual one.

        Raises:
            Refused: a target file has problems, or there is none.
        """
        return self._all()

    def project(self, community: str | None) -> Project:
        """The one community a writing command works on.

        Raises:
            Refused: none was named and there are several, or it has problems.
        """
        chosen = self._chosen(community)
        if chosen is not None:
            return self._one(chosen)
        projects = self._all()
        if len(projects) == 1:
            return projects[0]
        return self._asked(projects)

    def _asked(self, projects: tuple[Project, ...]) -> Project:
        if self.choose_community is not None:
            return self.choose_community(projects, self.workspace)
        raise Refused(
            f"没有写是哪个社区：{listed_communities(projects)}",
            f"加上 -c {projects[0].slug}；{default_hint(projects, self.workspace)}",
        )

    def project_of(self, slug: str) -> Project:
        """The community an entry belongs to, by exactly its short name.

        Raises:
            Refused: it has no target file, or the file has problems.
        """
        for path in list_target_files(self.workspace.targets):
            if path.stem == slug:
                return self._one(slug)
        raise Refused(
            f"这条记录属于社区 {slug}，可是没有它的目标文件",
            f"把 {slug}.yaml 放回 {self.workspace.targets}",
        )

    def day(self, as_of: str | None, project: Project) -> date:
        """The day that was named; without a year, the one in the project period.

        Raises:
            Refused: it is no day.
        """
        if as_of is None:
            return self.today
        from sgtrack.entry.date_parsing import read_date

        return read_date(as_of, self.today, project.period)

    def past_day(self, as_of: str | None, project: Project) -> date:
        """The day a document speaks for: one that has come.

        Raises:
            Refused: it is no day, or still to come.
        """
        named = self.day(as_of, project)
        if named > self.today:
            raise Refused(f"{named} 还没有到（今天是 {self.today}）", "--as-of 写今天或以前的日期")
        return named

    def items(
        self, community: str | None, which: str | None
    ) -> list[tuple[Project, tuple[str, ...]]]:
        """The communities a reading command covers, with the items that a word means in each.

        Communities that have no such item are left out; without a word there are no items, which
        stands for all.

        Raises:
            Refused: no community has such an item.
        """
        projects = self.projects(community)
        if which is None:
            return [(project, ()) for project in projects]
        from sgtrack.targets.lookup import find_item

        found, refused = [], None
        for project in projects:
            try:
                code = find_item(project, which).code
            except Refused as error:
                refused = refused or error
            else:
                below = tuple(c for c in project.items if code in project.with_ancestors(c))
                found.append((project, below))
        if not found and refused is not None:
            raise refused
        return found

    @contextmanager
    def snapshot(self, ledger: LedgerConnection | None = None) -> Iterator[Snapshot]:
        """One state of the ledger, over an open connection or one that is closed at the end.

        Raises:
            Refused: the ledger is damaged, newer than this program, or cannot be reached.
        """
        from sgtrack.app.snapshot import Snapshot
        from sgtrack.store.opening import reading

        with reading(self.workspace.ledger) if ledger is None else ledger.reading() as db:
            yield Snapshot(db, tuple(self._loaded) or self._sound())

    def snapshot_of(self, db: Connection) -> Snapshot:
        """The state of the ledger that an open connection sees."""
        from sgtrack.app.snapshot import Snapshot

        return Snapshot(db, tuple(self._loaded) or self._sound())

    def origin(self) -> Origin:
        """When, by whom and by which command line an entry is made."""
        import getpass

        from sgtrack.model.entries import Origin

        try:
            user = getpass.getuser()
        except (OSError, KeyError, ImportError):
            user = "未知"
        return Origin(clock.now(), user, self.command_line)

    def _chosen(self, community: str | None) -> str | None:
        named = community or os.environ.get(COMMUNITY_VARIABLE)
        return named or self.workspace.default_community()

    def _all(self) -> tuple[Project, ...]:
        projects = cached_folder(self.workspace.targets)
        if projects is None:
            from sgtrack.targets.loading import load_folder, require_valid

            projects = require_valid(load_folder(self.workspace.targets))
            cache_projects(self.workspace.targets, projects)
        if not projects:
            raise Refused(
                f"{self.workspace.targets} 里没有目标文件",
                "放入社区的 .yaml 文件，或用 sgtrack init 新建工作文件夹",
            )
        self._loaded += projects
        return projects

    def _sound(self) -> tuple[Project, ...]:
        """The communities whose files are sound, whatever is wrong with others."""
        known = cached_folder(self.workspace.targets)
        if known is not None:
            return known
        from sgtrack.targets.loading import load_folder

        return load_folder(self.workspace.targets).projects

    def _one(self, named: str) -> Project:
        exact = [p for p in list_target_files(self.workspace.targets) if p.stem == named]
        if len(exact) == 1 and (known := cached_file(exact[0])) is not None:
            self._loaded.append(known)
            return known
        from sgtrack.targets.loading import load_file, load_folder, refusal, require_valid
        from sgtrack.targets.lookup import find_project

        if len(exact) == 1:
            project, problems = load_file(exact[0])
            if project is None:
                raise refusal(problems)
            cache_projects(self.workspace.targets, [project])
            self._loaded.append(project)
            return project
        loaded = load_folder(self.workspace.targets)
        try:
            return find_project(loaded.projects, named)
        except Refused:
            require_valid(loaded)
            raise


def listed_communities(projects: tuple[Project, ...]) -> str:
    """The short names of communities with their full names, for a message."""
    return "、".join(f"{p.slug}（{p.name}）" for p in projects)


def default_hint(projects: tuple[Project, ...], workspace: Workspace) -> str:
    """How to set a default community, for a message."""
    return (
        f"只做一个社区的，在 {workspace.root / 'sgtrack.toml'} 里写一行 "
        f'community = "{projects[0].slug}"，就不用每次写'
    )
