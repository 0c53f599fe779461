"""Reads and removes what a command has written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sgtrack.files import lift_write_protection


def _links_can_be_made() -> bool:
    with TemporaryDirectory() as folder:
        link = Path(folder) / "link"
        try:
            link.symlink_to(folder)
        except OSError:
            return False
        return link.is_symlink()  # Wine makes none and reports no error


needs_links = pytest.mark.skipif(
    not _links_can_be_made(), reason="only administrators make symbolic links on Windows"
)


def read_tree(root: Path) -> dict[str, bytes]:
    """Every byte of a folder, by the path of each file."""
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def remove(path: Path) -> None:
    """Remove a file, as somebody who means to does it, even one that is read-only."""
    lift_write_protection(path)
    path.unlink()
