"""Who else on this computer can read the workspace."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sgtrack.files import OTHERS
from sgtrack.workspace import Workspace


def warning(workspace: Workspace) -> str:
    """What the officer should know of a workspace that others can look into; empty where none can.

    On Windows, where a folder's rights are not told by its mode, nothing is said.
    """
    if os.name != "posix":
        return ""
    ledger = workspace.ledger
    if isinstance(ledger, Path) and ledger.exists() and _mode(ledger) & OTHERS:
        return (
            f"{workspace.root} 所在的盘不分用户，这台电脑上的人都能打开台账；"
            "把工作文件夹移到自己的用户文件夹里，或给这个盘加密"
        )
    if _open_to_others(workspace.root):
        return (
            f"别的用户能看到工作文件夹 {workspace.root}（台账和佐证材料看不到）；"
            f"不想让人看就运行 chmod 700 {workspace.root}"
        )
    return ""


def _open_to_others(root: Path) -> bool:
    """Whether someone else can list a folder, and reach it through all the folders above it."""
    if not _mode(root) & (stat.S_IRGRP | stat.S_IROTH):
        return False
    return all(_mode(folder) & (stat.S_IXGRP | stat.S_IXOTH) for folder in (root, *root.parents))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
