"""Templates run in a box: no way to the program's insides, and a bound on time and memory.

A template may come from a colleague or a web page. It can read what the document says, and nothing
else. Jinja's own sandbox sees to that; it does not stop a template that never ends or that grows
without end, so filling is bounded as well.
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sgtrack.zips import UNREADABLE

MOST_SECONDS = 60.0
"""How long filling may take; the longest of the packaged templates takes one second."""
MOST_BYTES = 1 << 30
"""How much memory filling may take, where the system can be told so."""
MOST_UNPACKED = 100_000_000
"""How many bytes a Word template may unpack to."""
_LONGEST = 100_000


class Unbounded(ValueError):
    """A template takes too long, or too much memory."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which no text or list can be multiplied without end."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=StrictUndefined, **options)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Compute, unless the result could be anything in size."""
        if operator == "%" and isinstance(left, str):
            raise SecurityError("用了 % 来排版文字")
        if operator == "**" and _bits(left) * abs(right) > _LONGEST:
            raise SecurityError("乘方太大")
        if operator == "*" and _bits(left) + _bits(right) > _LONGEST:
            raise SecurityError("数太大")
        if operator == "*" and not all(isinstance(one, int | float) for one in (left, right)):
            sizes = [one if isinstance(one, int) else len(one) for one in (left, right)]
            if sizes[0] * sizes[1] > _LONGEST:
                raise SecurityError("重复得太多")
        return super().call_binop(context, operator, left, right)


def _bits(value: object) -> int:
    return value.bit_length() if isinstance(value, int) else 64


@contextmanager
def bounded(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Stops what is done within when it takes too long or too much memory.

    Raises:
        Unbounded: it did.
    """
    done = threading.Event()
    rang = threading.Event()

    def watch() -> None:
        if not done.wait(seconds):
            rang.set()
            _thread.interrupt_main()

    if threading.current_thread() is threading.main_thread():
        threading.Thread(target=watch, daemon=True).start()
    try:
        with _interruptible(), _memory_bounded():
            yield
    except KeyboardInterrupt:
        if rang.is_set():
            raise Unbounded(f"填了 {seconds:.0f} 秒还没有填完") from None
        raise
    except MemoryError:
        raise Unbounded("要的内存太多") from None
    finally:
        done.set()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets a program be interrupted that was started in the background, where shells forbid it."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _memory_bounded() -> Iterator[None]:
    """Lets the process grow by no more than the bound, where Linux keeps count of it."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MOST_BYTES
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def check_packed(template: Path) -> None:
    """Refuse a Word file that unpacks to too much or cannot be unpacked.

    Raises:
        ValueError: it does, or cannot.
    """
    room = MOST_UNPACKED
    try:
        with ZipFile(template) as packed:
            for one in packed.infolist():
                with packed.open(one) as part:
                    while chunk := part.read(1 << 20):
                        room -= len(chunk)
                        if room < 0:
                            raise Unbounded("展开后太大")
    except Unbounded:
        raise
    except UNREADABLE as error:
        raise ValueError(f"不是完好的 .docx 文件：{error}") from None
