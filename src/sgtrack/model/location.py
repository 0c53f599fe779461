"""The location of a ledger: a file, or a database on a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sgtrack.model.errors import Refused

_SCHEMES = ("postgresql+psycopg", "postgresql")
ADDRESS_EXAMPLE = "写成 postgresql+psycopg://用户@主机/数据库，密码放在 ~/.pgpass 里"
"""Tells the officer how to write the address of a database."""


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database; ``conninfo`` may contain a password, ``shown`` never does."""

    conninfo: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


Location = Path | Server
"""A file, or a database on a server."""


def server_at(url: str) -> Server:
    """Parse the URL of a database, without connecting to it.

    Raises:
        Refused: it is no URL of a PostgreSQL database.
    """
    from urllib.parse import parse_qs, urlsplit  # noqa: PLC0415 - saves start-up time

    scheme, there, rest = url.partition("://")
    try:
        parts = urlsplit(f"postgresql://{rest}")
        host = parts.hostname or parse_qs(parts.query).get("host", ["本机"])[0]
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        there = ""
    if not there or scheme not in _SCHEMES:
        raise Refused("环境变量 SGTRACK_DB 不是 PostgreSQL 数据库的地址", ADDRESS_EXAMPLE)
    name = parts.path.lstrip("/")
    if not name:
        raise Refused("环境变量 SGTRACK_DB 里没有写哪个数据库", ADDRESS_EXAMPLE)
    if "@" in name:  # then it is part of the password, which no message may show
        raise Refused(
            "环境变量 SGTRACK_DB 的密码里有 / 这样的符号，分不清哪里是主机",
            "把它写成 %2F 这样的编码；最好把密码放在 ~/.pgpass 里",
        )
    return Server(f"postgresql://{rest}", f"{host}{port}/{name}")
