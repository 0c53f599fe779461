"""Regenerates the parts of the documentation that come from the program, such as help texts.

With ``--check`` nothing is written, and outdated files are listed.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from screen_pictures import draw_screen
from sgtrack.app.demo import LAST_DAY, log_half_year
from sgtrack.cli.main import program
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.progress.contract_status import compute_status, figure_query_of
from sgtrack.screen.status_view import overview
from sgtrack.store.opening import reading
from sgtrack.targets.loading import load_folder
from sgtrack.workspace import make_workspace

ROOT = Path(__file__).parents[1]
COMMANDS = ROOT / "docs" / "commands.md"
ERRORS = ROOT / "docs" / "errors.md"
PICTURE = ROOT / "docs" / "images" / "status.svg"
BETWEEN = re.compile(r"(?<=<!-- help:start -->\n).*?(?=<!-- help:end -->)", re.DOTALL)


def main() -> int:
    """Write the generated files, or check them; return 1 if a checked file is outdated."""
    made = {COMMANDS: BETWEEN.sub(lambda _: _helps(), _read(COMMANDS)), ERRORS: _errors()}
    stale = [path for path, text in made.items() if _read(path) != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(made[path], encoding="utf-8")
    PICTURE.write_text(_picture(), encoding="utf-8")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _helps() -> str:
    """Return the help of every command, 80 columns wide and without colour."""
    env = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    parts = []
    for words in _commands(get_command(program())):
        ran = CliRunner().invoke(program(), [*words, "--help"], prog_name="sgtrack", env=env)
        said = "\n".join(line.rstrip() for line in ran.stdout.strip().splitlines())
        parts.append(f"## `{' '.join(('sgtrack', *words))}`\n\n```text\n{said}\n```\n")
    return "\n" + "\n".join(parts) + "\n"


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, TyperGroup):
        for name in command.list_commands(typer.Context(command)):
            yield from _commands(command.commands[name], (*words, name))


def _errors() -> str:
    catalogue = _read(ROOT / "tests" / "golden" / "refusals.txt")
    addresses = _read(ROOT / "tests" / "golden" / "refusals-database.txt")
    return (
        "# What sgtrack refuses\n\n"
        "Each wrong command line of the test suite with the whole answer: what is wrong (错误),\n"
        "what to write instead (改法) and the exit code (退出码; 1 refused, 2 wrong usage).\n"
        "Nothing is written in any of them. `tests/cli/test_refusals.py` keeps the list.\n\n"
        f"```text\n{catalogue}```\n\n"
        f"Addresses of databases:\n\n```text\n{addresses}```\n"
    )


def _picture() -> str:
    with tempfile.TemporaryDirectory() as scratch:
        workspace = make_workspace(Path(scratch) / "workspace")
        project = load_folder(workspace.targets).projects[-1]
        log_half_year(workspace, project)
        with reading(workspace.ledger) as db:
            figures = read_figures(db, project.slug, figure_query_of(project, [LAST_DAY]))
    screen = overview(compute_status(project, figures, LAST_DAY))
    return draw_screen(screen, "sgtrack status（示例数据）", "status")


if __name__ == "__main__":
    sys.exit(main())
