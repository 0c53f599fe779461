"""The context of a use case: the workspace, the current day, the communities and the user."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sgtrack import clock
from sgtrack.files import restrict_to_owner
from sgtrack.model.contract import Project
from sgtrack.model.entries import Origin
from sgtrack.model.errors import Refused
from sgtrack.model.text import escape_unprintable
from sgtrack.privacy.unfinished_redaction import describe_unfinished
from sgtrack.scratch import remove_abandoned
from sgtrack.store.connection import COMMITS
from sgtrack.targets.cache import cache_projects, cached_file, cached_folder, list_target_files
from sgtrack.targets.lookup import find_item, find_project
from sgtrack.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from sgtrack.app.snapshot import Snapshot
    from sgtrack.store.connection import Connection, LedgerConnection

COMMUNITY_VARIABLE = "SGTRACK_COMMUNITY"
Selected = TypeVar("Selected")
_log = logging.getLogger(__name__)


class Written(Enum):
    """Whether a run of a command changed the ledger; unknown if a commit was interrupted."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


@dataclass
class AppContext:
    """The workspace, the current day, the communities and the user, for one run of a command."""

    home: Path | None = None
    command_line: str = "sgtrack"
    choose_community: Callable[[tuple[Project, ...], Workspace], Project] | None = None
    """Function that asks the user for one of the communities; None if no prompt is possible."""
    _loaded: list[Project] = field(default_factory=list)
    _begun: int = field(default_factory=lambda: COMMITS.begun)
    """Number of commits before this run; tests run several commands in one process."""
    _origin: Origin | None = None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace; at first access, other users lose access to its evidence and backups."""
        try:
            here = Path.cwd()
        except OSError:
            raise Refused(
                "现在所在的文件夹已经不在了", "插好 U 盘，用 cd 重新进入工作文件夹，再试一次"
            ) from None
        workspace = find_workspace(self.home, os.environ, here)
        for folder in (workspace.evidence, workspace.backups):
            restrict_to_owner(folder)
        remove_abandoned(workspace.root)
        unfinished = describe_unfinished(workspace.root)
        if unfinished and "_SGTRACK_COMPLETE" not in os.environ:
            _log.warning("%s", unfinished)
        return workspace

    def written(self) -> Written:
        """Return whether this run changed the ledger."""
        if COMMITS.begun == self._begun:
            return Written.NO
        return Written.YES if COMMITS.finished == COMMITS.begun else Written.UNKNOWN

    @cached_property
    def today(self) -> date:
        """The current day."""
        return clock.today()

    def projects(self, community: str | None) -> tuple[Project, ...]:
        """Return the communities that a reading command covers: the chosen one, or all.

        Raises:
            Refused: a target file has problems, or there is no such community.
        """
        chosen = self._choose(community)
        return self.every_project() if chosen is None else (self._load_project(chosen),)

    def every_project(self) -> tuple[Project, ...]:
        """Return all communities of the workspace, even if one is set as the default.

        Raises:
            Refused: a target file has problems, or there is no target file.
        """
        folder = self.workspace.targets
        projects = cached_folder(folder)
        if projects is None:
            from sgtrack.targets.loading import load_folder, require_valid  # slow, loads ruamel

            projects = require_valid(load_folder(folder))
            cache_projects(folder, projects)
        if not projects:
            raise Refused(
                f"{folder} 里没有目标文件",
                "放入社区的 .yaml 文件，或用 sgtrack init 新建工作文件夹",
            )
        self._loaded += projects
        return projects

    def project(self, community: str | None) -> Project:
        """Return the single community that a writing command changes.

        If no community was chosen and there are several, ask the user where a prompt is possible.

        Raises:
            Refused: there is no such community, no prompt is possible, or a target file has
                problems.
        """
        chosen = self._choose(community)
        if chosen is not None:
            return self._load_project(chosen)
        projects = self.every_project()
        if len(projects) == 1:
            return projects[0]
        if self.choose_community is not None:
            return self.choose_community(projects, self.workspace)
        raise Refused(
            f"没有写是哪个社区：{listed_communities(projects)}",
            f"加上 -c {projects[0].slug}；{default_hint(projects, self.workspace)}",
        )

    def project_of(self, slug: str) -> Project:
        """Return the community of an entry; ``slug`` must match exactly.

        Raises:
            Refused: the community has no target file, or the file has problems.
        """
        if all(path.stem != slug for path in list_target_files(self.workspace.targets)):
            raise Refused(
                f"这条记录属于社区 {slug}，可是没有它的目标文件",
                f"把 {slug}.yaml 放回 {self.workspace.targets}",
            )
        return self._load_project(slug)

    def day(self, as_of: str | None, project: Project) -> date:
        """Return the typed day ``as_of``, or today if ``as_of`` is None.

        A typed day without a year gets a year within the project period where possible. A day alone
        (28号) is in the current month, even if it has not come yet.

        Raises:
            Refused: the text is not a day.
        """
        if as_of is None:
            return self.today
        from sgtrack.entry.date_parsing import read_date  # most commands are called without a day

        return read_date(as_of, self.today, project.period, upcoming=True)

    def past_day(self, as_of: str | None, project: Project) -> date:
        """Return the last day that a document covers: the typed day, or today if it is None.

        Raises:
            Refused: the text is not a day, or the day is in the future.
        """
        day = self.day(as_of, project)
        if day > self.today:
            raise Refused(f"{day} 还没有到（今天是 {self.today}）", "--as-of 写今天或以前的日期")
        return day

    def items(
        self, community: str | None, which: str | None
    ) -> list[tuple[Project, tuple[str, ...]]]:
        """Return the chosen communities, each with the codes of an item and its parts.

        ``which`` is the typed item. If it is None, the codes are empty, which means all items.
        Communities without this item are left out.

        Raises:
            Refused: no community has this item.
        """

        def find_codes(project: Project) -> tuple[str, ...]:
            if which is None:
                return ()
            code = find_item(project, which).code
            return tuple(c for c in project.items if code in project.with_ancestors(c))

        return select_communities(self.projects(community), find_codes)

    @contextmanager
    def snapshot(
        self, ledger: LedgerConnection | None = None, *, upgrade: bool = True
    ) -> Iterator[Snapshot]:
        """Open a snapshot of the ledger.

        If ``ledger`` is None, use a new connection, which upgrades a ledger of an older version
        if ``upgrade`` is true, and close it at the end.

        Raises:
            Refused: the ledger is damaged, newer than this program, or cannot be reached.
        """
        # Completion and ``init`` load this module without reading a ledger.
        from sgtrack.store.opening import reading

        location = self.workspace.ledger
        with reading(location, upgrade=upgrade) if ledger is None else ledger.reading() as db:
            yield self.snapshot_of(db)

    def snapshot_of(self, db: Connection) -> Snapshot:
        """Return a snapshot that reads the ledger over an open connection."""
        from sgtrack.app.snapshot import Snapshot  # slow, loads sgtrack.ledger

        projects = tuple(self._loaded) or cached_folder(self.workspace.targets)
        if projects is None:
            from sgtrack.targets.loading import load_folder  # slow, loads ruamel

            # Masking must work even if some target files are invalid.
            projects = load_folder(self.workspace.targets).projects
        return Snapshot(db, projects)

    def origin(self) -> Origin:
        """Return the time, the user and the command line to record with an entry.

        The time is that of the first call, so that ``undo`` finds all records of one command.
        """
        if self._origin is None:
            self._origin = self._new_origin()
        return self._origin

    def _new_origin(self) -> Origin:
        import getpass  # only writing commands need the user

        try:
            user = getpass.getuser()
        except (OSError, KeyError, ImportError):
            user = "未知"
        return Origin(clock.now(), escape_unprintable(user, keep=""), self.command_line)

    def _choose(self, community: str | None) -> str | None:
        return community or os.environ.get(COMMUNITY_VARIABLE) or self.workspace.default_community()

    def _load_project(self, named: str) -> Project:
        folder = self.workspace.targets
        paths = [path for path in list_target_files(folder) if path.stem == named]
        project = cached_file(paths[0]) if len(paths) == 1 else None
        if project is None:
            from sgtrack.targets import loading  # slow, loads ruamel

            if len(paths) != 1:
                loaded = loading.load_folder(folder)
                try:
                    return find_project(loaded.projects, named)
                except Refused:
                    loading.require_valid(loaded)
                    raise
            project, problems = loading.load_file(paths[0])
            if project is None:
                raise loading.refusal(problems)
            cache_projects(folder, [project])
        self._loaded.append(project)
        return project


def select_communities(
    projects: Iterable[Project], select: Callable[[Project], Selected]
) -> list[tuple[Project, Selected]]:
    """Call ``select`` with each community; leave out communities for which it raises ``Refused``.

    Raises:
        Refused: ``select`` refused every community; the first refusal is raised.
    """
    selection = []
    refusal = None
    for project in projects:
        try:
            selection.append((project, select(project)))
        except Refused as error:
            refusal = refusal or error
    if not selection and refusal is not None:
        raise refusal
    return selection


def listed_communities(projects: tuple[Project, ...]) -> str:
    """Return the slugs and names of communities, for a message."""
    return "、".join(f"{p.slug}（{p.name}）" for p in projects)


def default_hint(projects: tuple[Project, ...], workspace: Workspace) -> str:
    """Return a message that says how to set a default community."""
    return (
        f"只做一个社区的，在 {workspace.root / 'sgtrack.toml'} 里写一行 "
        f'community = "{projects[0].slug}"，就不用每次写'
    )
