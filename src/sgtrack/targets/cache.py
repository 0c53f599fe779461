"""Remembers sound target files as objects, by what they say.

Reading and checking the YAML takes longer than everything else a reading command does, and says
the same as long as no file changes. What is remembered lies in the user's cache folder under the
hash of all it was made from: the files, and the code that read them. It can be deleted any time.
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

from sgtrack.model import contract
from sgtrack.model.contract import Project
from sgtrack.targets.target_files import target_files

_CODE = (Path(__file__).parent, Path(contract.__file__).parent)
"""The folders of the code that target files are read with."""
_KEPT = 300
"""How many remembered files there may be; the oldest go first."""


class _Reader(pickle.Unpickler):
    """Makes objects of a contract and nothing else, whatever a file asks for."""

    _OTHERS = (("decimal", "Decimal"), ("datetime", "date"))

    def find_class(self, module: str, name: str) -> object:
        """A class that a contract is made of."""
        own = getattr(contract, name, None) if module == contract.__name__ else None
        is_part = isinstance(own, type) and own.__module__ == contract.__name__
        if is_part or (module, name) in self._OTHERS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a contract")


def cached_file(path: Path) -> Project | None:
    """The community of one file, as it was read before; None where it was not, or has changed."""
    return _recall(_key(path))


def cached_folder(folder: Path) -> tuple[Project, ...] | None:
    """The communities of a folder; None unless every file was read before and has not changed."""
    found = []
    for path in target_files(folder):
        project = cached_file(path)
        if project is None:
            return None
        found.append(project)
    return tuple(found)


def remember(folder: Path, projects: Iterable[Project]) -> None:
    """Keep what was read of the files of a folder. Without a place to keep it, nothing happens."""
    by_slug = {project.slug: project for project in projects}
    with suppress(OSError):
        place = _place()
        place.mkdir(parents=True, exist_ok=True)
        for path in target_files(folder):
            if path.stem in by_slug:
                _keep(place / _key(path), by_slug[path.stem])
        oldest_first = sorted(place.iterdir(), key=lambda file: file.stat().st_mtime)
        for file in oldest_first[:-_KEPT]:
            file.unlink()


def _recall(key: str) -> Project | None:
    try:
        found = _Reader(io.BytesIO((_place() / key).read_bytes())).load()
    except Exception:  # whatever a damaged file raises, the YAML is still there
        return None
    return found if isinstance(found, Project) else None


def _keep(file: Path, project: Project) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as made:
        pickle.dump(project, made, protocol=5)
    Path(name).replace(file)


def _place() -> Path:
    import platformdirs  # noqa: PLC0415 - only commands that read target files need it

    return Path(platformdirs.user_cache_dir("sgtrack", appauthor=False)) / "targets"


def _key(path: Path) -> str:
    """The hash of a file, of all it may share, and of the state of the code that reads it."""
    digest = sha256(path.name.encode())
    shared = sorted(path.parent.glob("*/**/*.y*ml"))
    for file in (path, *shared):
        content = file.read_bytes() if file.is_file() else b""
        digest.update(f"{file.relative_to(path.parent).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    for code in sorted(p for part in _CODE for p in part.glob("*.py")):
        known = code.stat()
        digest.update(f"{code.name} {known.st_size} {known.st_mtime_ns}\n".encode())
    return digest.hexdigest()
