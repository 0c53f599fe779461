"""What can go wrong, as values: a refusal for the officer, a problem in a file she wrote."""

from __future__ import annotations

from dataclasses import dataclass


class Refused(Exception):
    """Something the officer can put right; nothing was written.

    Args:
        message: what is wrong, in one plain Chinese sentence.
        hint: what to write instead, or empty.
        exit_code: 1 for a refusal, 2 for a command line that cannot be understood.
    """

    def __init__(self, message: str, hint: str = "", *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One fault of one file, with its place and what to write instead."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.message}\n    改法：{self.remedy}"
