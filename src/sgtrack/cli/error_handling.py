"""Error handling of all commands: a message in plain Chinese on stderr, and an exit code."""

from __future__ import annotations

import errno
import logging
import os
import re
import shlex
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from sgtrack.model.errors import Refused, reason_of
from sgtrack.model.text import blank_unprintable
from sgtrack.screen.output_streams import OutputFailed

if TYPE_CHECKING:
    from sgtrack.app.context import AppContext

COMMAND_LINE = "sgtrack.command_line"
ERROR_LOG = "sgtrack-error.log"
INTERRUPTED = 130
"""The exit code after Ctrl-C, as in shells."""
_LONGEST_LINE = 600
"""Maximum number of characters of a printed line, large enough for any usual path."""
Result = TypeVar("Result")


class Remarks(logging.Handler):
    """A log handler that prints the program's warnings on stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one warning."""
        _print_error(f"注意：{record.getMessage()}")


logging.getLogger("sgtrack").addHandler(Remarks())


class ChineseContext(typer.Context):
    """The context of a command whose help is in Chinese."""

    def make_formatter(self) -> Any:
        """Return the formatter that writes help in Chinese."""
        from sgtrack.cli.help_formatting import HelpPage

        return HelpPage(width=self.terminal_width, max_width=self.max_content_width)


class RefusalGroup(TyperGroup):
    """A command group that turns every error into a message on stderr and an exit code."""

    context_class = ChineseContext

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        """Parse the program's options; store the command line, which is saved with every entry."""
        command_line = " ".join(["sgtrack", *map(_quoted, args)])
        context = guarded(
            lambda: super(RefusalGroup, self).make_context(info_name, args, *rest, **extra)
        )
        context.meta.setdefault(COMMAND_LINE, command_line)
        return context

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn every error into a message on stderr and an exit code."""
        result = guarded(lambda: super(RefusalGroup, self).invoke(ctx), ctx.find_root())
        if ctx.parent is None and ctx.obj is not None:
            _name_default_ledger(ctx.obj)
        return result


class ForgivingParser:
    """A mixin that lets a command accept option spellings that Typer rejects.

    ``--month`` without a value means the month due next. After the item, ``--who`` takes all names
    that follow it, as in ``--who 甲 乙``, and ``-e`` takes all files that follow it.
    """

    params: list[Any]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert the words to Typer's syntax, and let Typer parse them."""
        return super().parse_args(ctx, self._spell_out(args))  # type: ignore[misc,no-any-return]

    def _spell_out(self, args: list[str]) -> list[str]:
        takes_value = {o for p in self.params if not getattr(p, "is_flag", False) for o in p.opts}
        spelt: list[str] = []
        item_given = False
        rest = args
        while rest:
            word, *rest = rest
            if word == "--month" and (not rest or rest[0].startswith("-")):
                word = "--month="
            spelt.append(word)
            if word in takes_value and word.startswith("-"):
                spelt += rest[:1]
                rest = rest[1:]
                may_follow = _FOLLOWING.get(word)
                while may_follow and item_given and rest and may_follow(rest[0]):
                    spelt += [word, rest[0]]
                    rest = rest[1:]
            elif not word.startswith("-"):
                item_given = True
        return spelt


class ChineseCommand(TyperCommand):
    """A command with Chinese help."""

    context_class = ChineseContext

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, but leave out a last option whose value Tab completes.

        Otherwise the parser would return nothing, and completion would not know the item.
        """
        lacks_value = ctx.resilient_parsing and args[-1:] and args[-1].startswith("-")
        return super().parse_args(ctx, args[:-1] if lacks_value else args)


class ForgivingCommand(ForgivingParser, ChineseCommand):
    """A command that accepts the spellings of :class:`ForgivingParser`."""


class ForgivingGroup(ForgivingParser, RefusalGroup):
    """A command group whose options accept the spellings of :class:`ForgivingParser`."""


def _may_be_name(word: str) -> bool:
    return not word.startswith("-") and not word[:1].isdigit()


def _may_be_file(word: str) -> bool:
    return re.search(r"\.[A-Za-z]{2,4}\d?$|[/\\]", word) is not None and not word.startswith("-")


_FOLLOWING = {"--who": _may_be_name, "-e": _may_be_file, "--evidence": _may_be_file}


def ignore_interrupts() -> None:
    """Ignore Ctrl-C while the program ends, because in a destructor it would print a traceback."""
    with suppress(ValueError):  # outside the main thread, where Ctrl-C does not arrive
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def guarded(run: Callable[[], Result], root: typer.Context | None = None) -> Result:
    """Run a command; turn every error into a message on stderr and an exit code."""

    def context() -> AppContext | None:
        return root.obj if root else None  # the callback of the program sets it

    try:
        return run()
    except Refused as refused:
        from sgtrack.recovery.backups import add_way_back  # saves start-up time

        complain(_mask(add_way_back(refused), context()), _describe_written(context()))
        raise typer.Exit(refused.exit_code) from None
    except (typer.Abort, KeyboardInterrupt):
        ignore_interrupts()
        _print_error("\n".join(["\n已中断", *filter(None, [_describe_written(context())])]))
        raise typer.Exit(INTERRUPTED) from None
    except OutputFailed as failed:
        if not (isinstance(failed.reason, BrokenPipeError) and not _describe_written(context())):
            complain(_unshown(failed, context()))
        raise typer.Exit(1) from None
    except (typer.Exit, SystemExit, BrokenPipeError):
        raise
    except typer.TyperException as error:
        if error.exit_code != 2 or type(error).__name__ == "NoArgsIsHelpError":
            raise
        complain(_usage(error))
        raise typer.Exit(2) from None
    except OSError as error:
        complain(_mask(explain_os_error(error), context()), _describe_written(context()))
        raise typer.Exit(1) from None
    except Exception as error:  # ``_keep`` saves the traceback
        written = _describe_written(context()) or "台账没有改动"
        bug = f"程序出了错（{type(error).__name__}），不是您操作的问题"
        complain(Refused(bug, f"{_keep(error)}；{written}"))
        raise typer.Exit(1) from None


def _name_default_ledger(context: AppContext) -> None:
    """Print which ledger was changed, if it is the one in the user's data folder."""
    if context.written().name != "NO" and context.workspace.is_default:
        where = context.workspace.ledger
        _print_error(f"注意：这里不是工作文件夹，写进了默认的台账 {where}")


def _describe_written(context: AppContext | None) -> str:
    """Return a warning about records that a stopped command wrote, or an empty text."""
    if context is None or context.written().name == "NO":
        return ""
    if context.written().name == "YES":
        return "注意：到这一步为止的改动已经写进台账，用 sgtrack list 核对，不要重复记"
    return "注意：不能确定刚才的改动写进去没有，先用 sgtrack list 看"


def _unshown(failed: OutputFailed, context: AppContext | None) -> Refused:
    """Return the message for a result that could not be printed."""
    reason = reason_of(failed.reason)
    if _describe_written(context):
        return Refused(
            f"已经写进台账，只是结果没有显示出来（{reason}）", "用 sgtrack list 核对，不要重复记"
        )
    return Refused(
        f"结果没有显示出来（{reason}）", "换一个能写的地方，或直接显示在屏幕上；台账没有改动"
    )


def explain_os_error(error: OSError) -> Refused:
    """Return the message for an error of the operating system that no use case explained."""
    files = "、".join(str(name) for name in (error.filename, error.filename2) if name)
    hints = {
        errno.ENOSPC: f"腾出空间再试一次；临时文件放在 {os.environ.get('TMPDIR') or '系统盘'}",
        errno.EACCES: "检查文件和文件夹的权限",
        errno.EPERM: "检查文件和文件夹的权限",
        errno.ENAMETOOLONG: "换短一些的文件名和文件夹",
    }
    hint = hints.get(error.errno or 0, "检查磁盘和文件夹，再试一次")
    return Refused(f"{files or '文件'} 无法读写（{reason_of(error)}）", hint)


def _mask(refused: Refused, context: AppContext | None) -> Refused:
    """Mask personal names in a refusal, because officers send screenshots of errors to others."""
    if context is None:
        return refused
    try:
        # No upgrade, because the refusal may say that an upgrade failed and changed nothing.
        with context.snapshot(upgrade=False) as snapshot:
            message, hint = snapshot.mask((refused.message, refused.hint))
    except Exception:  # a ledger that cannot be read must not hide the message about it
        return refused
    return Refused(message, hint)


def _quoted(word: str) -> str:
    """Quote a word of a command line for a shell, but leave Chinese words unquoted.

    Control characters become spaces, also line breaks, because the line is stored and shown.
    """
    typed = word if re.fullmatch(r"[\w%+=:,./、，-]+", word) else shlex.quote(word)
    # Redaction finds a name with a space inside, but not one with a tab or a direction mark.
    return blank_unprintable(typed).encode("utf-8", "replace").decode("utf-8")


def complain(refused: Refused, remark: str = "") -> None:
    """Print a refusal on stderr, and a remark below it; shorten very long lines."""
    message = f"错误：{refused.message}" + (f"\n改法：{refused.hint}" if refused.hint else "")
    for line in [*message.split("\n"), *filter(None, [remark])]:
        _print_error(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…")


def _print_error(line: str) -> None:
    """Print a line on stderr; without a stderr nothing is printed."""
    if sys.stderr is not None:
        print(line, file=sys.stderr)  # noqa: T201


def _usage(error: typer.TyperException) -> Refused:
    """Translate Typer's message about wrong usage into Chinese."""
    path = getattr(getattr(error, "ctx", None), "command_path", "sgtrack")
    hint = f"用 {path} --help 看用法"
    message = error.format_message()
    quoted = re.findall(r"'([^']*)'", message)
    named = quoted[0] if quoted else ""
    option = getattr(error, "option_name", "")
    close: list[str] = []
    match type(error).__name__:
        case "NoSuchOption":
            close = sorted(getattr(error, "possibilities", None) or [])
            wrong = f"没有选项 {option}"
        case "MissingParameter":
            wrong = f"少写了 {named}"
        case "BadOptionUsage":
            wrong = f"选项 {option} 后面少了内容"
        case "BadParameter":
            wrong = f"{named} 后面的内容不对"
        case _ if message.startswith("No such command"):
            close, hint = quoted[1:], "用 sgtrack --help 看全部命令"
            wrong = f"没有命令 {named}"
        case _ if message.startswith("Missing command"):
            wrong = "少写了命令"
        case _:
            extra = re.search(r"arguments?(?:\(s\))? \((.*)\)", message)
            wrong = f"多写了内容：{extra[1] if extra else message}"
    meant = f"是不是 {'、'.join(close)}？" if close else ""
    return Refused(wrong, meant + hint, exit_code=2)


def _keep(error: Exception) -> str:
    """Write the traceback to a file for a maintainer, and return a hint that names the file.

    The values of variables are left out, because they can contain personal data.
    """
    log = Path(tempfile.gettempdir()) / ERROR_LOG
    try:
        # The file is created anew, because others can put a link into the shared temporary folder.
        log.unlink(missing_ok=True)
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("".join(traceback.format_tb(error.__traceback__)))
    except OSError:
        return "请把刚才输入的命令发给维护人员"
    return f"请把 {log}{os.linesep}和刚才输入的命令发给维护人员"
