"""Help and completion speak Chinese and align."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from sgtrack.cli.main import program
from sgtrack.workspace import Workspace

from ..support.command_line import Run


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield every command, and whether it is a group."""
    group = isinstance(command, TyperGroup)
    yield words, group
    if group:
        for name in command.list_commands(typer.Context(command)):
            yield from commands(command.commands[name], (*words, name))


ALL = list(commands(get_command(program())))


@pytest.mark.parametrize("words", [words for words, _ in ALL], ids=" ".join)
def test_help_is_chinese_and_fits_the_page(words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(program(), [*words, "--help"], prog_name="sgtrack").stdout
    assert said.startswith("用法：sgtrack")
    for english in ("Usage", "Options", "Commands", "Show this", "[required]", "default"):
        assert english not in said
    assert max(cell_len(line) for line in said.splitlines()) <= 80
    assert said.encode("gbk").decode("gbk") == said


def test_the_overview_loads_no_command_and_says_what_each_says_itself() -> None:
    overview = CliRunner().invoke(program(""), ["--help"], prog_name="sgtrack").stdout
    assert overview == CliRunner().invoke(program(), ["--help"], prog_name="sgtrack").stdout


@pytest.mark.parametrize("words", [words for words, group in ALL if not group], ids=" ".join)
def test_every_command_has_two_examples(words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(program(), [*words, "--help"], prog_name="sgtrack").stdout
    examples = [line for line in said.splitlines() if line.strip().startswith("例：sgtrack")]
    assert len(examples) >= 2
    assert all(" ".join(words) in line for line in examples)


def test_options_stand_in_one_column() -> None:
    said = CliRunner().invoke(program(), ["log", "--help"], prog_name="sgtrack").stdout
    options = said.partition("选项：\n")[2].splitlines()
    columns = {
        cell_len(match[0])
        for line in options
        if (match := re.match(r"  -\S.*?\S {2,}(?=\S)|  \S+ {2,}(?=\S)", line))
    }
    assert len(columns) == 1


SHELLS = {
    "bash": {"COMP_WORDS": "sgtrack {}", "COMP_CWORD": "{n}"},
    "zsh": {"_TYPER_COMPLETE_ARGS": "sgtrack {}"},
    "fish": {"_TYPER_COMPLETE_ARGS": "sgtrack {}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    "pwsh": {"_TYPER_COMPLETE_ARGS": "sgtrack {}", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "{last}"},
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("log 7.3.", ("7.3.1", "惠民殡葬政策宣讲")),
        ("status -c ", ("xianheguan", "天池街道仙鹤观社区")),
        ("show ", ("2026-03-12", "7.3.1", "惠民殡葬进小区")),
    ],
)
def test_completion_says_what_its_values_mean(
    run: Run, log: Run, workspace: Workspace, shell: str, line: str, values: tuple[str, ...]
) -> None:
    log("殡葬", "80人次", "-d", "3-12", "-t", "惠民殡葬进小区")
    log("5.1", "3人次", "-d", "3-13")
    last = line.rpartition(" ")[2]
    env = {
        key: value.format(line, n=len(line.split(" ")), last=last)
        for key, value in SHELLS[shell].items()
    }
    said = CliRunner().invoke(
        program(),
        [],
        prog_name="sgtrack",
        env={**env, "_SGTRACK_COMPLETE": f"complete_{shell}", "SGTRACK_HOME": str(workspace.root)},
    )
    for value in values:
        assert value in said.stdout
