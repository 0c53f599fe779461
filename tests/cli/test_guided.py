"""The answers that the questions of ``log`` accept."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.cli.field_prompts import dropped_files


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
