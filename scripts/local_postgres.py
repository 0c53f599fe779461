"""Starts a temporary PostgreSQL server for tests and measurements.

The server accepts connections only through a socket in its own folder. It sorts text like a Chinese
dictionary, so that tests find code that relies on the sort order of the database.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sgtrack.model.errors import Refused
from sgtrack.model.location import server_at
from sgtrack.store.postgresql import connect_to

_USERS = ("postgres", "nobody")
"""Users to run the server as if the script runs as root, because PostgreSQL refuses root."""
_WITHOUT_DISK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def url_in(folder: Path, database: str, user: str = "sgtrack") -> str:
    """Return the URL of a database on the server in a folder."""
    return f"postgresql+psycopg://{user}@/{database}?host={folder}"


@contextmanager
def started_server(*, durable: bool = False) -> Iterator[Path]:
    """Start a server, yield the folder of its socket, and stop the server at the end.

    Args:
        durable: whether the server waits for the disk at each commit, as in production.

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="sgtrack-postgres-"))
    as_user = _another_user(folder) if os.getuid() == 0 else {}
    made = subprocess.run(
        [
            *(programs / "initdb", "-D", folder / "data", "-U", "sgtrack", "-A", "trust", "-N"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh"),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        **as_user,
    )
    if made.returncode:
        raise RuntimeError(made.stderr)
    # The user ``officer`` needs a password; all other local users need none.
    rules = folder / "data" / "pg_hba.conf"
    rules.write_text(f"local all officer scram-sha-256\n{rules.read_text()}")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        **({} if durable else _WITHOUT_DISK),
    }
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [
                *(programs / "postgres", "-D", folder / "data"),
                *(word for key, value in settings.items() for word in ("-c", f"{key}={value}")),
            ],
            stdout=log,
            stderr=log,
            cwd=folder,
            **as_user,
        )
    try:
        _wait(folder, server)
        yield folder
    finally:
        # SIGINT stops the server at once, even if clients are connected.
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder)


def _another_user(folder: Path) -> dict[str, Any]:
    """Give the folder to a user other than root; return arguments to run a process as this user."""
    import pwd  # noqa: PLC0415 - Windows has none

    user = next(pwd.getpwnam(name) for name in _USERS)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    while True:
        if server.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        with suppress(Refused), connect_to(server_at(url_in(folder, "postgres"))):
            return
        time.sleep(0.05)


def _programs() -> Path:
    """Return the folder of the server's programs, which is not in the PATH on Debian."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = versions[-1] if versions else shutil.which("initdb")
    if found is None:
        raise FileNotFoundError("apt-get install postgresql")
    return Path(found).parent
