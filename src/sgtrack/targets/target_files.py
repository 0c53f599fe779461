"""Where the target files of a folder are."""

from __future__ import annotations

from pathlib import Path


def target_files(folder: Path) -> list[Path]:
    """The communities' files of a folder; what they share lies in folders below it."""
    return sorted(p for p in folder.glob("*.y*ml") if p.suffix in (".yaml", ".yml"))
