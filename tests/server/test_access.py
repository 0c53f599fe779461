"""The rights of users in a shared database, and the refusals of those who lack them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sgtrack.model.location import Server
from sgtrack.store.opening import ledger_exists
from sgtrack.workspace import Workspace

from ..support.command_line import Run
from ..support.ledgers import Databases, contents, raw
from ..support.loaded_modules import HEAVY, loaded_packages

HERE = ("-c", "sanli")
PAGE = Path(__file__).parents[2] / "docs" / "postgresql.md"
Use = Callable[[str], None]


@pytest.fixture
def url(databases: Databases, server: Server) -> str:
    """The address of the ledger's database."""
    return databases.url(server.shown.rsplit("/", 1)[1])


@pytest.fixture
def officer(run: Run, server: Server, databases: Databases) -> str:
    """A database user with the rights that docs/postgresql.md gives an officer."""
    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    found = re.search(r"```sql\n(-- What an officer.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    with raw(server) as db:
        db.script("DROP ROLE IF EXISTS officer; CREATE ROLE officer LOGIN PASSWORD 'geheim'")
        db.script(found[1])
    return "officer"


def as_user(url: str, user: str) -> str:
    return url.replace("sgtrack@", f"{user}@")


def test_an_officer_writes_and_reads_and_cannot_alter(
    run: Run, officer: str, server: Server, url: str, use: Use
) -> None:
    use(as_user(url, f"{officer}:geheim"))
    ran = run("log", "5.1", "4人次", "-d", "6-2", "-t", "又一次", *HERE)
    assert ran.code == 0, ran.err
    assert run("void", re.findall(r"已记录  (\S+)", ran.out)[0], "-r", "记错").code == 0
    for words in (("status",), ("list",), ("explain", "5.1", *HERE), ("check",), ("due",)):
        assert run(*words).err == "", words
    assert run("brief", "-m", "6", "--issue", "--yes", *HERE).code == 0
    ran = run("verify")
    assert (ran.code, "建台账的用户" in ran.err) == (1, True)
    before = contents(server)
    with raw(server) as db:
        db.execute(f"SET ROLE {officer}")
        for statement in (
            "UPDATE activity SET title = 'x'",
            "DELETE FROM activity",
            "ALTER TABLE activity DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(Exception, match=r"denied|owner"):
                db.execute(statement)
        db.execute("SET sgtrack.rewriting = 'on'")
        with pytest.raises(Exception, match="denied"):
            db.execute("UPDATE activity SET title = 'x'")
    ran = run("forget", "张小花", "-r", "要求", "--yes")
    assert ran.code in (0, 1)
    assert "Traceback" not in ran.err
    assert contents(server) == before


@pytest.mark.usefixtures("officer")
def test_a_reader_of_counts_sees_no_names(server: Server) -> None:
    page = PAGE.with_name("data.md").read_text("utf-8")
    granted = re.search(r"```sql\n(-- A reader of counts.*?)```", page, re.DOTALL)
    assert granted
    with raw(server) as db:
        db.script("DROP ROLE IF EXISTS reader; CREATE ROLE reader;" + granted[1])
        db.execute("SET ROLE reader")
        done = db.execute("SELECT actual FROM sgtrack.progress WHERE item = '5.1'").fetchall()
        assert done == [(3.0,)]
        for name in ("participant", "activity", "named_participants", "content"):
            with pytest.raises(Exception, match="denied"):
                db.execute(f"SELECT * FROM sgtrack.{name}")


def test_a_reader_who_writes_is_refused_plainly(
    run: Run, officer: str, server: Server, url: str, use: Use
) -> None:
    with raw(server) as db:
        db.script("REVOKE INSERT, DELETE ON ALL TABLES IN SCHEMA sgtrack FROM officer")
    use(as_user(url, f"{officer}:geheim"))
    assert run("status").code == 0
    before = contents(server)
    ran = run("log", "5.1", "4人次", "-d", "6-2", *HERE)
    assert (ran.code, "不让这个用户" in ran.err) == (1, True)
    assert contents(server) == before


@pytest.mark.parametrize("user", ["officer:falsch", "officer"])
def test_a_wrong_password_is_refused_and_not_shown(
    run: Run, officer: str, url: str, use: Use, user: str
) -> None:
    use(as_user(url, user))
    ran = run("status")
    assert (ran.code, "不接受这个用户或密码" in ran.err) == (1, True)
    assert "falsch" not in ran.err


@pytest.mark.parametrize("change", [("ledger_", "no_ledger_"), ("sgtrack@", "nobody_known@")])
def test_a_missing_database_or_user_is_refused_plainly(
    run: Run, url: str, use: Use, change: tuple[str, str]
) -> None:
    use(url.replace(*change))
    ran = run("status")
    assert (ran.code, ran.out) == (1, "")
    assert "还没有建" in ran.err or "不接受" in ran.err


@pytest.mark.parametrize("words", ["backup", "backup list", "restore 2026", "recover --yes"])
def test_what_is_about_a_file_says_what_to_do_instead(run: Run, words: str) -> None:
    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    ran = run(*words.split())
    assert (ran.code, "pg_dump" in ran.err) == (1, True)


def test_a_forgotten_name_is_in_no_file_of_the_database(
    run: Run, server: Server, workspace: Workspace, databases: Databases
) -> None:
    run("log", "7.2.2", "1人", "--who", "欧阳钻石", "-d", "3-1", "-t", "招募欧阳钻石", *HERE)
    with raw(server) as db:
        db.script("CHECKPOINT")
        (place,) = db.execute(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    folder = databases.folder / "data" / "base" / str(place)

    def holders() -> list[str]:
        word = "欧阳钻石".encode()
        return [path.name for path in folder.iterdir() if word in path.read_bytes()]

    assert holders()
    assert run("forget", "欧阳钻石", "-r", "本人要求", "--yes").code == 0
    with raw(server) as db:
        db.script("CHECKPOINT")
    assert holders() == []
    assert "台账完好" in run("verify").out


def test_the_demonstration_stays_out_of_the_database(run: Run, server: Server) -> None:
    assert run("demo").code == 0
    assert not ledger_exists(server)


def test_reading_a_database_loads_no_writer(run: Run, workspace: Workspace) -> None:
    run("log", "5.1", "3人次", "-d", "6-1", *HERE)
    for words in (("status",), ("list",), ("explain", "5.1", *HERE)):
        found = loaded_packages(workspace.root, "--home", str(workspace.root), *words)
        assert found & HEAVY == {"psycopg"}, words
