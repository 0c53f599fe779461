"""What a file proves an activity by, and what can be told from its name."""

from __future__ import annotations

from pathlib import PurePath

from sgtrack.model.contract import Project

OTHER = "其他"
PHOTO = "照片"

# The words by which a file name says what it is; the first that fits decides.
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
_PICTURES = {".jpg", ".jpeg", ".png", ".heic", ".webp", ".bmp", ".gif", ".tif", ".tiff"}


def known_kinds(project: Project) -> tuple[str, ...]:
    """Every kind a file can be given, with those the contract's target file names."""
    named = [kind for item in project.items.values() for kind in item.evidence]
    return tuple(dict.fromkeys([*_WORDS, *named, OTHER]))


def guess(file_name: str, needs: tuple[str, ...]) -> str:
    """What a file is, told by its name and by what its activity needs.

    A word in the name decides (签到表.jpg is a sign-in sheet, not a photo); then a picture is a
    photo where one is needed; then it is the one thing needed; else a photo or 其他.
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
    """Whether a file is a picture, as its name says."""
    return PurePath(file_name).suffix.lower() in _PICTURES
