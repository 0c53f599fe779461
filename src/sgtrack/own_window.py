"""Tells whether the packed program has a window of its own, which closes when the program ends."""

from __future__ import annotations

import sys


def has_own_window() -> bool:
    """Return whether Windows opened a window for this program, as after a double-click.

    A program that was typed in a terminal shares its window with the shell. One that another
    program started has an invisible window, and pipes instead of a keyboard and a screen.
    """
    if sys.platform != "win32" or not getattr(sys, "frozen", False):
        return False
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return False
    import ctypes  # noqa: PLC0415 - only for the packed program

    processes = (ctypes.c_uint32 * 2)()
    return bool(ctypes.windll.kernel32.GetConsoleProcessList(processes, 2) == 1)


def wait_for_enter() -> None:
    """Keep the window open until the officer presses Enter."""
    sys.stdout.write("\n按回车键关闭")
    sys.stdout.flush()
    sys.stdin.readline()
