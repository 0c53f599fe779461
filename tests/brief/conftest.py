"""The Word draft that the tests of edited files begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.word_edits import DRAFT, EFFECT, HERE, NAME


@pytest.fixture
def draft(run: Run, workspace: Workspace) -> Path:
    """The Word draft of March."""
    for words in (
        ("log", "5.1", "6人次", "-d", "3-3"),
        ("log", "6.3", "1场", "42人次", "-d", "3-4", "--effect", EFFECT),
        (
            "log",
            "7.3.1",
            "2场",
            "90人次",
            "170份",
            "-d",
            "3-6",
            "-t",
            "清明宣讲",
            "--place",
            "院坝",
        ),
        ("log", "7.2.2", "-d", "3-9", "--who", "欧阳翠花"),
    ):
        assert run(*words, *HERE).code == 0
    assert run(*DRAFT).code == 0
    return workspace.briefs / NAME
