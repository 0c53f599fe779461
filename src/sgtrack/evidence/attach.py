"""Turns stored files into evidence: guesses their kinds and warns of files used twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePath

from sgtrack.entry.text_cleaning import clean
from sgtrack.evidence.evidence_store import StoredFile
from sgtrack.model.contract import Project
from sgtrack.model.entries import Entry, Evidence, short_id
from sgtrack.model.errors import Refused
from sgtrack.store.connection import Connection, marks

OTHER = "其他"
PHOTO = "照片"
MEDIA_EVIDENCE = "媒体截图"
"""If an item requires this kind of evidence, its activities are media reports."""

# Words in a file name, by the kind of evidence they indicate; the first matching kind is used.
_WORDS = {
    "签到表": ("签到",),
    "活动方案": ("方案", "计划", "策划"),
    "媒体截图": ("截图", "报道", "媒体", "推文", "公众号"),
    "培训记录": ("培训记录", "培养记录", "课件", "讲义"),
    "服务记录": (
        "服务记录",
        "访视记录",
        "探访记录",
        "个案记录",
        "小组记录",
        "记录表",
        "接案",
        "结案",
    ),
    "档案": ("档案",),
    "清单": ("清单",),
    "台账": ("台账",),
    "名单": ("名单", "名册", "花名册"),
    "简报": ("简报",),
    "报告": ("报告",),
    "文稿": ("案例", "经验", "文稿"),
    "总结": ("总结", "小结"),
    "证书": ("证书",),
    "平台截图": ("志愿网", "志愿服务网"),
    "证明材料": ("证明", "备案", "批复", "申请", "合同", "协议"),
    PHOTO: ("照片", "相片", "合影"),
}
_PICTURES = {".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".bmp", ".gif", ".tif", ".tiff"}


def known_kinds(project: Project) -> tuple[str, ...]:
    """Return the kinds of evidence: common kinds, then kinds of the target file, then 其他."""
    named = [kind for item in project.items.values() for kind in item.evidence]
    return tuple(dict.fromkeys([*_WORDS, *named, OTHER]))


def guess_kind(file_name: str, needs: tuple[str, ...]) -> str:
    """Guess the kind of a file from its name and from the kinds its activity needs.

    The first rule that applies is used:

    1. If the name contains a kind that the activity needs, the file is of that kind.
    2. If the name contains a word of ``_WORDS``, the file is of the kind with this word:
       签到表.jpg is a sign-in sheet, not a photo.
    3. A picture is a photo if the activity needs a photo.
    4. If the activity needs only one kind, the file is of that kind.
    5. A picture is a photo, and any other file is 其他.
    """
    path = PurePath(file_name)
    needed = [kind for kind in needs if kind in path.stem]
    if needed:
        return needed[0]
    for kind, words in _WORDS.items():
        if any(word in path.stem for word in words):
            return kind
    picture = is_picture(file_name)
    if picture and PHOTO in needs:
        return PHOTO
    if len(needs) == 1:
        return needs[0]
    return PHOTO if picture else OTHER


def is_picture(file_name: str) -> bool:
    """Return whether a file name has the extension of a picture."""
    return PurePath(file_name).suffix.lower() in _PICTURES


def as_evidence(
    files: tuple[StoredFile, ...], needs: tuple[str, ...], kind: str | None = None
) -> tuple[Evidence, ...]:
    """Create evidence from files, without duplicates; guess the kinds if ``kind`` is None."""
    evidence = [
        Evidence("", file.sha256, file.size, file.name, kind or guess_kind(file.name, needs))
        for file in files
    ]
    return tuple({(file.sha256, file.kind): file for file in evidence}.values())


def find_kind(project: Project, typed: str) -> str:
    """Return the kind with the typed name, or the only kind whose name contains the typed text.

    Raises:
        Refused: no kind matches, or several do.
    """
    kinds = known_kinds(project)
    text = clean(typed, "种类", 20)
    matches = [text] if text in kinds else [kind for kind in kinds if text in kind]
    if not text or len(matches) != 1:
        raise Refused(f"没有佐证材料“{typed}”", f"可用的种类：{'、'.join(kinds)}")
    return matches[0]


def refuse_known(entry: Entry, evidence: tuple[Evidence, ...]) -> None:
    """Refuse a file that the entry already has as the same kind of evidence."""
    known = {(file.sha256, file.kind) for file in entry.evidence}
    for file in evidence:
        if (file.sha256, file.kind) in known:
            raise Refused(
                f"“{file.name}”已经是 {short_id(entry.id)} 的{file.kind}",
                "不用再加；要改种类用 --as，去掉用 sgtrack evidence void",
            )


def warn_of_shared_files(
    db: Connection, evidence: Sequence[Evidence], own: Collection[str] = ()
) -> tuple[str, ...]:
    """Return a warning for each file that is already evidence of another activity.

    ``own`` are the ids of the entries of the activity itself.
    """
    if not evidence:
        return ()
    digests = tuple({file.sha256 for file in evidence})
    rows = db.execute(
        "SELECT e.sha256, a.id, a.day, a.item, a.title FROM evidence AS e "  # noqa: S608
        f"JOIN activity AS a ON a.id = e.activity_id WHERE e.sha256 IN ({marks(digests)}) "
        "AND NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id) "
        "AND NOT EXISTS (SELECT 1 FROM void AS v WHERE v.activity_id = a.id) ORDER BY a.id",
        digests,
    ).fetchall()
    warnings = (
        f"文件“{file.name}”已经是 {day} {item} {title}（{short_id(other)}）的佐证；"
        "一个文件只应证明一次活动"
        for file in evidence
        for digest, other, day, item, title in rows
        if digest == file.sha256 and other not in own
    )
    return tuple(dict.fromkeys(warnings))
