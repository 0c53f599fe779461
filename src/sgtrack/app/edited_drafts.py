"""Takes a Word file that the officer edited as the brief that is issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.app.draft_brief import Paths, gather_month, render_brief
from sgtrack.app.month_texts import compose_month
from sgtrack.app.snapshot import Snapshot
from sgtrack.brief.brief_context import BriefContext
from sgtrack.brief.brief_material import BriefMaterial, own_texts
from sgtrack.brief.edited_brief import (
    OwnWords,
    compare_brief,
    find_old_charts,
    find_other_brief,
)
from sgtrack.brief.edited_tables import cells_of, read_grids
from sgtrack.brief.marked_places import fill_places, has_tracked_changes
from sgtrack.files import hash_file
from sgtrack.model.contract import Project
from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.issued import CODE_LENGTH, head_code
from sgtrack.outputs import choose_place_aside, find_edited, move_aside
from sgtrack.progress.periods import Window
from sgtrack.tender.documents import MAX_BYTES, read_word
from sgtrack.tender.tender_document import Block
from sgtrack.workspace import Workspace

NO_FILE = "0"
"""The value of ``--from`` that issues the generated brief although an edited draft lies there."""
Choose = Callable[[Sequence[Path]], Path | None]
"""Chooses one of several edited drafts, or None for the generated brief."""
GENERATED = "只有 Word 文件是您改过的稿；.md 和网页仍照台账写"
_NAMED = 12
"""Maximum number of characters that a message quotes on each side of a name."""


@dataclass(frozen=True, slots=True)
class EditedDraft:
    """A Word file of the officer, read once; ``blocks`` are its lines and tables."""

    path: Path
    content: bytes
    blocks: tuple[Block, ...]


def find_draft(
    workspace: Workspace, usual: Paths, typed: str | None, choose: Choose
) -> EditedDraft | None:
    """Read the Word file to issue: the typed one, else the edited draft in the briefs folder.

    ``usual`` are the usual paths of the brief in all formats; ``choose`` is called if several
    edited drafts lie there. Return None if the generated brief is issued.

    Raises:
        Refused: an edited draft of another format lies there, or the file is not a Word file.
    """
    others = [
        path.name
        for kind, usual_path in usual.items()
        if kind != "docx"
        for path in find_edited(workspace, usual_path)
    ]
    if others:
        raise Refused(
            f"{'、'.join(others)} 改过或不是 sgtrack 写的，这些内容不在发出的简报里，没有发出",
            "改过的内容写进 Word 稿、台账或当月的文字文件；这些文件移到别处或改名，再发出",
        )
    if typed == NO_FILE:
        return None
    if typed is not None:
        return read_draft(Path(typed).expanduser())
    edited = find_edited(workspace, usual["docx"])
    chosen = choose(edited) if len(edited) > 1 else next(iter(edited), None)
    return None if chosen is None else read_draft(chosen)


def read_draft(path: Path) -> EditedDraft:
    """Read an edited Word file.

    Raises:
        Refused: the file cannot be read, is not a Word file, is too large, or has a password.
    """
    remedy = "在 Word 或 WPS 里打开，另存为没有密码的 .docx，再发出"
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = "是文件夹" if path.is_dir() else reason_of(error)
        raise Refused(
            f"文件 {path} 无法读取（{reason}）", "检查文件名；它在 Word 里开着就先关掉"
        ) from error
    if len(content) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        raise Refused(f"{path.name} 超过 {limit}，太大", f"压缩照片，使文件不超过 {limit}")
    try:
        document = read_word(content, path.name)
    except Refused as refused:
        raise Refused(refused.message, remedy) from refused
    return EditedDraft(path, content, document.blocks)


@dataclass(frozen=True, slots=True)
class Replaced:
    """The officer's files that the issued brief replaces.

    ``digests`` are the SHA-256 of their contents. ``aside`` has the path of an edited draft that is
    not issued and its new path, or is None.
    """

    digests: tuple[str, ...] = ()
    aside: tuple[Path, Path] | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """A sentence about the file that is renamed."""
        if self.aside is None:
            return ()
        path, place = self.aside
        return (f"改过的 {path.name} 不发出，改名为 {place.name}",)

    def move_aside(self) -> None:
        """Rename the file that is not issued.

        Raises:
            Refused: it cannot be renamed.
        """
        if self.aside is not None:
            move_aside(*self.aside)


def find_replaced(workspace: Workspace, paths: Paths, draft: EditedDraft | None) -> Replaced:
    """Find the edited Word file at the path to which the issued one is written."""
    path = paths.get("docx")
    if path is None or path not in find_edited(workspace, path):
        return Replaced()
    if draft is not None and draft.path.exists() and path.samefile(draft.path):
        return Replaced((sha256(draft.content).hexdigest(),))
    return Replaced((hash_file(path),), (path, choose_place_aside(path)))


def check_draft(
    context: AppContext, snapshot: Snapshot, project: Project, window: Window, draft: EditedDraft
) -> tuple[str, ...]:
    """Check an edited file before it is issued; return remarks on it.

    Raises:
        Refused: it cannot be issued (see :func:`take_draft`).
    """
    material = gather_month(snapshot, project, window, context.today)
    material = replace(material, code=head_code("0" * CODE_LENGTH))  # the code is not known yet
    composed, _ = compose_month(context.workspace, snapshot, material)
    return take_draft(context.workspace, snapshot, draft, material, composed)[1]


def take_draft(
    workspace: Workspace,
    snapshot: Snapshot,
    draft: EditedDraft,
    material: BriefMaterial,
    composed: BriefContext,
    reference: bytes | None = None,
) -> tuple[bytes, tuple[str, ...]]:
    """Return the edited file as it is issued, and remarks on what was not compared.

    Args:
        workspace: the workspace with templates and photos.
        snapshot: the state of the ledger from which the brief was composed.
        draft: the edited file.
        material: the input of the brief.
        composed: the texts of the brief, with the day and the code.
        reference: the Word file of ``composed``; None if it is not rendered yet.

    Raises:
        Refused: the file is another brief, has other figures than the ledger, or lacks the places
            for the day and the code.
    """

    def render(context: BriefContext) -> bytes:
        return render_brief(workspace, context.for_template(), ("docx",))[0]["docx"]

    def read_further() -> tuple[Block, ...]:
        return read_word(render(replace(composed, annex="full")), "brief.docx").blocks

    name, full_name = draft.path.name, material.project.full_name
    reference = reference or render(composed)
    generated = read_word(reference, "brief.docx").blocks
    names = (full_name, material.project.name)
    other = find_other_brief(generated, draft.blocks, names, composed.month)
    if other:
        raise Refused(
            f"{name} 是{other}的简报，不是{full_name}{composed.month}的，没有发出",
            "换成这个月的文件，或移走它再发出",
        )
    content = fill_places(draft.content, name, reference, composed.date, composed.code)
    edited = read_word(content, name).blocks
    own = _own_words(snapshot, material, composed)
    result = compare_brief(generated, edited, own, read_further)
    if result.differences:
        listed = "\n".join(f"    {difference}" for difference in result.differences)
        raise Refused(
            f"{name} 里有{len(result.differences)}处和台账不一致，没有发出：\n{listed}",
            "在 Word 里照台账改好再发出；台账记错了先用 sgtrack amend 更正；"
            "稿子旧了用 sgtrack brief 写新稿，再把自己的文字移过去；"
            f"不用这份稿就加 --from {NO_FILE}",
        )
    remarks = [*result.remarks, *_find_names(snapshot, edited)]
    if old := find_old_charts(reference, generated, content, edited):
        remarks.append(f"图表与现有台账不一致，请核对：{'、'.join(old)}")
    if has_tracked_changes(draft.content):
        remarks.append("还有修订或批注，对方打开时能看到")
    masker = snapshot.masker_for(remarks)
    return content, tuple(f"{name}：{masker.text(remark)}" for remark in remarks)


def _own_words(snapshot: Snapshot, material: BriefMaterial, composed: BriefContext) -> OwnWords:
    """Return the texts and cells of a brief that are the officer's own words, or only proposals."""
    told_texts = [text for entry in material.entries for text in own_texts(entry)]
    masker = snapshot.masker_for(told_texts)
    cells = [
        word
        for done in (*composed.activities, *composed.late)
        for word in (done.title, done.place, done.note, done.reason)
    ]
    for corrected in composed.corrections:
        cells += [corrected.title, corrected.reason]
    texts = (*composed.highlights, *composed.causes, *composed.closing, *composed.plans)
    return OwnWords((*texts, *map(masker.text, told_texts)), tuple(cells))


def _find_names(snapshot: Snapshot, blocks: Sequence[Block]) -> Iterator[str]:
    """Yield a remark for each paragraph or cell with a name in the ledger; mask the name."""
    texts = [block for block in blocks if isinstance(block, str)]
    texts += cells_of(read_grids(blocks))
    masker = snapshot.masker_for(texts)
    for text in texts:
        masked = masker.text(text)
        if masked != text:
            start = next(n for n, (a, b) in enumerate(zip(text, masked, strict=False)) if a != b)
            first = max(start - _NAMED, 0)
            yield f"有台账中的姓名，没有改动：“{masked[first : start + _NAMED]}”"
