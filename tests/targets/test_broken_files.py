"""Each broken target file gives its problem with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.targets.loading import load_folder

from ..support.command_line import Run

SOUND = """\
name: 甲社区
period:
  start: 2026-01-01
  end: 2026-12-31
categories:
  - code: 1
    name: 政策宣讲
    clauses:
      - code: 1.1
        text: 开展政策宣讲10场，服务600人次。
        items:
          - name: 政策宣讲
            total: {场: 10, 人次: 600}
          - code: 1.1.1
            part_of: 1.1
            name: 惠民殡葬政策宣讲
            total: {场: 4}
      - code: 1.2
        text: 每月25日前提交简报。
        items:
          - name: 简报
            monthly: {期: 1}
            due_day: 25
"""

BROKEN: dict[str, tuple[str, str, str]] = {
    "no clauses": (
        SOUND[SOUND.index("    clauses:") :],
        "    clauses: []\n",
        ":8  “clauses”是空的",
    ),
    "differs without extends": (
        "categories:",
        "differs:\n  1.1:\n    text: 甲\ncategories:",
        ":5  写了 differs，却没有 extends",
    ),
    "a period of centuries": ("2026-12-31", "9999-12-31", ":4  项目期从 2026-01-01 到 9999-12-31"),
    "a day as a number": ("2026-01-01", "1767225600", ":3  “1767225600”不是日期"),
    "half an event": ("{场: 4}", "{场: 2.5}", ":17  2.5场不是整数"),
    "sessions without a series": (
        "total: {场: 4}",
        "total: {场: 4}\n            sessions: 4",
        ":18  sessions 只用在小组和个案",
    ),
    "an event that must be an event": (
        "total: {场: 4}",
        "total: {场: 4}\n            each: {场: 1}",
        ":18  each 里不能写“场”：一次活动就是一场",
    ),
    "a condition in a misspelt unit": (
        "total: {场: 4}",
        "total: {场: 4}\n            each: {人此: 30}",
        ":18  不认识的单位“人此”",
    ),
    "once per person without people": (
        "total: {场: 4}",
        "total: {场: 4}\n            once_per_person: true",
        ":18  1.1.1 写了 once_per_person，却没有按人次、人、名计的指标",
    ),
    "evidence with a space": (
        "total: {场: 4}",
        "total: {场: 4}\n            evidence: [签到 表]",
        ":18  佐证材料“签到 表”写得不对",
    ),
    "a brief that is none": (
        "total: {场: 4}",
        "total: {场: 4}\n            brief: true",
        ":18  1.1.1 写了 brief，却不是每月几期",
    ),
    "serves what does not exist": (
        "total: {场: 4}",
        "total: {场: 4}\n            serves: [9.9]",
        ":18  1.1.1 的 serves 里没有服务项 9.9",
    ),
    "serves what it is part of": (
        "total: {场: 4}",
        "total: {场: 4}\n            serves: [1.1]",
        ":18  1.1.1 本来就和 1.1 一起计",
    ),
    "usually in a unit it cannot have": (
        "total: {场: 4}",
        "total: {场: 4}\n            usually: {学时: 2}",
        ":18  1.1.1 的 usually 里没有单位“学时”",
    ),
    "usually half a leaflet": (
        "total: {场: 4}",
        "total: {场: 4, 份: 9}\n            usually: {份: 2.5}",
        ":18  2.5份不是整数",
    ),
    "due outside the project": (
        "total: {场: 4}",
        "milestone: true\n            due: 2030-01-01",
        ":18  截止日期 2030-01-01 不在项目期内",
    ),
    # name: (what is replaced, by what, what is said, with its line)
    "unknown key": ("due_day: 25", "dueday: 25", ":23  不认识的键“dueday”"),
    "unknown key at the top": ("name: 甲", "naem: 甲", ":1  不认识的键“naem”"),
    "missing name": ("name: 甲社区\n", "", ":1  缺少“name”"),
    "missing period end": ("  end: 2026-12-31\n", "", ":2  缺少“end”"),
    "duplicate key": ("    name: 政策宣讲\n", "    name: 甲\n    name: 乙\n", ":8  “name”写了两次"),
    "duplicate item code": ("code: 1.1.1", "code: 1.1", ":14  服务项编号 1.1 用了两次"),
    "duplicate clause code": ("code: 1.2", "code: 1.1", ":18  条款编号 1.1 用了两次"),
    "clause outside category": ("code: 1.2", "code: 2.2", ":18  条款编号 2.2 不在类别 1 之下"),
    "item outside clause": (
        "code: 1.1.1",
        "code: 1.2.1",
        ":14  服务项编号 1.2.1 不在条款 1.1 之下",
    ),
    "full-width colon in a mapping": ("{期: 1}", "{期：1}", ":22  “期：1”用了全角冒号"),
    "full-width colon after a key": ("due_day: 25", "due_day：25", ":23  用了全角冒号"),
    "full-width colon for a block": (
        "period:\n  start: 2026-01-01\n  end: 2026-12-31",
        "period：2026-01-01",
        ":2  用了全角冒号",
    ),
    "negative target": ("{场: 4}", "{场: -4}", ":17  “场”是 -4，要大于 0"),
    "zero target": ("{场: 4}", "{场: 0}", ":17  “场”是 0，要大于 0"),
    "target in words": ("{场: 4}", "{场: 四}", ":17  “四”不是数字"),
    "target missing": ("{场: 4}", "{场: }", ":17  “场”后面没有数字"),
    "period backwards": (
        "end: 2026-12-31",
        "end: 2025-12-31",
        ":4  项目结束（2025-12-31）早于开始",
    ),
    "no such day": ("2026-12-31", "2026-02-30", ":4  “2026-02-30”不是日期"),
    "unit misspelt": ("人次: 600", "人此: 600", ":13  不认识的单位“人此”"),
    "part without a parent": ("part_of: 1.1", "part_of: 1.9", ":15  1.1.1 的上级 1.9 不存在"),
    "part of itself": ("part_of: 1.1\n", "part_of: 1.1.1\n", ":15  1.1.1 成了自己的上级"),
    "two items of one name": (
        "惠民殡葬政策宣讲",
        "政策宣讲",
        ":16  服务项名称“政策宣讲”和 1.1 重复",
    ),
    "due day out of range": ("due_day: 25", "due_day: 32", ":23  “due_day”是 32，太大"),
    "due day without a month": ("monthly: {期: 1}", "total: {期: 12}", ":23  due_day 只用在每月"),
    "milestone with a number": (
        "due_day: 25",
        "milestone: true",
        ":23  1.2 有数量又写了 milestone",
    ),
    "no indicator": ("            total: {场: 4}\n", "", ":14  1.1.1 没有指标"),
    "per person without a role": (
        "total: {场: 4}",
        "per_person: {学时: 4}",
        ":14  1.1.1 的 per_person 和 role",
    ),
    "tab": ("            due_day", "\tdue_day", ":23  用了制表符缩进"),
    "open bracket": ("{场: 4}", "{场: 4", ":18  这一行附近的写法不对"),
    "alias": (
        "{场: 10, 人次: 600}",
        "&a {场: 1}\n            records: *a",
        ":14  用了 YAML 的引用",
    ),
    "list for a mapping": ("{场: 4}", "[场, 4]", ":17  “total”应当分项写"),
    "extends beside a stray key": (
        "categories:",
        "extends: shared/no.yaml\nx:",
        ":6  不认识的键“x”",
    ),
    "empty clause": ("text: 每月25日前提交简报。", "text: ''", ":18  甲社区没有条款 1.2 的原文"),
    "role without per_person": (
        "due_day: 25",
        "role: 社区工作者",
        ":21  1.2 的 per_person 和 role 要一起写",
    ),
}


def check(tmp_path: Path, text: str | bytes, name: str = "jia.yaml") -> list[str]:
    folder = tmp_path / "targets"
    folder.mkdir()
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / name).write_bytes(content)
    return [str(problem) for problem in load_folder(folder).problems]


def test_the_file_they_are_made_from_is_sound(tmp_path: Path) -> None:
    assert check(tmp_path, SOUND) == []


@pytest.mark.parametrize("name", BROKEN)
def test_broken(tmp_path: Path, name: str) -> None:
    old, new, said = BROKEN[name]
    assert old in SOUND
    problems = check(tmp_path, SOUND.replace(old, new, 1))
    assert any(said in problem for problem in problems), problems
    assert all("改法：" in p and p.startswith("targets/jia.yaml:") for p in problems)


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    text = SOUND.replace("人次: 600", "人此: 600").replace("part_of: 1.1", "part_of: 1.9")
    assert len(check(tmp_path, text)) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\xff\xfe\x00\x01", "不是 UTF-8"),
        ("只有一句话".encode(), "文件是空的，或者没有分项写"),
        (b"a" * 1_000_001, "文件太大"),
        (b"[" * 100_000, "不是可以读懂的 YAML"),
        ("name: 甲社区\nperiod: {start: 2026-01-01, end: 2026-12-31}\n".encode(), "没有写服务类别"),
        (
            "name: 甲\nperiod: {start: 2026-01-01, end: 2026-12-31}\nextends: ../x.yaml\n".encode(),
            "文件夹外面",
        ),
        (
            "name: 甲\nperiod: {start: 2026-01-01, end: 2026-12-31}\nextends: x.yaml\n".encode(),
            "找不到文件 x.yaml",
        ),
    ],
)
def test_files_that_are_no_targets(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in check(tmp_path, content)[0]


def test_a_file_name_that_is_no_short_name(tmp_path: Path) -> None:
    assert "不能当社区代号" in check(tmp_path, SOUND, name="甲 社区.yaml")[0]


def test_check_is_silent_when_all_is_well(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "sound" / "targets"
    folder.mkdir(parents=True)
    settled = SOUND.replace("period:\n", "period:\n  checked: true\n")
    (folder / "small.yaml").write_text(settled, encoding="utf-8")
    ran = run("--home", str(folder.parent), "targets", "check")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
