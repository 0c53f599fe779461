"""Runs ``sgtrack`` in a pseudo-terminal, reads its screen and answers its questions."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

pexpect = pytest.importorskip("pexpect")
WAIT = 30
ENTER = "\r"
PROMPT_ENDS = "\x1b[?2004l"
"""What prompt_toolkit sends when a question was answered: the end of bracketed paste."""
PROMPT_IS_DRAWN = "\x1b[?25h"
"""What it sends when a question stands on the screen: the cursor is shown again."""
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


class Terminal:
    """A terminal with ``sgtrack`` running in it; ``size`` is its lines and columns."""

    def __init__(
        self,
        workspace: Workspace | None,
        folder: Path,
        *words: str,
        size: tuple[int, int] = (40, 100),
    ) -> None:
        env = os.environ | {
            **({"SGTRACK_HOME": str(workspace.root)} if workspace else {}),
            "TERM": "xterm",
            "PYTHONUTF8": "1",
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        self.screen = ""
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "sgtrack", *words],
            env=env,
            cwd=str(folder),
            encoding="utf-8",
            timeout=WAIT,
            dimensions=size,
        )

    def answer(self, question: str, answer: str = "") -> None:
        """Wait for a question, then type the answer, which replaces the default."""
        self.child.expect(re.escape(question) + "[^：\r\n]*：")
        self.screen += self.child.before
        self.child.send(answer)
        # What was typed is echoed before Enter is pressed, as a person would see it.
        self.child.send(ENTER)
        # The question is drawn again for every key; the next one comes after this is over.
        self.child.expect_exact(PROMPT_ENDS)
        self.screen += self.child.before

    def finish(self) -> str:
        self.child.expect(pexpect.EOF)
        self.screen += self.child.before
        self.child.close()
        assert self.child.exitstatus == 0, self.screen
        return CONTROL.sub("", self.screen)
