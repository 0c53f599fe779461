"""Helps to read files of foreign formats in a child process of the program itself.

The libraries for these formats may abort, run endlessly or use up all memory if a file is damaged.
In a child process, this ends only the child.
"""

from __future__ import annotations

import sys
from contextlib import suppress


def child_command(argument: str) -> list[str]:
    """Return the command line that runs the program with one argument."""
    if getattr(sys, "frozen", False):  # An executable file takes no options of Python.
        return [sys.executable, argument]
    # With -P, Python imports no module from the current folder.
    return [sys.executable, "-P", "-m", "sgtrack", argument]


class ChildTooSlow(Exception):
    """A child process took too much time."""


def run_child(argument: str, given: bytes, most_seconds: int) -> bytes:
    """Run the program itself with one argument; return its output, even if it fails.

    ``given`` is its standard input.

    Raises:
        ChildTooSlow: the process took more than ``most_seconds``.
        OSError: the process cannot be started.
    """
    import subprocess  # noqa: PLC0415 - the child process also imports this module

    try:
        return subprocess.run(  # noqa: S603 - the program itself
            child_command(argument),
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=most_seconds,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        ).stdout
    except subprocess.TimeoutExpired:
        raise ChildTooSlow from None


def limit_time(most_seconds: int) -> None:
    """Limit the processor time of this process; Windows does not enforce it."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))


def limit_memory(most_memory: int) -> None:
    """Limit the address space of this process, in bytes; only Linux enforces it."""
    # Windows does not have the module ``resource``.
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
