"""The SQL that differs between SQLite and PostgreSQL.

All other SQL of the ledger runs on both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sgtrack.store.connection import Change, Connection

_PG_TABLES = (
    "SELECT c.relname FROM pg_class AS c WHERE c.relkind = 'r' "
    "AND c.relnamespace = current_schema()::regnamespace"
)
_PG_SCHEMA = """
SELECT c.relname::text, 'CREATE TABLE ' || concat_ws(', ',
    (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                                 nullif(a.attcollation, 0)::regcollation, a.attnotnull,
                                 a.attidentity, pg_get_expr(d.adbin, d.adrelid)), ', '
                       ORDER BY a.attnum)
     FROM pg_attribute AS a
     LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    c.relrowsecurity, c.relhasrules,
    (SELECT count(*) FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgenabled <> 'O')) AS made
FROM pg_class AS c
WHERE c.relkind IN ('r', 'p', 'f', 'm') AND c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT c.relname, 'CREATE VIEW ' || pg_get_viewdef(c.oid, true)
FROM pg_class AS c WHERE c.relkind = 'v' AND c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT c.conname, c.conrelid::regclass::text || ' ' || pg_get_constraintdef(c.oid, true)
FROM pg_constraint AS c WHERE c.connamespace = current_schema()::regnamespace
UNION ALL
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid, 0, true)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT t.tgname, pg_get_triggerdef(t.oid, true) || t.tgenabled::text
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT p.proname, regexp_replace(pg_get_functiondef(p.oid), current_schema()::text || '[.]', '')
FROM pg_proc AS p WHERE p.pronamespace = current_schema()::regnamespace
"""


def is_sqlite(db: Connection) -> bool:
    """Return whether a connection is to an SQLite ledger."""
    return isinstance(db, sqlite3.Connection)


def list_tables(db: Connection) -> list[str]:
    """Return the names of all tables."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [row[0] for row in db.execute(sql if is_sqlite(db) else _PG_TABLES)]


def list_columns(db: Connection, table: str) -> list[str]:
    """Return the names of a table's columns, in their order."""
    if is_sqlite(db):
        return [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
    sql = (
        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(? AS regclass) AND attnum > 0 "
        "AND NOT attisdropped ORDER BY attnum"
    )
    return [row[0] for row in db.execute(sql, (table,))]


def read_schema(db: Connection) -> set[tuple[str, str]]:
    """Return the schema, as pairs of an object's name and its defining SQL."""
    if is_sqlite(db):
        sql = (
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        return set(db.execute(sql))
    return set(db.execute(_PG_SCHEMA))


@dataclass(frozen=True, slots=True)
class Replacement:
    """Rows of a table to delete, given by a condition, and a query for the rows to insert instead.

    The values belong to the placeholders ``?`` of the condition and of the query.
    """

    table: str
    condition: str
    condition_values: Sequence[Any]
    query: str
    query_values: Sequence[Any]


def change_together(db: Connection, changes: Iterable[Change]) -> None:
    """Run INSERT and DELETE statements; on PostgreSQL, they are sent as one statement.

    Writers wait for each other, so each statement to a distant server costs all of them time. The
    statements must be independent: none may read or remove what another one inserts.
    """
    if is_sqlite(db):
        for sql, values in changes:
            db.execute(sql, values)
        return
    statements, values_of_each = zip(*changes, strict=True)
    parts = (f"change_{number} AS ({sql})" for number, sql in enumerate(statements))
    db.execute(f"WITH {', '.join(parts)} SELECT 1", tuple(chain.from_iterable(values_of_each)))


def replace_rows(db: Connection, replacements: Iterable[Replacement]) -> None:
    """Replace rows of tables; on PostgreSQL, all replacements are sent as one statement.

    No query may read a table that is changed.
    """
    changes: list[Change] = []
    for each in replacements:
        deleted = f"change_{len(changes)}"
        remove = f"DELETE FROM {each.table} WHERE {each.condition}"  # noqa: S608
        insert = f"INSERT INTO {each.table} {each.query}"
        if not is_sqlite(db):
            # PostgreSQL runs the parts of a statement in any order. The new rows may have the keys
            # of the deleted ones, so the inserting part counts the deleted rows and thereby waits
            # for the deletion.
            remove += " RETURNING 1"
            insert = (
                f"INSERT INTO {each.table} SELECT * FROM ({each.query}) AS fresh "  # noqa: S608
                f"WHERE (SELECT count(*) FROM {deleted}) >= 0"
            )
        changes += [(remove, each.condition_values), (insert, each.query_values)]
    change_together(db, changes)


def find_dangling_rows(db: Connection) -> list[str]:
    """Return the table name of each row that violates a foreign key.

    The list is always empty for PostgreSQL, which refuses to store such a row.
    """
    if is_sqlite(db):
        return [row[0] for row in db.execute("PRAGMA foreign_key_check")]
    return []


def defer_references(db: Connection) -> None:
    """Check foreign keys only at commit, so that rows can be inserted in any order."""
    db.execute(
        "PRAGMA defer_foreign_keys = ON" if is_sqlite(db) else "SET CONSTRAINTS ALL DEFERRED"
    )


def integrity_error(db: Connection) -> type[Exception]:
    """Return the driver's exception class for violated constraints."""
    if is_sqlite(db):
        return sqlite3.IntegrityError
    import psycopg  # noqa: PLC0415 - needed only for PostgreSQL

    return psycopg.IntegrityError


def accept_any_text(db: Connection) -> None:
    """Let the connection read text that is not valid UTF-8.

    Only SQLite can contain such text.
    """
    if isinstance(db, sqlite3.Connection):
        db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")


@contextmanager
def lift_guards(
    db: Connection,
    *,
    against: tuple[str, ...] = ("updated", "deleted"),
    besides: str = "",
) -> Iterator[None]:
    """Turn guards off inside the ``with`` block; on an exception, the caller must roll back.

    A guard is a trigger that refuses changes to stored records. In SQLite this function drops the
    triggers and creates them again after the block. In PostgreSQL a setting of the transaction
    turns them off. PostgreSQL has no guard against replacing rows.

    Args:
        db: the connection.
        against: the changes to allow: "updated", "deleted" or "replaced".
        besides: a table whose guards stay on in SQLite.
    """
    if not is_sqlite(db):
        if against != ("replaced",):
            db.execute("SELECT set_config('sgtrack.rewriting', 'on', true)")
        yield
        db.execute("SELECT set_config('sgtrack.rewriting', 'off', true)")
        return
    # Some builds of SQLite do not erase overwritten texts by default. They may be redacted names.
    db.execute("PRAGMA secure_delete = ON")
    triggers = db.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name <> ?", (besides,)
    ).fetchall()
    endings = tuple(f"_{verb}" for verb in against)
    guards = [(name, sql) for name, sql in triggers if name.endswith(endings)]
    for name, _ in guards:
        db.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, sql in guards:
        db.execute(sql)
