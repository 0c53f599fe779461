"""Watches the system calls by which a process changes files, to kill it or to let a call fail.

It uses ``ptrace``, so it sees the calls of SQLite as well as those of Python. It knows the call
numbers of Linux on x86-64 only.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

OFFERED = sys.platform == "linux" and platform.machine() == "x86_64"
"""Whether calls can be watched on this system."""
_TRACEME, _POKEUSER, _CONTINUE, _SETOPTIONS, _CALL_INFO = 0, 6, 7, 0x4200, 0x420E
"""Requests to ``ptrace``."""
_OPTIONS = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 7 | 1 << 20
"""Options to trace child processes and threads too, and to kill all of them with the tracer."""
_FILTERED_CALL = 7
_RESULT, _NUMBER = 10 * 8, 15 * 8
"""Offsets in bytes of the registers that hold the result and the number of a call."""
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER, _ANY_CHILD = 38, 22, 2, 0x40000000
_CREATING = os.O_CREAT | os.O_TRUNC
_HERE = -100
"""The file descriptor that means the working directory."""


class _Process:
    """A stopped process, with methods that read the arguments of its call."""

    def __init__(self, number: int, arguments: tuple[int, ...]) -> None:
        self.folder = Path(f"/proc/{number}")
        self.arguments = arguments

    def descriptor(self, index: int) -> str:
        """Return the path of the open file whose descriptor is the argument at an index."""
        number = ctypes.c_int(self.arguments[index]).value
        place = self.folder / ("cwd" if number == _HERE else f"fd/{number}")
        try:
            return str(place.readlink()).removesuffix(" (deleted)")
        except OSError:
            return ""

    def path(self, index: int, folder: int | None = None) -> str:
        """Return the path at an index of the arguments, relative to the folder at another index."""
        address, text = self.arguments[index], b""
        with (self.folder / "mem").open("rb", buffering=0) as memory:
            while address and b"\0" not in text:
                memory.seek(address + len(text))
                text += memory.read(4096 - (address + len(text)) % 4096)
        named = os.fsdecode(text.partition(b"\0")[0])
        if named.startswith("/"):
            return named
        below = str((self.folder / "cwd").readlink()) if folder is None else self.descriptor(folder)
        return f"{below}/{named}"

    def created(self, path: str, flags: int) -> str:
        """Return the path of a call that opens a file; None if the call cannot change the file."""
        return path if self.arguments[flags] & _CREATING else ""


_CALLS: dict[int, tuple[str, Callable[[_Process], str]]] = {
    1: ("write", lambda process: process.descriptor(0)),
    18: ("write", lambda process: process.descriptor(0)),
    20: ("write", lambda process: process.descriptor(0)),
    40: ("write", lambda process: process.descriptor(0)),
    326: ("write", lambda process: process.descriptor(2)),
    74: ("fsync", lambda process: process.descriptor(0)),
    75: ("fsync", lambda process: process.descriptor(0)),
    77: ("truncate", lambda process: process.descriptor(0)),
    285: ("truncate", lambda process: process.descriptor(0)),
    2: ("open", lambda process: process.created(process.path(0), 1)),
    257: ("open", lambda process: process.created(process.path(1, 0), 2)),
    82: ("rename", lambda process: process.path(1)),
    264: ("rename", lambda process: process.path(3, 2)),
    316: ("rename", lambda process: process.path(3, 2)),
    86: ("link", lambda process: process.path(1)),
    265: ("link", lambda process: process.path(3, 2)),
    83: ("mkdir", lambda process: process.path(0)),
    258: ("mkdir", lambda process: process.path(1, 0)),
    84: ("rmdir", lambda process: process.path(0)),
    87: ("unlink", lambda process: process.path(0)),
    263: ("unlink", lambda process: process.path(1, 0)),
    90: ("chmod", lambda process: process.path(0)),
    91: ("chmod", lambda process: process.descriptor(0)),
    268: ("chmod", lambda process: process.path(1, 0)),
}
"""The calls that change files, by number; each with a word for what it does and the path."""


@dataclass(frozen=True)
class Stop:
    """The change of a file below ``folder`` at which a watched process is stopped.

    ``call`` is the number of the change, counted from 0; with a negative number the process is only
    watched. If ``error`` is 0, the process is killed before the change. Otherwise the call fails
    with ``error``; if ``lasting`` is true, all later changes fail too.
    """

    folder: str
    call: int = -1
    error: int = 0
    lasting: bool = False


def let_be_watched() -> None:
    """Stop this process until :func:`watch` is called for it."""
    _ptrace(_TRACEME, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    # A seccomp filter stops the process only at the calls of ``_CALLS``, which keeps it fast.
    load, compare, leave = 0x20, 0x15, 0x06
    steps = [(load, 0, 0)]
    steps += [(compare, number, len(_CALLS) - n) for n, number in enumerate(_CALLS)]
    # These steps let the call pass, or stop the process.
    steps += [(leave, 0x7FFF0000, 0), (leave, 0x7FF00000, 0)]
    code = b"".join(struct.pack("HBBI", what, jump, 0, value) for what, value, jump in steps)
    held = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(held))
    )
    _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0)
    _call("prctl", _SECCOMP, _FILTER, ctypes.addressof(program), 0)


def watch(process: int, stop: Stop) -> tuple[list[tuple[str, str]], int]:
    """Run a stopped process to its end.

    Returns:
        Each change of a file below the folder, as a word for what was done and the path relative to
            the folder; and the wait status of the process.
    """
    changes: list[tuple[str, str]] = []
    os.waitpid(process, 0)
    _ptrace(_SETOPTIONS, process, value=_OPTIONS)
    stopped, pass_on = process, 0
    while True:
        _ptrace(_CONTINUE, stopped, value=pass_on)
        stopped, status = os.waitpid(-1, _ANY_CHILD)
        while not os.WIFSTOPPED(status):
            if stopped == process:
                return changes, status
            stopped, status = os.waitpid(-1, _ANY_CHILD)
        event, pass_on = status >> 16, 0
        if event != _FILTERED_CALL:
            if not event and os.WSTOPSIG(status) != signal.SIGSTOP:
                pass_on = os.WSTOPSIG(status)
            continue
        change = _read_change(stopped, stop.folder)
        if change is None:
            continue
        number = len(changes)
        changes.append(change)
        if number == stop.call or (stop.lasting and 0 <= stop.call < number):
            if not stop.error:
                os.kill(process, signal.SIGKILL)
                return changes, os.waitpid(process, 0)[1]
            _ptrace(_POKEUSER, stopped, _NUMBER, -1)
            _ptrace(_POKEUSER, stopped, _RESULT, -stop.error)


def _read_change(process: int, folder: str) -> tuple[str, str] | None:
    """Return the change that a process stopped at a call is about to make.

    Return None if the file is not below the folder.
    """
    info = ctypes.create_string_buffer(88)
    _ptrace(_CALL_INFO, process, len(info), ctypes.addressof(info))
    number, *arguments = struct.unpack_from("7Q", info.raw, 24)
    what, path_of = _CALLS[number]
    path = os.path.normpath(path_of(_Process(process, tuple(arguments))) or "/")
    below = path == folder or path.startswith(f"{folder}/")
    return (what, os.path.relpath(path, folder)) if below else None


def _ptrace(request: int, process: int, address: int = 0, value: int = 0) -> None:
    _call("ptrace", request, process, address, value)


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    function.restype = ctypes.c_long
    if function(*map(ctypes.c_long, arguments)) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
