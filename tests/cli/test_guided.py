"""The answers that the questions of ``log`` accept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import typer

from sgtrack.cli.field_prompts import dropped_files
from sgtrack.cli.prompts import _hint_of_question, ask


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


def test_tasks_of_a_question_that_ctrl_c_stops_print_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Ctrl-C that comes while a question begins stops its tasks, too."""

    def prompt(*_: object, **__: object) -> str:
        loop = asyncio.new_event_loop()
        for error in (KeyboardInterrupt(), ValueError("a fault")):
            loop.call_exception_handler({"message": "stopped", "exception": error})
        loop.close()
        raise KeyboardInterrupt

    monkeypatch.setattr("prompt_toolkit.prompt", prompt)
    with pytest.raises(typer.Abort):
        ask("标题", lambda _: None)
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ValueError]
