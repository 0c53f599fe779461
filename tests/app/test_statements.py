"""Whoever logs sends few statements, above all while other writers wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.recovery import backups

from ..support.command_line import Run
from ..support.ledgers import ON_SERVER
from ..support.statements import count_statements

ALL, IN_TURN = (29, 25) if ON_SERVER else (43, 39)
"""The largest numbers of statements of one ``log``; those to an SQLite file travel nowhere."""


@pytest.mark.parametrize(
    "words",
    [
        ("5.1", "3人次"),
        ("7.3.1", "80人次", "100份", "-t", "惠民殡葬"),
        ("7.2.2", "2人", "--who", "张三、李四", "-t", "招募"),
    ],
)
def test_a_log_sends_few_statements(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(backups, "make_daily_backup", lambda ledger: None)
    for day in ("1-5", "3-12", "6-1"):
        assert run("log", *words, "-d", day, "-c", "sanli").code == 0
    with count_statements(tmp_path) as sent:
        ran = run("log", *words, "-d", "6-20", "-c", "sanli")
    assert ran.code == 0, ran.err
    assert len(sent.in_turn()) <= IN_TURN, "\n".join(sent)
    assert len(sent) <= ALL, "\n".join(sent)
