"""The tutorial of the first month: the program prints what the page shows, command by command."""

from __future__ import annotations

import os
import tempfile
from difflib import unified_diff
from pathlib import Path

import pytest

if os.name != "posix":
    pytest.skip("the page is performed in a POSIX terminal", allow_module_level=True)
pytest.importorskip("pexpect")
pytest.importorskip("pyte")
import tutorial

PAGE = Path(__file__).parents[2] / "docs" / "zh" / "第一个月.md"


def test_the_first_month_goes_as_the_page_shows() -> None:
    """``SGTRACK_GOLDEN=write`` writes what was printed where the page shows something else."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        ran = [(command, shown) for command, shown, _ in tutorial.perform(page, Path(folder))]
    changed = [(command, shown) for command, shown in ran if not tutorial.matches(command, shown)]
    if os.environ.get("SGTRACK_GOLDEN") == "write":
        for command, shown in reversed(changed):
            page = page[: command.place.start] + shown + page[command.place.stop :]
        PAGE.write_text(page, encoding="utf-8")
        changed = []
    differences = []
    for command, shown in changed:
        differences += [f"> {command.typed}"]
        differences += unified_diff(
            command.shown.splitlines(), shown.splitlines(), "page", "screen", lineterm=""
        )
    assert not differences, "\n".join(differences)
    assert len(ran) > 25


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("已记录\n", "已记录\n", True),
        ("已记录\n", "已记录\n另一行\n", False),
        ("已记录\n…\n", "已记录\n", True),
        ("…\n最后\n", "一\n二\n最后\n", True),
        ("校验码 …，按时\n", "校验码 1a2b，按时\n", True),
        ("校验码 …，按时\n", "校验码 1a2b，迟交\n", False),
        ("3.5%\n", "345%\n", False),
    ],
)
def test_what_the_page_leaves_out_matches_anything(
    shown: str, printed: str, expected: bool
) -> None:
    command = tutorial.Command("2026-01-05", "sgtrack due", shown, slice(0, 0), "")
    assert tutorial.matches(command, printed) is expected


def test_a_page_is_read_into_steps() -> None:
    page = (
        "<!-- 2026-01-05 -->\n\n```text\n> sgtrack due\n没有\n> sgtrack list\n```\n\n"
        "![清单](../images/list.svg)\n\n"
        "<!-- targets/sanli.yaml -->\n\n```yaml\nname: 三里\n```\n\n```text\n没有命令\n```\n"
        "<!-- 表.xlsx -->\n\n| 日期 |\n| --- |\n| 1-5 |\n\n| 别的表 |\n"
    )
    first, second, *edits = tutorial.read_steps(page)
    assert isinstance(first, tutorial.Command)
    assert (first.day, first.typed, first.shown, first.picture) == (
        "2026-01-05",
        "sgtrack due",
        "没有\n",
        "",
    )
    assert page[first.place] == "没有\n"
    assert isinstance(second, tutorial.Command)
    assert (second.shown, second.picture) == ("", "../images/list.svg")
    assert edits == [
        tutorial.Edit("targets/sanli.yaml", ("name: 三里",)),
        tutorial.Edit("表.xlsx", ("| 日期 |", "| --- |", "| 1-5 |")),
    ]
