"""The program: its commands and the options that stand before them.

A command is imported when it is called, and all of them only where all are listed: importing and
building what is not used would take longer than most commands context.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from sgtrack import __version__
from sgtrack.app.context import AppContext
from sgtrack.cli.error_handling import ChineseCommand, ForgivingCommand, RefusalGroup

COMMANDS = {
    "log": "log_command:log",
    "status": "status_commands:status",
    "brief": "brief_command:app",
    "due": "status_commands:due",
    "plan": "plan_command:plan",
    "list": "list_commands:list_entries",
    "show": "list_commands:show",
    "explain": "status_commands:explain",
    "amend": "amend_commands:amend",
    "void": "amend_commands:void",
    "evidence": "evidence_commands:app",
    "people": "people_commands:app",
    "import": "sheet_commands:import_sheet",
    "sheet": "sheet_commands:sheet",
    "export": "sheet_commands:export",
    "check": "check_commands:check",
    "verify": "check_commands:verify",
    "report": "report_commands:app",
    "dossier": "dossier_command:dossier",
    "forget": "forget_command:forget",
    "bundle": "merge_commands:bundle",
    "merge": "merge_commands:merge",
    "resolve": "merge_commands:resolve",
    "backup": "backup_commands:app",
    "restore": "backup_commands:restore",
    "recover": "backup_commands:recover",
    "targets": "targets_commands:app",
    "init": "init_commands:init",
    "demo": "init_commands:demo",
}
"""Every command with its module and function, or the group it is, in the order they are needed."""

_LOOSE = ("log", "amend")
"""An amount may be mistyped as -5人次; it must reach the reader of amounts, which says so."""


class Front(RefusalGroup):
    """The program's own group, which lists its commands in the order they are needed."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options; the one that sets up completion answers in Chinese."""
        params = super().get_params(ctx)
        for param in params:
            if param.name == "install_completion":
                param.callback = _install_completion  # type: ignore[assignment]
        return params

    def list_commands(self, ctx: Any) -> list[str]:
        """What is typed every day first; typer itself would put the groups last."""
        return sorted(super().list_commands(ctx), key=list(COMMANDS).index)


def _install_completion(ctx: typer.Context, param: object, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from typer.completion import install  # type: ignore[attr-defined]

    shell, path = install()
    typer.echo(f"已给 {shell} 装好补全（{path}），重新打开终端后按 Tab 键试试")
    raise typer.Exit


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sgtrack {__version__}")
        raise typer.Exit


def sgtrack(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="文件夹", help="工作文件夹", show_default=False),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="显示版本", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """社工站合同指标管家：做完活动记一笔，随时看进度，每月25日前出简报。

    例：sgtrack log 5.1 3人次        记一次活动

    例：sgtrack status              看各项指标的完成情况

    例：sgtrack brief               写当月简报

    总体完成率是所有指标完成率的平均数，每个指标最多算 100%。
    """
    ctx.obj = AppContext(home)


@cache
def program(only: str = "") -> typer.Typer:
    """The program with all its commands, or with one of them."""
    made = typer.Typer(
        cls=Front,
        name="sgtrack",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    made.callback()(sgtrack)
    for name in [only] if only else COMMANDS:
        module, _, wanted = COMMANDS[name].partition(":")
        found = getattr(import_module(f"sgtrack.cli.{module}"), wanted)
        if isinstance(found, typer.Typer):
            made.add_typer(found)
        elif name in _LOOSE:
            loosely = {"ignore_unknown_options": True}
            made.command(name, cls=ForgivingCommand, context_settings=loosely)(found)
        else:
            made.command(name, cls=ChineseCommand)(found)
    return made


def called(words: Sequence[str]) -> str:
    """The command that a command line calls; empty where it names none that there is."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] == "--home" else rest[1:]
    return rest[0] if rest and rest[0] in COMMANDS else ""


def _command_line(env: Mapping[str, str]) -> list[str]:
    """What was typed: the arguments, or what the shell hands over to be completed."""
    if "_SGTRACK_COMPLETE" not in env:
        return sys.argv[1:]
    return (env.get("COMP_WORDS") or env.get("_TYPER_COMPLETE_ARGS", "")).split()[1:]


def main() -> None:
    """Run the program; what a terminal's code page cannot show is replaced, not fatal.

    A command lives for a moment and frees nearly nothing. While it imports what it needs, and when
    it ends and the system takes back what is left, Python would look for cycles many times, which
    is a fifth of the time of a short command.
    """
    gc.set_threshold(100_000)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        program(called(_command_line(os.environ)))(prog_name="sgtrack")
    finally:
        gc.freeze()
