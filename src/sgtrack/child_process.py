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
