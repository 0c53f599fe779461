"""Opens ledgers in PostgreSQL databases, and creates and upgrades their schema.

The tables are in the schema ``sgtrack``. The driver psycopg is imported only when it is used.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sgtrack.model.errors import Refused
from sgtrack.model.location import ADDRESS_EXAMPLE, Server
from sgtrack.store import dialect, schema_versions, sqlite_files
from sgtrack.store.chain_links import append_migration
from sgtrack.store.connection import Connection, Rows, Writer
from sgtrack.store.schema_versions import newest_version, pending_versions, versions
from sgtrack.store.sqlite import empty_ledger, trial_ledger

if TYPE_CHECKING:
    import psycopg

DATABASE = "postgresql"
SCHEMA = "sgtrack"
_CONNECT_SECONDS = 10
WRITERS = sqlite_files.APPLICATION_ID
"""Key of the advisory lock that a writer holds until the end of its transaction."""
_MARK = re.compile(r"'(?:[^']|'')*'|\?|(?<!:):([a-z_]+)")


class ServerConnection:
    """A psycopg connection with the methods of ``sqlite3.Connection`` that the ledger uses."""

    def __init__(self, raw: psycopg.Connection[tuple[Any, ...]]) -> None:
        import psycopg.types.numeric  # noqa: PLC0415 - loads slowly

        self.raw = raw
        self._cursor = psycopg.RawCursor
        # PostgreSQL returns a sum of integers as numeric, which psycopg would load as Decimal.
        raw.adapters.register_loader("numeric", psycopg.types.numeric.IntLoader)

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Rows:
        """Run a statement and return its result."""
        numbered, names = _numbered(sql)
        values = [parameters[n] for n in names] if isinstance(parameters, Mapping) else parameters
        return self._cursor(self.raw).execute(numbered.encode(), values)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        """Run a statement once for each row of parameters."""
        self._cursor(self.raw).executemany(_numbered(sql)[0].encode(), parameters)

    def script(self, sql: str) -> Rows:
        """Run statements without parameters in one call; return the result of the last one."""
        cursor = self.raw.execute(sql.encode())
        while cursor.nextset():
            pass
        return cursor


@lru_cache(maxsize=256)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Replace the placeholders ``?`` or ``:name`` by ``$1``, ``$2`` and so on.

    Returns:
        The new statement, and the names in the order of their numbers.
    """
    names: list[str] = []
    count = 0

    def number(mark: re.Match[str]) -> str:
        nonlocal count
        if mark[0] == "?":
            count += 1
            return f"${count}"
        if mark[1] is None:
            return mark[0]
        if mark[1] not in names:
            names.append(mark[1])
        return f"${names.index(mark[1]) + 1}"

    return _MARK.sub(number, sql), tuple(names)


@contextmanager
def connect_to(server: Server, *, autocommit: bool = True) -> Iterator[ServerConnection]:
    """Connect to a database, with the ledger's schema as the search path.

    Raises:
        Refused: the driver is not installed, or the address is wrong or unreachable.
    """
    try:
        import psycopg.conninfo  # noqa: PLC0415 - may not be installed
    except ImportError:
        raise Refused(
            "环境变量 SGTRACK_DB 指向数据库，可是没有装它的驱动",
            "运行 pip install 'sgtrack[postgres]'；要用工作文件夹里的台账就去掉这个变量",
        ) from None
    try:
        options: dict[str, Any] = {
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": "sgtrack",
            **psycopg.conninfo.conninfo_to_dict(server.conninfo),
        }
        # Just-in-time compilation of a query takes longer than the query itself.
        own = f"-c search_path={SCHEMA} -c jit=off"
        options["options"] = f"{options.get('options') or ''} {own}".strip()
    except (psycopg.ProgrammingError, UnicodeError):
        raise Refused("环境变量 SGTRACK_DB 的地址读不懂", ADDRESS_EXAMPLE) from None
    try:
        raw = psycopg.connect(**options, autocommit=autocommit)
    except (psycopg.Error, UnicodeError) as error:
        raise _unreachable(server, str(error)) from None
    with raw:
        yield ServerConnection(raw)


def _unreachable(server: Server, message: str) -> Refused:
    """Return the refusal for a failed connection; ``message`` may be English or Chinese."""
    if "certificate" in message or "SSL" in message:
        return Refused(
            f"和数据库 {server} 的加密连接没有建成",
            "检查地址里的 sslmode 和 sslrootcert，或问管理员要证书",
        )
    if "password" in message or "authentication" in message or "认证" in message:
        return Refused(
            f"数据库 {server} 不接受这个用户或密码", "检查地址里的用户名，和 ~/.pgpass 里的密码"
        )
    if "does not exist" in message or "不存在" in message:
        return Refused(f"数据库 {server} 或它的用户还没有建", "请管理员先建好数据库和用户")
    if "too many" in message or "remaining connection slots" in message:
        return Refused(f"同时连到数据库 {server} 的人太多了", "过一会儿再试")
    return Refused(
        f"连不上数据库 {server}", "检查网络、主机名和端口，或问管理员数据库是否开着；没有写入"
    )


_NEWEST_VERSION = "SELECT number, fingerprint FROM migration ORDER BY number DESC LIMIT 1"


def _read_version(db: Connection) -> tuple[int, str]:
    """Return the schema version and the schema fingerprint; 0 and "" if there is no ledger."""
    # This query reads the catalog, because the server's cache of table names may date from before
    # this program waited for the write lock.
    columns = [
        row[0]
        for row in db.execute(
            "SELECT a.attname FROM pg_class AS c "
            "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 "
            "WHERE n.nspname = ? AND c.relname = 'migration'",
            (SCHEMA,),
        )
    ]
    if not columns:
        return 0, ""
    fingerprint = "fingerprint" if "fingerprint" in columns else "''"
    row = db.execute(
        f"SELECT number, {fingerprint} FROM migration ORDER BY number DESC LIMIT 1"  # noqa: S608
    ).fetchone()
    return row or (0, "")


def _read_version_at_once(db: Connection) -> tuple[int, str]:
    """Return the same as :func:`_read_version`, with one query if there is a ledger.

    No transaction may be open, because the query fails if there is no ledger.
    """
    from psycopg import errors  # noqa: PLC0415 - may not be installed

    try:
        return db.execute(_NEWEST_VERSION).fetchone() or (0, "")
    except (errors.UndefinedTable, errors.UndefinedColumn):
        return _read_version(db)


def check_version(server: Server, version: int, fingerprint: str) -> int:
    """Return the schema version of a ledger; 0 if the database has no ledger.

    Raises:
        Refused: the version is newer than this program's, or the fingerprint differs.
    """
    if version:
        schema_versions.check_version(_name_ledger(server), version, fingerprint)
    return version


def _name_ledger(server: Server) -> str:
    """Return the name of the ledger in messages."""
    return f"数据库 {server} 里的台账"


class ServerLedger:
    """A :class:`LedgerConnection` to a PostgreSQL database."""

    def __init__(self, server: Server) -> None:
        self.location = server
        self._db: ServerConnection | None = None
        self._resources = ExitStack()

    @contextmanager
    def reading(self, *, upgrade: bool = True) -> Iterator[Connection]:
        """Open a read-only snapshot; see :class:`LedgerConnection`."""
        with translate_errors(self.location):
            db, version = self._connect()
            if not version:
                with closing(empty_ledger()) as empty:
                    yield empty
                return
            if version < newest_version():
                run_pending_steps(db, self.location)
            db.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield db
            finally:
                db.raw.rollback()

    @contextmanager
    def writing(self, *, dry_run: bool) -> Iterator[Writer]:
        """Open a writer; see :class:`LedgerConnection`."""
        with translate_errors(self.location):
            db, version = self._connect()
            if not version and dry_run:
                with trial_ledger() as trial:
                    yield trial
                return
            if version < newest_version():
                run_pending_steps(db, self.location)
            try:
                yield Writer(db.raw, db, lambda: self._begin(db))
            finally:
                if not db.raw.closed:
                    db.raw.rollback()

    def _begin(self, db: ServerConnection) -> None:
        """Wait for the write lock; refuse if a newer program upgraded the ledger meanwhile."""
        newest = wait_for_turn(db, "BEGIN", _NEWEST_VERSION).fetchone()
        if newest:
            schema_versions.check_version(_name_ledger(self.location), *newest)

    def exists(self) -> bool:
        """Return whether the database contains a ledger."""
        with translate_errors(self.location), connect_to(self.location) as db:
            return _read_version(db)[0] > 0

    def expected_schema(self) -> set[tuple[str, str]]:
        """Return the newest schema, read from a temporary copy that is rolled back.

        Raises:
            Refused: the database user has no permission to create a schema.
        """
        beside = f"{SCHEMA}_expected_{secrets.token_hex(4)}"
        with translate_errors(self.location), connect_to(self.location, autocommit=False) as db:
            may = "SELECT has_database_privilege(current_database(), 'CREATE')"
            if not db.execute(may).fetchone()[0]:
                raise Refused(
                    f"验台账的结构要能在数据库 {self.location} 里建表，这个用户不能",
                    "请建台账的用户来运行 sgtrack verify",
                )
            db.script(f"CREATE SCHEMA {beside}; SET LOCAL search_path = {beside}")
            for step in versions(DATABASE):
                db.script(step.read_sql())
            schema = dialect.read_schema(db)
            db.raw.rollback()
            return schema

    @contextmanager
    def rewriting(self, *, copy_first: bool, erase: bool) -> Iterator[Connection]:
        """Open a transaction for changing existing rows; see :class:`LedgerConnection`.

        The old rows remain in the server's write-ahead log, replicas and backups.
        """
        with self.writing(dry_run=False) as writer:
            writer.begin()
            yield writer.db
            if erase:
                writer.driver.commit()
                for table in dialect.list_tables(writer.db):
                    writer.db.execute(f"VACUUM (FULL) {table}")

    def close(self) -> None:
        """Close the connection."""
        self._db = None
        self._resources.close()

    def _connect(self) -> tuple[ServerConnection, int]:
        """Return the open connection and the schema version; see :func:`check_version`.

        Open a new connection if there is none or the server closed it.
        """
        if self._db is not None:
            try:
                with translate_errors(self.location):
                    return self._db, self._check_version(self._db)
            except Refused:
                if not self._db.raw.closed:
                    raise
        self._db = self._resources.enter_context(connect_to(self.location))
        return self._db, self._check_version(self._db)

    def _check_version(self, db: Connection) -> int:
        return check_version(self.location, *_read_version_at_once(db))


def run_pending_steps(db: ServerConnection, server: Server) -> None:
    """Create the ledger or upgrade it to the newest version, in one transaction."""
    with db.raw.transaction():
        version = take_turn(db, server)
        if not version:
            _make_schema(db, server)
        build(db, version)


def _make_schema(db: ServerConnection, server: Server) -> None:
    (encoding,) = db.execute("SHOW server_encoding").fetchone()
    if encoding != "UTF8":
        raise Refused(
            f"数据库 {server} 的编码是 {encoding}，存不了所有的汉字",
            "请管理员另建一个：CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        )
    db.script(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")


def build(db: ServerConnection, version: int) -> None:
    """Upgrade from ``version`` to the newest version in the open transaction."""
    for step in pending_versions(DATABASE, version):
        db.script(step.read_sql())
        applied_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        db.execute(
            "INSERT INTO migration (number, name, fingerprint, applied_at) VALUES (?, ?, ?, ?)",
            (step.number, step.name, step.fingerprint, applied_at),
        )
        append_migration(db, step.number)


def take_turn(db: ServerConnection, server: Server) -> int:
    """Acquire the write lock; it is released at the end of the transaction.

    Returns:
        The schema version.

    Raises:
        Refused: a newer program upgraded the ledger while this program waited.
    """
    wait_for_turn(db)
    return check_version(server, *_read_version(db))


def wait_for_turn(db: ServerConnection, before: str = "", after: str = "") -> Rows:
    """Acquire the write lock; it is released at the end of the transaction.

    The statements ``before`` and ``after`` are sent in the same message, because every writer waits
    during each round trip to the server. Return the result of the last statement.
    """
    wait = int(sqlite_files.WAIT_SECONDS * 1000)
    take = f"SET LOCAL lock_timeout = {wait}; SELECT pg_advisory_xact_lock({WRITERS})"
    return db.script("; ".join(part for part in (before, take, after) if part))


@contextmanager
def translate_errors(server: Server) -> Iterator[None]:
    """Convert errors of psycopg to :class:`Refused`."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        if type(error).__module__.split(".")[0] != "psycopg":
            raise
        raise refusal(server, error) from error


def refusal(server: Server, error: BaseException) -> Refused:
    """Return the refusal for an error of psycopg."""
    state = getattr(error, "sqlstate", None) or ""
    if state == "55P03":
        return Refused("另一个人正在写台账，等了 30 秒还没有写完", "过一会儿再试一次；没有写入")
    if state == "42501":
        return Refused(f"数据库 {server} 不让这个用户做这件事", "请管理员给权限；没有写入")
    # A user without the right to use the schema gets this error for every table in it.
    if state in ("42P01", "3F000"):
        return Refused(
            f"数据库 {server} 里的台账这个用户看不到",
            "请管理员给权限；没有写入",
        )
    if state == "25006":
        return Refused(f"数据库 {server} 现在只能读，不能写", "换成能写的那台服务器的地址")
    if state.startswith("53"):
        return Refused(f"数据库 {server} 的磁盘、内存或连接用完了", "请管理员处理；没有写入")
    if state.startswith(("57", "08")) or (not state and type(error).__name__ == "OperationalError"):
        return Refused(
            f"和数据库 {server} 的连接断了", "连上以后先用 sgtrack list 看刚才的写进去没有"
        )
    return Refused(
        f"数据库 {server} 读写出错（{type(error).__name__} {state}）", "把这句话发给维护人员"
    )
