"""Lists target files and caches the contracts read from them.

Reading and checking the YAML takes longer than the rest of a command that only reads. The user's
cache folder therefore stores each contract as a pickle. The pickle's file name is a hash of the
target files and of the code that reads them. The folder can be deleted at any time.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import platformdirs

from sgtrack.model import contract
from sgtrack.model.contract import Project

_CODE = (Path(__file__).parent, Path(contract.__file__).parent)
"""The folders of the code that reads target files; a change in them invalidates the cache.

The packed program has no files of code; there its executable file stands for them.
"""
_MAX_CACHE_FILES = 300
"""Maximum number of cache files; beyond it, the oldest files are deleted."""


def list_target_files(folder: Path) -> list[Path]:
    """Return the communities' target files in a folder, without the shared files in subfolders."""
    return sorted(p for p in folder.glob("*.y*ml") if p.suffix in (".yaml", ".yml"))


class _ContractUnpickler(pickle.Unpickler):
    """Unpickler that accepts only the classes of a contract, so that a file cannot run code."""

    _OTHER_CLASSES = (("decimal", "Decimal"), ("datetime", "date"))

    def find_class(self, module: str, name: str) -> object:
        """Return the class with this name, if a contract can contain its objects.

        Raises:
            UnpicklingError: a contract cannot contain objects of this class.
        """
        member = getattr(contract, name, None) if module == contract.__name__ else None
        is_part = isinstance(member, type) and member.__module__ == contract.__name__
        if is_part or (module, name) in self._OTHER_CLASSES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a contract")


def cached_file(path: Path) -> Project | None:
    """Return the cached contract of a target file; None if it is missing or out of date."""
    try:
        pickled = (_cache_folder() / _cache_key(path)).read_bytes()
        project = _ContractUnpickler(io.BytesIO(pickled)).load()
    except Exception:  # a damaged pickle can raise anything; callers then read the YAML
        return None
    return project if isinstance(project, Project) else None


def cached_folder(folder: Path) -> tuple[Project, ...] | None:
    """Return the cached contracts of a folder; None if any is missing or out of date."""
    projects = []
    for path in list_target_files(folder):
        project = cached_file(path)
        if project is None:
            return None
        projects.append(project)
    return tuple(projects)


def cache_projects(folder: Path, projects: Iterable[Project]) -> None:
    """Cache the contracts of a folder; do nothing if the cache folder is not writable."""
    by_slug = {project.slug: project for project in projects}
    with suppress(OSError):
        cache_folder = _cache_folder()
        cache_folder.mkdir(parents=True, exist_ok=True)
        for path in list_target_files(folder):
            if path.stem in by_slug:
                handle, name = tempfile.mkstemp(dir=cache_folder)
                with os.fdopen(handle, "wb") as temporary_file:
                    pickle.dump(by_slug[path.stem], temporary_file, protocol=5)
                Path(name).replace(cache_folder / _cache_key(path))
        oldest_first = sorted(cache_folder.iterdir(), key=lambda file: file.stat().st_mtime)
        for file in oldest_first[:-_MAX_CACHE_FILES]:
            file.unlink()


def _cache_folder() -> Path:
    return Path(platformdirs.user_cache_dir("sgtrack", appauthor=False)) / "targets"


def _cache_key(path: Path) -> str:
    """Return the name of the cache file for a target file.

    The name is a hash of the target file, of all shared target files, and of the size and
    modification time of each code file that reads them (see ``_CODE``).
    """
    digest = sha256(path.name.encode())
    shared = sorted(path.parent.glob("*/**/*.y*ml"))
    for file in (path, *shared):
        content = file.read_bytes() if file.is_file() else b""
        digest.update(f"{file.relative_to(path.parent).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    packed = [Path(sys.executable)] if getattr(sys, "frozen", False) else []
    for code in packed or sorted(p for part in _CODE for p in part.glob("*.py")):
        status = code.stat()
        digest.update(f"{code.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
