"""The program: the table of commands, and the options before the command.

The module of a command is imported only when the command is called. Importing all modules would
take longer than most commands.
"""

from __future__ import annotations

import gc
import os
import sys
from _thread import interrupt_main
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from sgtrack import __version__
from sgtrack.cli.completion_shells import (
    POWERSHELLS,
    VARIABLE,
    choose_shell,
    complete,
    complete_shell,
    completion_script,
    install_completion,
)
from sgtrack.cli.error_handling import (
    ChineseCommand,
    ForgivingCommand,
    RefusalGroup,
    ignore_interrupts,
)
from sgtrack.screen.output_streams import bound_width, escaped_output

COMMANDS = {
    "log": ("log_command:log", "记一次活动，立即显示指标的变化。不带内容时逐项询问。"),
    "status": (
        "status_commands:status",
        "看指标完成情况：先看各类别，再看最紧急的；社区多的时候每个社区一行。",
    ),
    "brief": ("brief_command:app", "生成当月简报，存入 briefs 文件夹；加 --issue 正式发出。"),
    "due": (
        "status_commands:due",
        "查看近几周到期的任务：25日前的简报、本季度的培训、本月的宣传报道。",
    ),
    "plan": (
        "plan_command:plan",
        "测算完成合同至少还需开展多少次活动，按月排列；无法完成的列明差额。",
    ),
    "list": ("list_commands:list_entries", "列出记录，可按月份、服务项和文字挑选。"),
    "show": ("list_commands:show", "看一条记录的全部内容和更正经过。"),
    "explain": ("status_commands:explain", "说明一个数字由哪些记录组成、按什么规则计算。"),
    "amend": ("amend_commands:amend", "更正一条记录：写要改的内容和原因，原记录保留。"),
    "void": ("amend_commands:void", "作废一条记录：不再计数，但和原因一起留在台账里。"),
    "undo": (
        "undo_command:undo",
        "撤销自己的上一个命令：先看要撤销什么，再确认；再撤销一次就是再往前一个。",
    ),
    "evidence": (
        "evidence_commands:app",
        "佐证材料：签到表、照片、方案等，按内容存进工作文件夹，原文件不动。",
    ),
    "open": ("open_command:open_", "打开工作文件夹、最近的简报，或一条记录的佐证材料。"),
    "people": ("people_commands:app", "名册和培养记录：合同按每个人计的指标，要先登记名册。"),
    "import": (
        "import_command:import_sheet",
        "从 Excel 或 CSV 导入活动：登记表，或任何有日期和服务项的表。有一格有误，整张表均不写入。",
    ),
    "sheet": (
        "sheet_commands:sheet",
        "给没有装 sgtrack 的同事一张空的登记表：服务项、单位可以下拉选；填好后导入。",
    ),
    "export": (
        "sheet_commands:export",
        "把台账导出为 Excel：完成情况（公式）、全部记录、每类一张，可直接打印。",
    ),
    "check": ("check_commands:check", "检查台账中评估时可能被问到的地方；没有问题时不显示内容。"),
    "verify": ("check_commands:verify", "证明台账和佐证材料没有被 sgtrack 以外的程序改过。"),
    "report": (
        "report_commands:app",
        "写中期、结项评估报告和全部社区的汇总，放在 reports 文件夹。",
    ),
    "dossier": (
        "report_commands:dossier",
        "把评估材料打成一个压缩包：按合同顺序分文件夹，附 Excel 和网页索引。",
    ),
    "forget": (
        "maintenance_commands:forget",
        "把一个人的姓名从台账和备份里永远隐去，换成代号；数字不变，verify 照样通过。",
    ),
    "bundle": (
        "merge_commands:bundle",
        "把台账打成一个合并包，交给另一台电脑或县里，用 sgtrack merge 并进去。",
    ),
    "merge": (
        "merge_commands:merge",
        "把其他电脑的台账合并进来：可以重复操作，不分先后，已有的记录不会重复计入。",
    ),
    "resolve": (
        "merge_commands:resolve",
        "几台电脑对同一条记录的更正不一致时，决定以哪一个为准；其他的留在台账里，不计数。",
    ),
    "backup": (
        "maintenance_commands:app",
        "现在就备份台账。每天第一次写入和升级以前会自动备份，这里用于不放心的时候。",
    ),
    "restore": (
        "maintenance_commands:restore",
        "把台账恢复到一份备份；现在的台账先留底，也在 backups 里。",
    ),
    "recover": (
        "maintenance_commands:recover",
        "台账损坏时，把还读得出的记录救进一份新台账，并说清救回什么、没救回什么。",
    ),
    "targets": ("targets_commands:app", "看合同的全部指标；检查目标文件。"),
    "init": ("maintenance_commands:init", "新建一个工作文件夹，放入自带的目标文件和模板。"),
    "menu": ("menu:menu", "打开菜单：按数字选择，不用记命令。"),
    "demo": (
        "maintenance_commands:demo",
        "在临时文件夹里演示：记半年的活动（示例数据），看进度，出简报。",
    ),
}
"""The target (``module:function`` or ``module:group``) and the summary of each command.

Everyday commands come first. The overview prints the summaries without loading a command.
"""

_SOON = 0.01
"""Seconds after which a dropped Ctrl-C is repeated; by then the destructor has ended."""
_COMPLETION = ("--install-completion", "--show-completion")
_LOOSE = ("log", "amend")
"""Commands that accept unknown options, so that ``read_amounts`` can explain a word like -5人次."""


class Front(RefusalGroup):
    """The top-level command group, which lists everyday commands first."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run a command line; no control character reaches the terminal."""
        bound_width()
        with escaped_output():
            if VARIABLE not in os.environ:
                return super().main(*args, **options)
            if completions := complete(self):
                typer.echo(completions)
            return None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the program's options; an option about completion needs no name of a shell."""
        spelt = [*args[:-1], f"{args[-1]}="] if args[-1:] and args[-1] in _COMPLETION else args
        return super().parse_args(ctx, spelt)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order of ``COMMANDS``; Typer would put groups last."""
        return sorted(super().list_commands(ctx), key=list(COMMANDS).index)


def _install_completion(ctx: typer.Context, shell: str | None) -> None:
    if shell is None or ctx.resilient_parsing:
        return
    chosen = choose_shell(shell)
    path = install_completion(chosen)
    typer.echo(f"已给 {chosen} 装好补全（{path}），重新打开终端后按 Tab 键试试")
    if chosen in POWERSHELLS:
        typer.echo(
            "打开时提示禁止运行脚本的，先运行一次 "
            "Set-ExecutionPolicy -Scope CurrentUser RemoteSigned"
        )
    raise typer.Exit


def _show_completion(ctx: typer.Context, shell: str | None) -> None:
    if shell is None or ctx.resilient_parsing:
        return
    typer.echo(completion_script(choose_shell(shell)), nl=False)
    raise typer.Exit


def _about_completion(name: str, words: str, act: Callable[..., None]) -> Any:
    return typer.Option(
        name,
        metavar="终端",
        help=f"{words}；终端是 bash、zsh、fish 或 powershell，不写就看现在用的是哪个",
        callback=act,
        is_eager=True,
        expose_value=False,
        autocompletion=complete_shell,
    )


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sgtrack {__version__}")
        raise typer.Exit


def sgtrack(
    ctx: typer.Context,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="文件夹", help="工作文件夹")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="显示版本", callback=_version, is_eager=True)
    ] = False,
    install: Annotated[
        str | None,
        _about_completion("--install-completion", "装上按 Tab 键补全的功能", _install_completion),
    ] = None,
    show: Annotated[
        str | None,
        _about_completion("--show-completion", "显示补全用的脚本", _show_completion),
    ] = None,
) -> None:
    """社工站合同指标管家：做完活动记一笔，随时看进度，每月25日前出简报。

    例：sgtrack log 5.1 3人次        记一次活动

    例：sgtrack status              看各项指标的完成情况

    例：sgtrack brief               写当月简报

    总体完成率是所有指标完成率的平均数，每个指标最多算 100%。
    """
    from sgtrack.app.context import AppContext  # help does not need it

    ctx.obj = AppContext(home)


@cache
def program(only: str | None = None) -> typer.Typer:
    """Build the program with all commands, or only with the command ``only``.

    If ``only`` is empty, the program lists all commands in its help but loads none.
    """
    group = typer.Typer(
        cls=Front,
        name="sgtrack",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    group.callback()(sgtrack)
    for name, (target, summary) in COMMANDS.items():
        if only == "":
            group.command(name, cls=ChineseCommand, help=summary)(_not_loaded)
        elif only in (None, name):
            _add(group, name, target)
    return group


def _add(group: typer.Typer, name: str, target: str) -> None:
    """Load a command and add it to the group."""
    module, _, attribute = target.partition(":")
    loaded = getattr(import_module(f"sgtrack.cli.{module}"), attribute)
    if isinstance(loaded, typer.Typer):
        group.add_typer(loaded)
    elif name in _LOOSE:
        loosely = {"ignore_unknown_options": True}
        group.command(name, cls=ForgivingCommand, context_settings=loosely)(loaded)
    else:
        group.command(name, cls=ChineseCommand)(loaded)


def _not_loaded() -> None:
    """Do nothing; placeholder for a command that is listed but not loaded."""


def called(words: Sequence[str]) -> str:
    """Return the name of the command among the words of a command line; empty if there is none."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] == "--home" else rest[1:]
    return rest[0] if rest and rest[0] in COMMANDS else ""


def repeat_interrupt(lost: sys.UnraisableHookArgs) -> None:
    """Interrupt the program again if Python dropped a Ctrl-C.

    Python prints and drops an exception in a destructor or the callback of a weak reference. The
    asyncio loop of a question has both, and Ctrl-C may come while one of them runs.
    """
    if isinstance(lost.exc_value, KeyboardInterrupt):
        from threading import Timer  # start-up does not need it

        Timer(_SOON, interrupt_main).start()
    else:
        sys.__unraisablehook__(lost)


def main() -> None:
    """Run the program.

    Garbage collection would take a fifth of the time of a short command and free little memory. A
    high threshold makes it rare.
    """
    gc.set_threshold(100_000)
    sys.unraisablehook = repeat_interrupt
    if isinstance(sys.stdin, TextIOWrapper):
        # Answers are checked later; Python would stop the program at bytes that are not UTF-8.
        sys.stdin.reconfigure(errors="surrogateescape")
    words = sys.argv[1:]
    if VARIABLE in os.environ:  # the shell passes the words in variables
        typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
        words = typed.split()[1:]
    try:
        program(called(words))(prog_name="sgtrack")
    finally:
        # Ctrl-C pressed twice would otherwise stop the program before it has set its exit code.
        ignore_interrupts()
        gc.freeze()
