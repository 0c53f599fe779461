"""Answers the questions of ``log`` as an officer at a terminal would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sgtrack.cli import draft_prompts, field_prompts, log_command, log_text, prompts

WRITE = "确认写入"
"""The beginning of the question whether to write; the answer is Enter, or the number of a row."""
Answer = Callable[[str, str], str]
"""A function that takes the label and the default of a question, and returns the answer."""


def answer_questions(
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    say_yes: Callable[[str], bool] = lambda _: True,
) -> None:
    """Answer every question with ``answer``, as if there were a terminal.

    ``say_yes`` is the answer to yes-or-no questions.
    """

    def ask(label: str, check: Callable[[str], object], *, default: str = "", **_: Any) -> str:
        text = answer(label, default)
        check(text)
        return text

    for module in (draft_prompts, field_prompts):
        monkeypatch.setattr(module, "ask", ask)
    for module in (draft_prompts, log_text):
        monkeypatch.setattr(module, "ask_yes", say_yes)
    for module in (log_command, prompts):
        monkeypatch.setattr(module, "can_ask", lambda: True)
