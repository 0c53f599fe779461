"""Questions on the terminal; an invalid answer is explained, and the question is repeated."""

from __future__ import annotations

import getpass
import logging
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

import typer

from sgtrack.entry.activity_input import ActivityInput
from sgtrack.entry.series_matching import ClosedSeries, SimilarSeries, under_series
from sgtrack.entry.text_cleaning import clean
from sgtrack.model.errors import Refused
from sgtrack.model.text import wrap_lines
from sgtrack.privacy.encryption import check_passphrase

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.key_binding import KeyBindings

PASSPHRASE_VARIABLE = "SGTRACK_PASSPHRASE"  # noqa: S105 - the name of a variable, not a password
YES = ("", "y", "yes", "是", "好", "对", "1")
NO = ("n", "no", "否", "不", "0")
_COMMAND_LINE = re.compile(r"sgtrack|(?<![\w-])--?[a-z]")
"""Pattern of options and commands; hints with them do not help to answer a question."""
BACK = ("<", "《")
"""Answers that return to the previous question; the last is the key of < with a Chinese IME."""
DECLINED = ("n", "no", "否", "不", "不记", "跳过")
"""Answers to an open question that say that the activity is not to be recorded."""


def can_ask() -> bool:
    """Return whether standard input and output are a terminal, so that questions can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


@dataclass(frozen=True, slots=True)
class RunMode:
    """How a command runs: whether it writes, whether it may ask, and what it prints.

    ``certain`` says that what was read needs no confirmation; then nothing is asked.
    """

    dry_run: bool = False
    certain: bool = False
    as_json: bool = False

    @property
    def may_ask(self) -> bool:
        """Whether questions can be asked."""
        return can_ask() and not self.certain and not self.as_json


class Leaving(TypedDict, total=False):
    """How a question can be left without an answer; see :func:`ask`."""

    can_go_back: bool
    decline: str


class GoBack(Exception):
    """Raised when the officer wants to answer the previous question again."""


class Declined(Exception):
    """Raised when the officer answers that she does not want to record the activity."""


def ask(
    label: str,
    check: Callable[[str], object],
    *,
    default: str = "",
    hint: str = "",
    completer: Completer | None = None,
    can_go_back: bool = False,
    decline: str = "",
    at_first: str = "前面没有问题了，从这里答起；要停下按 Ctrl-C",
) -> str:
    """Ask until ``check`` accepts the answer, and return the answer.

    ``check`` raises ``Refused`` for an invalid answer. ``hint`` is shown below the question.
    Typing replaces ``default``, which is selected at first; Backspace and the arrow keys edit it.
    ``decline`` says what the answer n means, such as 跳过这一次; if it is empty, n means nothing
    special. ``at_first`` is shown if the officer wants to go back but cannot.

    Raises:
        GoBack: ``can_go_back`` is true, and the answer is one of ``BACK``.
        Declined: ``decline`` is not empty, and the answer is one of ``DECLINED``.
        typer.Abort: the officer pressed Ctrl-C or Ctrl-D.
    """
    from prompt_toolkit import prompt
    from prompt_toolkit.shortcuts import CompleteStyle

    logging.getLogger("asyncio").addFilter(_is_no_interrupt)
    keys = [hint, "< 回到上一个问题" if can_go_back else "", f"n {decline}" if decline else ""]
    toolbar = "；".join(filter(None, keys))
    while True:
        try:
            answer = prompt(
                f"{label}：",
                default=default,
                completer=completer,
                complete_while_typing=completer is not None,
                complete_style=CompleteStyle.COLUMN,
                bottom_toolbar="\n".join(_wrapped(toolbar)) or None,
                key_bindings=_completing_keys(),
                pre_run=_select_default,
                set_exception_handler=False,
            ).strip()
        except (KeyboardInterrupt, EOFError):
            raise typer.Abort from None
        key = key_of(answer)
        if decline and key in DECLINED:
            raise Declined
        if key in BACK:
            if can_go_back:
                raise GoBack
            typer.echo(at_first)
            continue
        try:
            check(answer)
        except Refused as refused:
            words = "。".join(filter(None, (refused.message, _hint_of_question(refused.hint))))
            typer.echo("\n".join(_wrapped(words)))
            default = answer
        else:
            return answer


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    """Return whether a log message is about anything other than Ctrl-C.

    If Ctrl-C is pressed while a question begins or ends, asyncio also reports it for the tasks of
    the question.
    """
    return not (record.exc_info and isinstance(record.exc_info[1], KeyboardInterrupt))


def key_of(answer: str) -> str:
    """Normalize an answer of one key, such as y or <, that may be typed with a Chinese IME."""
    return unicodedata.normalize("NFKC", answer).strip().lower()


def _wrapped(text: str) -> list[str]:
    """Return the lines of a text that fit the terminal."""
    from prompt_toolkit.utils import get_cwidth

    return wrap_lines(text, shutil.get_terminal_size().columns, get_cwidth)


def _hint_of_question(hint: str) -> str:
    """Return the parts of a hint that are about answers, without those about the command line."""
    parts = re.split("([；，])", hint)
    kept = [n for n in range(0, len(parts), 2) if not _COMMAND_LINE.search(parts[n])]
    return "；".join(parts[n] for n in kept)


def _select_default() -> None:
    """Select the default answer, so that typing replaces it."""
    from prompt_toolkit.application import get_app

    buffer = get_app().current_buffer
    if buffer.text:
        buffer.cursor_position = 0
        buffer.start_selection()
        if buffer.selection_state is not None:
            buffer.selection_state.enter_shift_mode()
        buffer.cursor_position = len(buffer.text)


def _completing_keys() -> KeyBindings:
    """Return the keys that list all choices while nothing is typed."""
    from prompt_toolkit.application import get_app
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("down", filter=Condition(lambda: not get_app().current_buffer.text))
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.start_completion(select_first=False)

    return keys


def ask_yes(label: str, no: str = "取消") -> bool:
    """Ask a yes-or-no question, where Enter means yes; ``no`` says what n means."""

    def check(answer: str) -> None:
        if key_of(answer) not in (*YES, *NO):
            raise Refused("无法识别所答内容", f"按回车就是确认，输入 n 就是{no}")

    return key_of(ask(f"{label}？（回车确认，n {no}）", check)) in YES


def ask_choice(label: str, choices: Sequence[str], *, decline: str = "", none: str = "") -> int:
    """List choices with their numbers, and return the index of the chosen one.

    ``none`` is the text of a choice with the number 0, for which -1 is returned. Without this text,
    0 is not accepted.

    Raises:
        Declined: ``decline`` is not empty, and the answer is one of ``DECLINED``.
    """
    for number, words in enumerate(choices, start=1):
        typer.echo(f"  {number}  {words}")
    if none:
        typer.echo(f"  0  {none}")
    numbers = [str(number) for number in range(0 if none else 1, len(choices) + 1)]

    def check(answer: str) -> None:
        if key_of(answer) not in numbers:
            raise Refused(f"请写 {'、'.join(numbers)} 中的一个")

    hint = f"写前面的数字：{'、'.join(numbers)}"
    return int(key_of(ask(label, check, hint=hint, decline=decline))) - 1


def ask_series(
    doubtful: SimilarSeries | ClosedSeries, typed: ActivityInput, *, decline: str = ""
) -> ActivityInput:
    """Ask which group or case a name means: an open one of a similar name, or one that has ended.

    Return the input under the name that the officer chooses, or marked as a new group or as a
    continued one.

    Raises:
        Declined: ``decline`` is not empty, and the officer does not want to record the activity.
    """
    typer.echo("\n".join(_wrapped(f"{doubtful.message}。")))
    if isinstance(doubtful, ClosedSeries):
        return _ask_after_end(doubtful, typed, decline)
    similar = doubtful
    for session, title in zip(similar.candidates, similar.shown[1:], strict=True):
        if ask_yes(f"是不是{title}", "不是"):
            return under_series(typed, session.title)
    return replace(typed, again=True)


def _ask_after_end(closed: ClosedSeries, typed: ActivityInput, decline: str) -> ActivityInput:
    name, _, *others = closed.shown
    choices = [f"接着“{name}”做，它没有结束", "是新的一个，用别的名称"]
    choices += [f"是进行中的“{title}”" for title in others]
    choice = ask_choice("是哪一种", choices, decline=decline)
    if choice == 0:
        return replace(typed, reopens=True)
    if choice > 1:
        return under_series(typed, closed.candidates[choice - 2].title)

    def check(title: str) -> None:
        if not clean(title, "标题"):
            raise Refused("要写名称", "同一名称的多次记录只算一个")

    return under_series(typed, ask("名称", check, default=closed.new_name, decline=decline))


def among(choices: Iterable[tuple[str, str]]) -> Completer:
    """Return a completer that suggests choices (value, meaning).

    It matches the start of a value or any part of its meaning.
    """
    values = list(choices)
    return offering(
        lambda text: (
            (value, f"{value}  {meaning}".strip(), "")
            for value, meaning in values
            if value.startswith(text) or text in meaning
        )
    )


def offering(find_matches: Callable[[str], Iterable[tuple[str, str, str]]]) -> Completer:
    """Return a completer that suggests what ``find_matches`` returns for the typed text.

    Each match consists of the value to insert, the line to show and a remark beside it.
    """
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

    class Matches(Completer):
        def get_completions(
            self, document: Document, complete_event: CompleteEvent
        ) -> Iterable[Completion]:
            for value, line, remark in find_matches(document.text.strip()):
                yield Completion(value, -len(document.text), line, remark or None)

    return Matches()


def read_new_passphrase() -> str:
    """Read the passphrase of a file to be encrypted from the environment, or ask for it twice.

    It is asked for twice, because a file encrypted with a mistyped passphrase is lost.

    Raises:
        Refused: the program cannot ask, the passphrase is too short or not UTF-8, or the answers
            differ.
        typer.Abort: the officer pressed Ctrl-D.
    """
    passphrase, is_typed = _read_secret("没有密码", "密码（不显示）：")
    check_passphrase(passphrase)
    if is_typed and _ask_secret("再输一次：") != passphrase:
        raise Refused("两次输入的密码不一样", "再运行一次")
    return passphrase


def read_file_password(name: str) -> str:
    """Read the password of an existing file from the environment, or ask for it without echo.

    Raises:
        Refused: the program cannot ask, or the password is not UTF-8.
        typer.Abort: the officer pressed Ctrl-D.
    """
    return _read_secret(f"{name} 有密码，打不开", f"{name} 的密码（不显示）：")[0]


def _read_secret(missing: str, label: str) -> tuple[str, bool]:
    """Read a password; return it, and whether it was typed."""
    from_environment = os.environ.get(PASSPHRASE_VARIABLE, "")
    if not from_environment and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(missing, f"在终端里运行，或把密码放进环境变量 {PASSPHRASE_VARIABLE}")
    password = from_environment or _ask_secret(label)
    try:
        password.encode()
    except UnicodeEncodeError:
        raise _unreadable_passphrase() from None
    return password, not from_environment


def _ask_secret(label: str) -> str:
    try:
        return getpass.getpass(label, stream=sys.stderr)
    except EOFError:  # Ctrl-D
        raise typer.Abort from None
    except UnicodeDecodeError:
        raise _unreadable_passphrase() from None


def _unreadable_passphrase() -> Refused:
    return Refused("密码里有读不懂的字符", "用键盘重新输入，只用字母、数字、标点和汉字")
