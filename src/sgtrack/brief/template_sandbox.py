"""Runs templates in a sandbox with limits of time and memory.

A template may come from an untrusted source. The sandbox of Jinja blocks access to the program, but
it does not stop endless loops or limit memory.
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

if sys.platform == "linux":
    import resource

_MAX_SECONDS = 60.0
"""Maximum number of seconds to render a template; packaged templates take at most one second."""
_MAX_BYTES = 1 << 30
"""Maximum number of bytes by which the process may grow; enforced only on Linux."""
_MAX_UNPACKED = 100_000_000
"""Maximum size in bytes of an unpacked Word template."""
_MAX_LENGTH = 100_000
"""Maximum number of bits of a product or power, and maximum length of a repeated text or list."""


class Unbounded(ValueError):
    """The error raised if a template exceeds a limit of time, memory or size."""


class Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja sandbox that also limits the results of ``*`` and ``**``, and refuses text ``%``."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=StrictUndefined, **options)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Apply a binary operator.

        Raises:
            SecurityError: the result would be too large, or ``%`` would format a text.
        """
        if operator == "%" and isinstance(left, str):
            raise SecurityError("用了 % 来排版文字")
        if operator == "**" and _count_bits(left) * abs(right) > _MAX_LENGTH:
            raise SecurityError("乘方太大")
        if operator == "*" and _count_bits(left) + _count_bits(right) > _MAX_LENGTH:
            raise SecurityError("数太大")
        if operator == "*" and not all(isinstance(value, int | float) for value in (left, right)):
            sizes = [value if isinstance(value, int) else len(value) for value in (left, right)]
            if sizes[0] * sizes[1] > _MAX_LENGTH:
                raise SecurityError("重复得太多")
        return super().call_binop(context, operator, left, right)


def _count_bits(value: object) -> int:
    return value.bit_length() if isinstance(value, int) else 64


@contextmanager
def bounded(seconds: float = _MAX_SECONDS) -> Iterator[None]:
    """Run the block with limits of time and memory.

    The time limit is enforced only in the main thread.

    Raises:
        Unbounded: the block exceeded a limit.
    """
    finished = threading.Event()
    timed_out = threading.Event()

    def watch() -> None:
        if not finished.wait(seconds):
            timed_out.set()
            _thread.interrupt_main()

    if threading.current_thread() is threading.main_thread():
        threading.Thread(target=watch, daemon=True).start()
    try:
        with _interruptible(), _memory_bounded():
            yield
    except KeyboardInterrupt:
        if timed_out.is_set():
            raise Unbounded(f"填了 {seconds:.0f} 秒还没有填完") from None
        raise
    except MemoryError:
        raise Unbounded("要的内存太多") from None
    finally:
        finished.set()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Enable SIGINT inside the block, because the time limit interrupts the block with SIGINT.

    In background programs that a shell starts, SIGINT is ignored.
    """
    handler = signal.getsignal(signal.SIGINT)
    if handler is not signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


@contextmanager
def _memory_bounded() -> Iterator[None]:
    """Limit the memory growth of the process inside the block; set no limit outside Linux."""
    if sys.platform != "linux":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + _MAX_BYTES
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def check_packed(template: Path) -> None:
    """Check that a Word file is intact and unpacks to at most ``_MAX_UNPACKED`` bytes.

    Raises:
        ValueError: the file is damaged, or too large (:class:`Unbounded`).
    """
    room = _MAX_UNPACKED
    try:
        with ZipFile(template) as packed:
            for entry in packed.infolist():
                with packed.open(entry) as part:
                    while chunk := part.read(1 << 20):
                        room -= len(chunk)
                        if room < 0:
                            raise Unbounded("展开后太大")
    except Unbounded:
        raise
    except UNREADABLE as error:
        raise ValueError(f"不是完好的 .docx 文件：{error}") from None
