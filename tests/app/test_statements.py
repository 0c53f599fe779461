"""Whoever logs sends few statements, above all while other writers wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgtrack.recovery import backups

from ..support.command_line import Run
from ..support.ledgers import ON_SERVER
from ..support.statements import count_statements

ALL, IN_TURN = (25, 7) if ON_SERVER else (43, 22)
"""The largest numbers of statements of one ``log``; those to an SQLite file travel nowhere."""
OF_A_CONTRACT = 3 if ON_SERVER else 5
"""Further statements if the contract is recorded too, as before the first entry."""
WORDS = [
    ("5.1", "3人次"),
    ("7.3.1", "80人次", "100份", "-t", "惠民殡葬"),
    ("7.2.2", "2人", "--who", "张三、李四", "-t", "招募"),
    ("9.1.2", "3学时", "--who", "张三、李四", "-t", "培训"),
    ("7.3.1", "80人次", "--also", "7.4", "-t", "宣讲", "-e", "签到表.jpg", "照片.jpg"),
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of evidence, from which commands run; no backup is made."""
    monkeypatch.setattr(backups, "make_daily_backup", lambda ledger: None)
    monkeypatch.chdir(tmp_path)
    for name in ("签到表.jpg", "照片.jpg"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


@pytest.mark.parametrize("words", WORDS)
def test_a_log_sends_few_statements(run: Run, files: Path, words: tuple[str, ...]) -> None:
    for day in ("1-5", "3-12", "6-1"):
        ran = run("log", *words, "-d", day, "-c", "sanli")
        assert ran.code == 0, ran.err
    with count_statements(files) as sent:
        ran = run("log", *words, "-d", "6-20", "-c", "sanli")
    assert ran.code == 0, ran.err
    assert len(sent.in_turn()) <= IN_TURN, "\n".join(sent)
    assert len(sent) <= ALL, "\n".join(sent)


def test_the_first_log_of_a_community_sends_few_statements(run: Run, files: Path) -> None:
    assert run("log", "6.3", "45人次", "-d", "3-8", "-c", "xianheguan").code == 0
    with count_statements(files) as sent:
        ran = run("log", *WORDS[-1], "-d", "6-20", "-c", "sanli")
    assert ran.code == 0, ran.err
    assert len(sent.in_turn()) <= IN_TURN + OF_A_CONTRACT, "\n".join(sent)
    assert len(sent) <= ALL + OF_A_CONTRACT, "\n".join(sent)
