"""Finds target files and caches the contracts read from them.

Reading and checking the YAML takes longer than the rest of a reading command. The user's cache
folder holds each contract as a pickle. Its name is the hash of everything the contract was made
from: the target files and the code that reads them. Deleting the folder is safe.
"""

from __future__ import annotations

import io
import os
import pickle
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import platformdirs

from sgtrack.model import contract
from sgtrack.model.contract import Project

_CODE = (Path(__file__).parent, Path(contract.__file__).parent)
"""The packages that decide how a target file is read; a change in them invalidates the cache."""
_MAX_CACHE_FILES = 300
"""Above this many cache files, the oldest are deleted."""


def list_target_files(folder: Path) -> list[Path]:
    """List the communities' files of a folder; shared files lie in folders below it."""
    return sorted(p for p in folder.glob("*.y*ml") if p.suffix in (".yaml", ".yml"))


class _ContractUnpickler(pickle.Unpickler):
    """Unpickles the classes of a contract and refuses all others, so that no file runs code."""

    _OTHER_CLASSES = (("decimal", "Decimal"), ("datetime", "date"))

    def find_class(self, module: str, name: str) -> object:
        """Return a class that a contract consists of."""
        member = getattr(contract, name, None) if module == contract.__name__ else None
        is_part = isinstance(member, type) and member.__module__ == contract.__name__
        if is_part or (module, name) in self._OTHER_CLASSES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a contract")


def cached_file(path: Path) -> Project | None:
    """Return the cached contract of a file; None if it is not cached or has changed."""
    try:
        pickled = (_cache_folder() / _cache_key(path)).read_bytes()
        project = _ContractUnpickler(io.BytesIO(pickled)).load()
    except Exception:  # a damaged file may raise anything; the YAML is read instead
        return None
    return project if isinstance(project, Project) else None


def cached_folder(folder: Path) -> tuple[Project, ...] | None:
    """Return the cached contracts of a folder; None unless every file is cached and unchanged."""
    projects = []
    for path in list_target_files(folder):
        project = cached_file(path)
        if project is None:
            return None
        projects.append(project)
    return tuple(projects)


def cache_projects(folder: Path, projects: Iterable[Project]) -> None:
    """Cache the contracts of a folder; do nothing if the cache folder cannot be written."""
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
    """Hash a file, every file it may extend, and the size and time of the code that reads it."""
    digest = sha256(path.name.encode())
    shared = sorted(path.parent.glob("*/**/*.y*ml"))
    for file in (path, *shared):
        content = file.read_bytes() if file.is_file() else b""
        digest.update(f"{file.relative_to(path.parent).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    for code in sorted(p for part in _CODE for p in part.glob("*.py")):
        status = code.stat()
        digest.update(f"{code.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
