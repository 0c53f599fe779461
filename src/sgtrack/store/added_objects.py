"""Finds the views and indexes that a user added to a ledger for her own queries.

They neither change nor hide what the ledger contains, so they are no alteration. This holds only
for views and plain indexes with names of their own: a trigger could change what is written, a
unique index could refuse it, and an index on an expression could run any function.
"""

from __future__ import annotations

from sgtrack.store.connection import Connection
from sgtrack.store.dialect import is_sqlite

Schema = set[tuple[str, str]]
"""The name and the SQL of each object, as ``dialect.read_schema`` returns them."""
_COLLATIONS = {"BINARY", "NOCASE", "RTRIM"}
"""The collations of every SQLite; with another collation, sgtrack could not write rows."""
_PG_ADDITIONS = """
SELECT c.relname::text, 'CREATE VIEW ' || pg_get_viewdef(c.oid, true)
FROM pg_class AS c WHERE c.relkind = 'v' AND c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid, 0, true)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace
  AND NOT i.indisunique AND NOT i.indisexclusion AND i.indexprs IS NULL AND i.indpred IS NULL
  AND NOT EXISTS (SELECT 1 FROM pg_opclass AS o WHERE o.oid = ANY (i.indclass)
                  AND o.opcnamespace <> 'pg_catalog'::regnamespace)
"""


def find_added_objects(db: Connection, expected: Schema) -> Schema:
    """Return the views and plain indexes of a ledger that do not belong to the expected schema."""
    own_names = {name for name, _ in expected}
    found = _find_in_file(db) if is_sqlite(db) else set(db.execute(_PG_ADDITIONS))
    return {(name, sql) for name, sql in found if name not in own_names and name.isprintable()}


def drop_added_objects(db: Connection, expected: Schema) -> None:
    """Drop the views and indexes that a user added to an SQLite ledger."""
    for name, sql in find_added_objects(db, expected):
        kind = "VIEW" if sql.upper().startswith("CREATE VIEW") else "INDEX"
        quoted = name.replace('"', '""')
        db.execute(f'DROP {kind} "{quoted}"')


def _find_in_file(db: Connection) -> Schema:
    modules = {row[0].lower() for row in db.execute("PRAGMA module_list")}
    found = {
        (name, sql)
        for name, sql in db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'")
        if not _is_module(modules, name.lower())
    }
    indexes = db.execute(
        "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    return found | {
        (name, sql)
        for name, table, sql in indexes
        # A damaged name can contain bytes that are not valid UTF-8, which no statement accepts.
        if f"{name}{table}".isprintable() and _is_plain(db, name, table)
    }


def _is_module(modules: set[str], name: str) -> bool:
    """Return whether a view would hide a table-valued function that the program's SQL calls."""
    return name in modules or name.startswith(("pragma_", "json_"))


def _is_plain(db: Connection, index: str, table: str) -> bool:
    """Return whether an index has only whole columns and all rows, and is not unique."""
    quoted_index, quoted_table = (name.replace('"', '""') for name in (index, table))
    is_whole = any(
        name == index and not unique and not partial
        for _, name, unique, _, partial in db.execute(f'PRAGMA index_list("{quoted_table}")')
    )
    columns = db.execute(f'PRAGMA index_xinfo("{quoted_index}")')
    return is_whole and all(
        column >= -1 and collation in _COLLATIONS for _, column, _, _, collation, _ in columns
    )
