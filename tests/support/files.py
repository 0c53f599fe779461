"""Reads and removes files that a command has written."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from sgtrack.files import lift_write_protection


def _links_can_be_made() -> bool:
    with TemporaryDirectory() as folder:
        link = Path(folder) / "link"
        try:
            link.symlink_to(folder)
        except OSError:
            return False
        return link.is_symlink()  # Wine creates no link but reports no error.


needs_links = pytest.mark.skipif(
    not _links_can_be_made(), reason="only administrators make symbolic links on Windows"
)


def read_tree(root: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, by path."""
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def remove(path: Path) -> None:
    """Remove a file, even if it is read-only."""
    lift_write_protection(path)
    path.unlink()


def remove_folder(path: Path) -> None:
    """Remove a folder with everything in it, even read-only files."""
    for inside in path.rglob("*"):
        lift_write_protection(inside)
    shutil.rmtree(path)


@contextmanager
def in_use(path: Path) -> Iterator[None]:
    """Keep a file open, so that Windows refuses to replace or remove it.

    Other systems would allow both, so their refusal is simulated.
    """

    def refusing(call: Callable[..., None]) -> Callable[..., None]:
        def refuse(*paths: Any, **options: Any) -> None:
            if path.resolve() in [Path(other).resolve() for other in paths]:
                reason = os.strerror(errno.EACCES)
                raise PermissionError(errno.EACCES, reason, str(paths[0]), None, str(paths[-1]))
            call(*paths, **options)

        return refuse

    with path.open("rb"), pytest.MonkeyPatch.context() as system:
        if os.name != "nt":
            for name in ("replace", "rename", "unlink"):
                system.setattr(os, name, refusing(getattr(os, name)))
        yield
