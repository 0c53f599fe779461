"""The main commands run while no network connection can be opened."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ..support.command_line import Run


class Connected(BaseException):
    """The program tried to reach a network; none of its handlers catches this."""


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name lookup and every connection fail."""

    def refuse(*args: object, **_: object) -> None:
        raise Connected(str(args))

    for name in ("getaddrinfo", "gethostbyname", "create_connection", "getnameinfo"):
        monkeypatch.setattr(socket, name, refuse)
    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse, raising=False)


def test_the_net_is_really_cut(cut_off: None) -> None:
    with pytest.raises(Connected):
        socket.create_connection(("localhost", 9))
    with socket.socket() as reached, pytest.raises(Connected):
        reached.connect(("127.0.0.1", 9))


@pytest.mark.about_the_file("a database is reached over a network")
def test_no_command_opens_a_connection(
    cut_off: None, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SGTRACK_PASSPHRASE", "一句又长又好记的话")
    file = tmp_path / "签到表.pdf"
    file.write_text("signed")
    out = tmp_path / "out"
    for line in (
        f"init {tmp_path}/另一个",
        f"log 5.1 3人次 -d 3-1 -t 入户 -e {file} -c sanli",
        "people add 欧阳翡翠 -c sanli",
        "status -c sanli",
        "status --json -c sanli",
        f"status --html {out}/x.html -c sanli",
        "list -c sanli",
        "explain 5.1 -c sanli",
        "due -c sanli",
        "targets -c sanli",
        "brief --month 3 --issue --yes -c sanli",
        "brief --month 4 --format html -c sanli",
        "report midterm -c sanli",
        f"export {out}/x.xlsx -c sanli",
        f"sheet {out}/form.xlsx -c sanli",
        f"dossier -o {out}/x.zip -c sanli",
        f"backup --encrypt {out}/x.sealed",
        f"export {out}/protected.xlsx --password -c sanli",
        f"import {out}/protected.xlsx --dry-run -c sanli",
        "verify",
        "forget 欧阳翡翠 -r 要求 --yes",
        "backup list",
    ):
        ran = run(*line.split())
        assert ran.code == 0, (line, ran.err)
