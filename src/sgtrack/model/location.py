"""The location of a ledger: the path of a file, or a PostgreSQL database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sgtrack.model.errors import Refused

_SCHEMES = ("postgresql+psycopg", "postgresql")
ADDRESS_EXAMPLE = "写成 postgresql+psycopg://用户@主机/数据库，密码放在 ~/.pgpass 里"
"""A hint on how to write the URL of a database."""


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database; ``conninfo`` may contain a password, but ``shown`` does not."""

    conninfo: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


Location = Path | Server
"""The path of a file, or a PostgreSQL database."""


def server_at(url: str) -> Server:
    """Parse the URL of a PostgreSQL database without connecting to it.

    Raises:
        Refused: ``url`` is not the URL of a PostgreSQL database.
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
    if "@" in name:  # Part of the password is in the name, so no message may show it.
        raise Refused(
            "环境变量 SGTRACK_DB 的密码里有 / 这样的符号，分不清哪里是主机",
            "把它写成 %2F 这样的编码；最好把密码放在 ~/.pgpass 里",
        )
    return Server(f"postgresql://{rest}", f"{host}{port}/{name}")
