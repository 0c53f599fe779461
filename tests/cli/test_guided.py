"""The answers that the questions of ``log`` accept."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.cli.field_prompts import dropped_files
from sgtrack.cli.prompts import _hint_of_question


@pytest.mark.parametrize(
    ("line", "on_windows", "names"),
    [
        ("签到表.jpg 现场.jpg", False, ["签到表.jpg", "现场.jpg"]),
        (r"/照片/6月\ 8日.jpg '/照片/一 二.jpg'", False, ["/照片/6月 8日.jpg", "/照片/一 二.jpg"]),
        (r"C:\照片\1.jpg", True, [r"C:\照片\1.jpg"]),
        (r'"C:\我的 照片\1.jpg" D:\2.jpg', True, [r"C:\我的 照片\1.jpg", r"D:\2.jpg"]),
        ("照片#1.jpg", False, ["照片#1.jpg"]),
        ("没有配对的'引号.jpg", False, ["没有配对的'引号.jpg"]),
        ("", False, []),
    ],
)
def test_files_dropped_on_the_terminal(line: str, on_windows: bool, names: list[str]) -> None:
    found = dropped_files(line, backslash_is_folder=on_windows)
    assert found == [Path(name) for name in names]


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("用 -t 写上名称；同一名称的多次记录只算一个", "同一名称的多次记录只算一个"),
        (
            "写服务项编号（如 5.1）或几个字；sgtrack targets 列出全部",
            "写服务项编号（如 5.1）或几个字",
        ),
        ("改正日期；期限不对就改目标文件里的 period", "改正日期；期限不对就改目标文件里的 period"),
        ("确实是另一场就加 --again，或用 -t 写上不同的标题", ""),
        ("按回车就是“是”，输入 n 就是“否”", "按回车就是“是”；输入 n 就是“否”"),
    ],
)
def test_hints_of_questions_speak_of_answers(hint: str, shown: str) -> None:
    assert _hint_of_question(hint) == shown
