"""The officer's own texts of a month: a file beside the briefs, merged into its brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.app.snapshot import Snapshot
from sgtrack.brief.brief_composition import compose
from sgtrack.brief.brief_context import BriefContext
from sgtrack.brief.brief_material import BriefMaterial
from sgtrack.brief.officer_texts import (
    BRIEF_SECTIONS,
    OfficerTexts,
    new_file,
    parse_texts,
)
from sgtrack.entry.date_parsing import read_month
from sgtrack.files import write_documents
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.text import decode_text
from sgtrack.progress.periods import Window, due_next, window_of, windows
from sgtrack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TextsFile:
    """The file of a month's texts; ``is_new`` says whether it was made just now."""

    project: Project
    window: Window
    path: Path
    is_new: bool


def choose_window(
    context: AppContext, project: Project, month: str | None, *, is_supplement: bool = False
) -> Window:
    """Return the typed reporting month, or the one whose brief is due next, or the supplement.

    Raises:
        Refused: the month cannot be read, or lies outside the project, or there is nothing to
            supplement.
    """
    today = context.today
    typed = window_of(project, *read_month(month, today, project.period)) if month else None
    if not is_supplement:
        return typed or due_next(project, today)
    last = windows(project)[-1]
    if typed is not None and typed != last:
        raise Refused(
            f"{typed.label} 不用补充简报：这以后的记录写进下一期",
            f"补充简报只写最后一期（{last.label}）发出以后的记录",
        )
    with context.snapshot() as snapshot:
        issued = [b for b in snapshot.issued_briefs(project.slug) if b.month == last.name]
        if not issued:
            raise Refused(
                f"最后一期（{last.label}）的简报还没有发出，不用补充",
                f"先发出 sgtrack brief --month {last.label} --issue",
            )
        if snapshot.has_unreported(project, today):
            part = issued[-1].part + 1
        elif len(issued) > 1:
            part = issued[-1].part
        else:
            raise Refused(
                f"没有要补充的：记录都写进第{last.number}期了", "有了新的记录再写补充简报"
            )
    return replace(last, part=part, due=today)


def open_texts(
    context: AppContext, community: str | None, month: str | None, *, is_supplement: bool = False
) -> TextsFile:
    """Return the file of a month's texts; make it, with the last month's texts as a start.

    Raises:
        Refused: the month is not one of the project, or the file cannot be written.
    """
    project = context.project(community)
    window = choose_window(context, project, month, is_supplement=is_supplement)
    path = texts_path(context.workspace, project, window)
    if path.exists():
        return TextsFile(project, window, path, is_new=False)
    before = window.number - (not window.is_supplement)
    earlier = [w for w in windows(project) if w.number == before]
    last = None
    if earlier:
        last = read_texts(texts_path(context.workspace, project, earlier[0]), BRIEF_SECTIONS)
    brief = "补充简报" if window.is_supplement else "简报"
    title = f"{project.full_name}{window.year}年{window.month}月{brief}：自己写的文字"
    content = new_file(title, "简报", BRIEF_SECTIONS, last or OfficerTexts())
    write_documents({path: content.encode("utf-8")})
    return TextsFile(project, window, path, is_new=True)


def texts_path(workspace: Workspace, project: Project, window: Window) -> Path:
    """Return the path of the officer's own texts for the brief of a month."""
    return workspace.briefs / f"{project.slug}-{window.label}-文字.md"


def read_texts(path: Path, sections: Mapping[str, str]) -> OfficerTexts | None:
    """Read the officer's texts under some headings; return None if there is no file.

    Raises:
        Refused: the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refused(f"文件 {path} 无法读取（{reason_of(error)}）", "检查文件的权限") from error
    text = decode_text(content)
    if text is None:
        raise Refused(f"文件 {path} 的编码无法识别", "用记事本打开，另存为 UTF-8")
    return parse_texts(text, sections)


def compose_month(
    workspace: Workspace, snapshot: Snapshot, material: BriefMaterial
) -> tuple[BriefContext, tuple[str, ...]]:
    """Compose a brief with the officer's texts, names masked; also return remarks on the texts.

    Raises:
        Refused: the file of the texts cannot be read.
    """
    path = texts_path(workspace, material.project, material.window)
    texts = read_texts(path, BRIEF_SECTIONS) or OfficerTexts()
    composed = compose(replace(material, texts=texts))
    masker = snapshot.masker_for((composed, texts.unknown))
    remarks = [
        f"{path.name} 里的“{masker.text(line)}”不在可用的标题下，没有编入简报；"
        f"可用的标题：{'、'.join(BRIEF_SECTIONS)}"
        for line in texts.unknown
    ]
    for paragraph in (line for lines in texts.paragraphs.values() for line in lines):
        masked = masker.text(paragraph)
        if masked != paragraph:
            remarks.append(f"{path.name} 里有台账中的姓名，简报里写成：{masked}")
    return masker.within(composed), tuple(remarks)
