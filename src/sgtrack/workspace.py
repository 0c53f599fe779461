"""The workspace folder: how to find or create it, and the paths in it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sgtrack.files import OTHERS, make_folder, sync_folder, write_whole
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.location import Location, Server, server_at

HOME_VARIABLE = "SGTRACK_HOME"
DATABASE_VARIABLE = "SGTRACK_DB"
SETTINGS = "sgtrack.toml"
DOCUMENTS_FOLDER = "社工站台账"
"""The name of the packed program's workspace in the user's documents."""
_LEDGER_COPY = re.compile(r"^(?!\.).*ledger.*(\.db$|冲突|副本|复件|conflict|copy)")
_DATABASE_HEADER = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with targets, templates, the ledger, evidence and briefs.

    If ``server`` is given, the ledger is in that PostgreSQL database and not in the folder.
    """

    root: Path
    server: Server | None = None
    is_default: bool = False
    """Whether this is the folder in the user's data, used because no other workspace was found."""

    @property
    def targets(self) -> Path:
        """The folder of target files."""
        return self.root / "targets"

    @property
    def templates(self) -> Path:
        """The folder of the officer's own templates."""
        return self.root / "templates"

    @property
    def ledger(self) -> Location:
        """The SQLite file or the PostgreSQL database of the ledger; it may not exist yet."""
        return self.server or self.root / "ledger.db"

    @property
    def ledger_file(self) -> Path:
        """The SQLite file of the ledger, for commands that work only on a file.

        Raises:
            Refused: the ledger is in a PostgreSQL database.
        """
        if self.server is not None:
            raise Refused(
                f"台账在数据库 {self.server} 里，没有文件可以备份、恢复或抢救",
                "请管理员用 pg_dump 备份；要带走一份就用 sgtrack bundle -o 台账.zip --with-names",
            )
        return self.root / "ledger.db"

    def ledger_copies(self) -> tuple[Path, ...]:
        """Return the files beside the ledger that look like copies of it.

        Cloud drives make them if two computers changed the ledger: ``ledger (冲突副本).db``,
        ``ledger-LAPTOP.db`` or ``ledger.sync-conflict-20260612.db``.
        """
        return tuple(
            path
            for path in sorted(self.root.iterdir())
            if path.name.casefold() != "ledger.db" and _LEDGER_COPY.search(path.name.casefold())
            if path.is_file() and _is_database(path)
        )

    @property
    def briefs(self) -> Path:
        """The folder of briefs; it may not exist yet."""
        return self.root / "briefs"

    def brief_file(self, community: str, label: str, kind: str) -> Path:
        """Return the usual path of a brief.

        ``label`` is the result of ``brief_label``, and ``kind`` is the format, such as docx.
        """
        return self.briefs / f"{community}-{label}.{kind}"

    @property
    def reports(self) -> Path:
        """The folder of reports; it may not exist yet."""
        return self.root / "reports"

    @property
    def evidence(self) -> Path:
        """The folder of evidence files; it may not exist yet."""
        return self.root / "evidence"

    @property
    def backups(self) -> Path:
        """The folder of the ledger's backups; it may not exist yet."""
        return self.root / "backups"

    def default_community(self) -> str | None:
        """Return the community set in ``sgtrack.toml``, or None if it is not set.

        Raises:
            Refused: the file cannot be read as TOML.
        """
        path = self.root / SETTINGS
        if not path.exists():
            return None
        import tomllib  # noqa: PLC0415 - few workspaces have a settings file

        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
            raise Refused(
                f"设置文件 {path} 无法读取（{error}）", '只需一行：community = "sanli"'
            ) from None
        community = settings.get("community")
        return community if isinstance(community, str) else None


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_DATABASE_HEADER)) == _DATABASE_HEADER
    except OSError:
        return False


def set_default_community(workspace: Workspace, community: str) -> None:
    """Set the default community in ``sgtrack.toml``, and keep the other settings.

    Raises:
        Refused: the file cannot be read or written.
    """
    path = workspace.root / SETTINGS
    try:
        before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        others = re.sub(r"(?m)^\s*community\s*=.*\n?", "", before)
        write_whole({path: f'community = "{community}"\n{others}'.encode()})
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"设置文件 {path} 无法写入（{reason_of(error)}）",
            f'在里面写一行 community = "{community}"',
        ) from None


def program_folder() -> Path | None:
    """Return the folder of the packed program, such as ``sgtrack.exe``; None if Python runs it."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def packaged(folder: str) -> Path:
    """Return the folder ``targets`` or ``templates`` that comes with the program."""
    beside = program_folder()
    if beside is not None:
        return beside / folder
    inside = Path(__file__).parent / "packaged" / folder
    return inside if inside.is_dir() else Path(__file__).parents[2] / folder


def find_workspace(home: Path | None, env: Mapping[str, str], start: Path) -> Workspace:
    """Find the workspace in the first of these places that exists.

    1. ``home``, if given.
    2. The folder named in ``SGTRACK_HOME``, if set.
    3. ``start`` or its nearest parent with a ``targets`` folder, except the folder of the program.
    4. The user's data folder, or for the packed program ``社工站台账`` in the user's documents; a
       workspace is created there on first use.

    If ``SGTRACK_DB`` contains the address of a database, the ledger is in that database.

    Raises:
        Refused: ``home`` or ``SGTRACK_HOME`` is not a workspace, a workspace cannot be created, or
            the address of the database is invalid.
    """
    workspace = _find_folder(home, env, start)
    url = env.get(DATABASE_VARIABLE)
    return replace(workspace, server=server_at(url)) if url else workspace


def _find_folder(home: Path | None, env: Mapping[str, str], start: Path) -> Workspace:
    named = home or (Path(env[HOME_VARIABLE]) if env.get(HOME_VARIABLE) else None)
    if named is not None:
        if not (named / "targets").is_dir():
            raise Refused(
                f"{named} 不是工作文件夹（里面没有 targets）", f"先运行 sgtrack init {named}"
            )
        return Workspace(named.resolve())
    program = program_folder()
    for folder in (start, *start.parents):
        if (folder / "targets").is_dir() and not (program and folder.samefile(program)):
            return Workspace(folder)
    import platformdirs  # noqa: PLC0415 - needed only outside a workspace

    if program is not None:
        home_folder = Path(platformdirs.user_documents_dir()) / DOCUMENTS_FOLDER
    else:
        home_folder = Path(platformdirs.user_data_dir("sgtrack", appauthor=False))
    if not (home_folder / "targets").is_dir():
        home_folder = make_workspace(home_folder).root
    return Workspace(home_folder, is_default=program is None)


def make_workspace(root: Path, community: str | None = None) -> Workspace:
    """Create a workspace with the packaged targets and templates; keep every existing file.

    ``community`` is written to ``sgtrack.toml`` as the default community.

    Raises:
        Refused: the folder already is a workspace, has a ``sgtrack.toml`` with another default
            community, or cannot be written.
    """
    if os.path.lexists(root / "targets"):
        raise Refused(f"{root} 已经是工作文件夹", "直接使用即可；要另建一个请换个文件夹")
    if os.path.lexists(root / SETTINGS):
        if community not in (None, Workspace(root).default_community()):
            raise Refused(
                f"{root} 里已经有设置文件 {SETTINGS}，没有改动",
                f'在里面写一行 community = "{community}"，再运行 sgtrack init，不加 -c',
            )
        community = None
    try:
        make_folder(root, 0o700)
        _copy_missing(packaged("templates"), root / "templates")
        if community is not None:
            write_whole({root / SETTINGS: f'community = "{community}"\n'.encode()})
        # ``targets`` marks a complete workspace, so it is created last and by one atomic rename.
        unfinished = root / ".targets.partial"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(packaged("targets"), unfinished)
        unfinished.rename(root / "targets")
        sync_folder(root)
    except OSError as error:
        raise Refused(
            f"不能在 {root} 建立工作文件夹（{reason_of(error)}）",
            "换一个有写入权限的文件夹：sgtrack init 文件夹",
        ) from None
    return Workspace(root.resolve())


def _copy_missing(source: Path, target: Path) -> None:
    """Copy the files of ``source`` that ``target`` lacks; write nothing through a link."""
    if target.is_symlink():
        return
    write_whole(
        {
            target / path.name: path.read_bytes()
            for path in source.iterdir()
            if path.is_file() and not os.path.lexists(target / path.name)
        }
    )


def warn_of_readers(workspace: Workspace) -> str:
    """Return a warning if other users can read the workspace, otherwise an empty text.

    On Windows the text is always empty, because file modes do not show access rights there.
    """
    if os.name != "posix":
        return ""
    ledger = workspace.ledger
    if isinstance(ledger, Path) and ledger.exists() and _mode_of(ledger) & OTHERS:
        return (
            f"{workspace.root} 所在的盘不分用户，这台电脑上的人都能打开台账；"
            "把工作文件夹移到自己的用户文件夹里，或给这个盘加密"
        )
    if _is_open_to_others(workspace.root):
        return (
            f"其他用户能看到工作文件夹 {workspace.root}（台账和佐证材料看不到）；"
            f"不想让人看就运行 chmod 700 {workspace.root}"
        )
    return ""


def _is_open_to_others(root: Path) -> bool:
    """Return whether other users can list a folder and enter all of its parents."""
    if not _mode_of(root) & (stat.S_IRGRP | stat.S_IROTH):
        return False
    return all(_mode_of(folder) & (stat.S_IXGRP | stat.S_IXOTH) for folder in (root, *root.parents))


def _mode_of(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
