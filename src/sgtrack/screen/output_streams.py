"""Escapes control characters in standard output and error, and detects failed writes.

A terminal obeys escape sequences, and shows text after a direction mark backwards. Such characters
can be in any file name, contract, sheet or ledger, so they are escaped where all text leaves the
program.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedIOBase, TextIOWrapper
from typing import Any, BinaryIO, TextIO, cast

from sgtrack.model.text import escape_unprintable

NARROWEST = 20
"""Minimum number of columns of a terminal on which tables can be read."""


class OutputFailed(Exception):
    """Standard output cannot be written; ``reason`` is the error of the operating system."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(str(reason))
        self.reason = reason


class EscapingStream(TextIOWrapper):
    """A text stream that escapes control characters.

    A failed write or flush raises :class:`OutputFailed`. Failures of standard error are ignored,
    because there is no other place to report them.
    """

    def __init__(self, stream: BinaryIO, *, is_error: bool, **options: Any) -> None:
        super().__init__(stream, **options)
        self._is_error = is_error
        self.failure: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text after escaping its control characters."""
        return self.write_styled(escape_unprintable(text))

    def write_styled(self, text: str) -> int:
        """Write a text unchanged; it may contain the color sequences that Rich produces."""
        try:
            self._refuse_failed()
            return super().write(text)
        except OSError as error:
            self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        if self.closed:
            return
        try:
            self._refuse_failed()
            super().flush()
        except OSError as error:
            self._fail(error)

    def _refuse_failed(self) -> None:
        """Raise an earlier failure again.

        Otherwise it could remain unnoticed, because Typer first writes an empty text and ignores
        the failure of this write.
        """
        if self.failure is not None:
            raise self.failure

    def _fail(self, error: OSError) -> None:
        if os.name == "nt" and error.errno == errno.EINVAL:  # the reader has closed the pipe
            error = BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        self.failure = error
        if not self._is_error:
            raise OutputFailed(error) from None


class StyledStream:
    """A wrapper of an EscapingStream for Rich, whose color sequences must not be escaped."""

    def __init__(self, stream: EscapingStream) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text with color sequences."""
        return self._stream.write_styled(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _ClosedOutput(BufferedIOBase):
    """The output of a program that was started with closed output, as by ``sgtrack >&-``.

    Every write fails.
    """

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def bound_width() -> None:
    """Ignore the variable ``COLUMNS`` if its width is invalid or below ``NARROWEST``."""
    width = os.environ.get("COLUMNS", "")
    if width and not (width.isdecimal() and len(width) < 5 and int(width) >= NARROWEST):
        del os.environ["COLUMNS"]


@contextmanager
def escaped_output() -> Iterator[None]:
    """Escape control characters in standard output and error until the end of the block."""
    originals = (sys.stdout, sys.stderr)
    sys.stdout, sys.stderr = _wrap(sys.stdout, is_error=False), _wrap(sys.stderr, is_error=True)
    wrapped = (sys.stdout, sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = originals
        for stream in wrapped:
            if isinstance(stream, EscapingStream):
                _release(stream)


def _wrap(stream: TextIO | None, *, is_error: bool) -> TextIO:
    """Return a stream that escapes; it writes UTF-8 with LF to files and pipes.

    On Chinese Windows, Python writes GBK with CRLF to files and pipes, but other programs expect
    JSON in UTF-8, and GBK lacks characters of people's names. A terminal prints ``?`` for what it
    cannot encode. Completion keeps the encoding of the terminal, because the shell decodes it so.
    """
    if stream is None:
        closed = cast(BinaryIO, _ClosedOutput())
        return EscapingStream(closed, is_error=is_error, encoding="utf-8", write_through=True)
    if not isinstance(stream, TextIOWrapper):  # a test captures the output
        return stream
    stream.flush()
    keeps_encoding = stream.isatty() or "_SGTRACK_COMPLETE" in os.environ
    # Typer would replace a stream in ASCII by its own, which escapes nothing.
    keeps_encoding = keeps_encoding and stream.encoding.lower() not in ("ascii", "us-ascii")
    return EscapingStream(
        cast(BinaryIO, stream.buffer),
        is_error=is_error,
        encoding=stream.encoding if keeps_encoding else "utf-8",
        errors="replace",
        newline=None if keeps_encoding else "\n",
        line_buffering=stream.isatty(),
    )


def _release(stream: EscapingStream) -> None:
    """Stop using a stream without closing the file below it.

    After a failure, the text that is left in the buffers is discarded. Python would otherwise try
    to write it again at exit, and report an error.
    """
    with suppress(OutputFailed):
        stream.flush()
    if stream.failure is not None:
        with suppress(OSError):  # a test's stream has no descriptor
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
    with suppress(OutputFailed, ValueError):
        stream.detach()
