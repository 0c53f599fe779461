"""The use case of ``open``: find or copy files for other programs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.evidence.evidence_store import (
    CONDITION_ON_SCREEN,
    LONGEST_NAME,
    Condition,
    check_condition,
    path_in,
)
from sgtrack.files import unwritable
from sgtrack.model.entries import short_id
from sgtrack.model.errors import Refused
from sgtrack.model.file_names import safe_file_name, unique_name
from sgtrack.scratch import new_viewing_folder


def find_brief(context: AppContext, community: str | None, month: str | None) -> Path:
    """Return the most recently saved Word file of a brief.

    Without ``month``, any month counts; without a chosen community, any community.

    Raises:
        Refused: there is no such file, or the month is invalid.
    """
    from sgtrack.app.month_texts import choose_window

    files = []
    labels = []
    for project in context.projects(community):
        label = r"\d{4}-\d\d"
        if month is not None:
            labels.append(choose_window(context, project, month).label)
            label = re.escape(labels[-1])
        name = re.compile(rf"{re.escape(project.slug)}-{label}(?!\d).*\.docx")
        files += [path for path in context.workspace.briefs.glob("*") if name.fullmatch(path.name)]
    if not files:
        options = f" --month {labels[0]}" if labels else ""
        which = f"{labels[0]} 的" if labels else ""
        raise Refused(
            f"{context.workspace.briefs} 里没有{which}简报", f"先写一份：sgtrack brief{options}"
        )
    return max(files, key=lambda path: path.stat().st_mtime)


def copy_evidence(context: AppContext, typed_id: str) -> tuple[Path, tuple[str, ...]]:
    """Copy the evidence of an entry under its original names, so that a program can open it.

    Returns:
        The path of the copy, or of the folder of several copies; and messages about files that
        are missing or changed.

    Raises:
        Refused: no entry has this id, it has no intact evidence, or the copies cannot be written.
    """
    workspace = context.workspace
    with context.snapshot() as snapshot:
        entry = snapshot.entry(typed_id)
        names = [file.name for file in entry.evidence]
        shown = snapshot.mask(tuple(names))
    number = short_id(entry.id)
    if not entry.evidence:
        raise Refused(
            f"记录 {number} 还没有佐证材料", f"添加：sgtrack evidence add {number} 签到表.jpg"
        )
    intact, damaged = [], []
    for file, name in zip(entry.evidence, shown, strict=True):
        condition = check_condition(workspace.evidence, file.sha256)
        if condition is Condition.INTACT:
            intact.append(file)
        else:
            damaged.append(f"“{name}”{CONDITION_ON_SCREEN[condition]}，没有打开")
    if not intact:
        raise Refused(
            "\n".join(damaged), "从整个工作文件夹的备份里复制回来；sgtrack verify 检查全部材料"
        )
    try:
        folder = new_viewing_folder(workspace.root)
        taken: set[str] = set()
        copies = []
        for file in intact:
            copy = folder / unique_name(safe_file_name(file.name, LONGEST_NAME), taken)
            shutil.copyfile(path_in(workspace.evidence, file.sha256), copy)
            copy.chmod(0o400)
            copies.append(copy)
    except OSError as error:
        raise unwritable(Path(error.filename2 or workspace.root), error) from error
    return (copies[0] if len(copies) == 1 else folder), tuple(damaged)
