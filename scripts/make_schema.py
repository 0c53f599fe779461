"""Generates the DDL of both databases from the SQLModel tables and the registry of record kinds.

    .venv/bin/python scripts/make_schema.py

For each database, the script writes three files to ``src/sgtrack/store/schema/``: ``tables.sql``
(tables and indexes), ``content.sql`` (the view that the chain hashes) and ``triggers.sql`` (the
triggers that refuse to update or delete a record's rows). It also writes the fingerprints to
``store/schema_versions.py``. All other views are written by hand.

With ``--check`` nothing is written, and the script fails if a committed file differs from what it
would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement
from sqlmodel.sql.sqltypes import AutoString

from schema_checks import PRINTABLE, column_checks, texts_check
from sgtrack.model.record_kinds import ALL_KINDS, RecordKind, RecordPart, guarded_tables
from sgtrack.store import (  # noqa: F401 - they add their tables to the metadata
    brief_tables,
    history_tables,
    merge_tables,
    roster_tables,
)
from sgtrack.store.schema_versions import FOLDER, first_files
from sgtrack.store.tables import RecordRow
from sgtrack.store.tables import Table as Model

ROOT = Path(__file__).parents[1]
VERSIONS = FOLDER.parent / "schema_versions.py"
DATABASES = ("sqlite", "postgresql")
_METADATA = Model.metadata
_MODELS = {
    str(model.__tablename__): model
    for base in (Model, RecordRow)
    for model in base.__subclasses__()
    if model is not RecordRow
}
_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
_TEXT = {"sqlite": Text(), "postgresql": Text(collation="C")}
_WHOLE_NUMBER = {"sqlite": Integer(), "postgresql": BigInteger()}
_MADE = (
    "-- Written by scripts/make_schema.py; change the tables in store/ or model/record_kinds.py.\n"
)
_ORIGIN = [name for name in RecordRow.model_fields if name != "id"]
_REFUSAL = "BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;"
_TAKEN = {
    "ledger": "EXISTS (SELECT 1 FROM ledger)",
    "link": "EXISTS (SELECT 1 FROM link\n"
    "             WHERE source = NEW.source AND seq = NEW.seq AND hash = NEW.hash)\n"
    "  OR (NEW.kind <> 'migration' AND EXISTS (\n"
    "      SELECT 1 FROM link WHERE kind = NEW.kind AND record_id = NEW.record_id))",
}
"""Conditions to refuse a row, if a unique key that is not the primary key is taken."""


def main() -> int:
    """Write the files, or check the committed ones; return 1 if a checked file differs."""
    files = generated_files()
    if "--check" not in sys.argv:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in files.items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is stale: make docs", file=sys.stderr)
    return 1 if stale else 0


def generated_files() -> dict[Path, str]:
    """Return the content of every generated file."""
    files: dict[Path, str] = {}
    for database in DATABASES:
        folder = FOLDER / database
        files[folder / "tables.sql"] = _MADE + "".join(table_ddl(database))
        files[folder / "content.sql"] = _MADE + content_view(database)
        files[folder / "triggers.sql"] = _MADE + "".join(triggers(database))
    return files | {VERSIONS: versions_module(files)}


def table_ddl(database: str) -> Iterator[str]:
    """Yield the DDL of the tables in the order of their references, each with its indexes."""
    for table in _METADATA.sorted_tables:
        for column in table.columns:
            column.type = (_TEXT if _is_text(column) else _WHOLE_NUMBER)[database]
        for reference in table.foreign_key_constraints:
            reference.deferrable = True
        table.dialect_options["sqlite"]["strict"] = True
        checks = [*_checks(table, database)]
        for check in checks:
            table.append_constraint(check)
        statement = CreateTable(table)
        statement.columns.sort(key=lambda column: _place(column.element))
        yield "\n" + _ddl(statement, database)
        table.constraints.difference_update(checks)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            # The models state the condition for SQLite only, so that a command that writes loads
            # one dialect.
            partial = index.dialect_options["sqlite"]["where"]
            index.dialect_options["postgresql"]["where"] = partial
            yield _ddl(CreateIndex(index), database)


def _checks(table: Table, database: str) -> Iterator[CheckConstraint]:
    """Yield the CHECKs for the meanings of a table's columns; computed tables have no meanings."""
    meanings = column_meanings(table.name)
    for column, meaning in meanings.items():
        yield from column_checks(table.columns[column], meaning, database)
    texts = {column: meaning for column, meaning in meanings.items() if meaning in PRINTABLE}
    if texts:
        yield texts_check(texts, database)


def column_meanings(table: str) -> dict[str, str]:
    """Return the meanings of a table's columns; columns without a meaning are left out."""
    fields = _MODELS[table].model_fields
    return {
        column: meaning
        for column, field in fields.items()
        for meaning in field.metadata
        if isinstance(meaning, str)
    }


def _columns(table: Table) -> list[Column[object]]:
    """Return the columns of a table in the order of the DDL."""
    return sorted(table.columns, key=_place)


def _place(column: Column[object]) -> tuple[bool, bool]:
    """Return a sort key for columns: a table's own columns first, then those of the base class.

    Columns with a default come last, because a migration adds columns at the end and with a
    default.
    """
    return column.server_default is not None, column.name in _ORIGIN


def _is_text(column: Column[object]) -> bool:
    return isinstance(column.type, String | AutoString)


def _ddl(element: ExecutableDDLElement, database: str) -> str:
    sql = str(element.compile(dialect=_DIALECTS[database].dialect())).strip().replace("\t", "    ")
    return re.sub(r" +$", "", sql, flags=re.MULTILINE).replace("\n)\n", "\n)") + ";\n"


def content_view(database: str) -> str:
    """Return the view that gives every record as JSON: its columns, then the rows of each part."""
    selects = [_content_of(database, kind) for kind in ALL_KINDS.values()]
    return (
        "CREATE VIEW content (kind, record_id, body) AS\n" + "\nUNION ALL\n".join(selects) + ";\n"
    )


def _content_of(database: str, kind: RecordKind) -> str:
    table = _METADATA.tables[kind.name]
    key, *columns = _columns(table)
    record_id = f"r.{key.name}" if _is_text(key) else f"CAST(r.{key.name} AS TEXT)"
    values = [_json_value(database, "r", column) for column in columns]
    if not _is_text(key):
        values.insert(0, _json_value(database, "r", key))
    lines = [*_filled(values), *(_json_rows(database, kind, part) for part in kind.parts)]
    body = _json_array(database, "\n    " + ",\n    ".join(lines) + "\n").replace(", \n", ",\n")
    return f"SELECT '{kind.name}', {record_id}, {body} FROM {kind.name} AS r"


def _filled(values: list[str]) -> list[str]:
    """Join values to lines of at most about 90 characters."""
    lines = [values[0]]
    for value in values[1:]:
        if len(lines[-1]) + len(value) > 90:
            lines.append(value)
        else:
            lines[-1] += f", {value}"
    return lines


def _json_value(database: str, alias: str, column: Column[object]) -> str:
    name = f"{alias}.{column.name}"
    if database == "sqlite":
        return name
    if _is_text(column):
        return f"json_text({name})"
    # concat_ws of PostgreSQL omits NULL, but json_array of SQLite writes null.
    return f"coalesce(CAST({name} AS text), 'null')" if column.nullable else name


def _json_array(database: str, values: str) -> str:
    return (
        f"json_array({values})"
        if database == "sqlite"
        else f"'[' || concat_ws(',', {values}) || ']'"
    )


def _json_rows(database: str, kind: RecordKind, part: RecordPart) -> str:
    """Return the SQL for the rows of a part as a JSON array.

    Each row is an array, or a single value if the part has only one column besides its key.
    """
    table = _METADATA.tables[part.table]
    columns = [c for c in _columns(table) if c.name not in (part.key, *part.unhashed)]
    order = ", ".join(f"p.{c.name}" for c in table.primary_key.columns if c.name != part.key)
    values = [_json_value(database, "p", column) for column in columns]
    row = values[0] if len(values) == 1 else _json_array(database, ", ".join(values))
    where = f"p.{part.key} = r.{kind.key}"
    if database == "sqlite":
        rows = f"SELECT * FROM {part.table} AS p WHERE {where}\n                ORDER BY {order}"
        return f"json((SELECT json_group_array({row})\n          FROM ({rows}) AS p))"
    return (
        f"'[' || coalesce((SELECT string_agg({row}, ','\n            ORDER BY {order})\n"
        f"        FROM {part.table} AS p WHERE {where}), '') || ']'"
    )


def triggers(database: str) -> Iterator[str]:
    """Yield the triggers that refuse to update, delete or replace rows of records."""
    for name in guarded_tables():
        if database == "postgresql":
            yield (
                f"\nCREATE TRIGGER {name}_is_only_added_to\n"
                f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}\n"
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
            )
            continue
        for verb, done in (("UPDATE", "updated"), ("DELETE", "deleted")):
            yield f"\nCREATE TRIGGER {name}_is_not_{done} BEFORE {verb} ON {name}\n{_REFUSAL}\n"
        # INSERT OR REPLACE would delete a row without firing the trigger against deleting.
        taken = _TAKEN.get(name) or _key_is_taken(_METADATA.tables[name])
        yield (
            f"\nCREATE TRIGGER {name}_is_not_replaced BEFORE INSERT ON {name}\n"
            f"WHEN {taken}\n{_REFUSAL}\n"
        )


def _key_is_taken(table: Table) -> str:
    keys = " AND ".join(f"{c.name} = NEW.{c.name}" for c in table.primary_key.columns)
    return f"EXISTS (SELECT 1 FROM {table.name}\n             WHERE {keys})"


def versions_module(generated: Mapping[Path, str]) -> str:
    """Return the code of the module ``schema_versions``, with the fingerprint of each version."""
    before, _, rest = VERSIONS.read_text(encoding="utf-8").partition("# fmt: off\n")
    after = rest.partition("# fmt: on\n")[2]
    pairs = [f'    ("{name}", "{fingerprint}"),\n' for name, fingerprint in fingerprints(generated)]
    table = f"VERSIONS: tuple[tuple[str, str], ...] = (\n{''.join(pairs)})\n"
    return f"{before}# fmt: off\n{table}# fmt: on\n{after}"


def fingerprints(generated: Mapping[Path, str]) -> Iterator[tuple[str, str]]:
    """Yield the name and fingerprint of each version; a fingerprint covers earlier versions too.

    It also covers both databases, because a ledger can be copied from one to the other.
    """
    files = [path for database in DATABASES for path in first_files(database)]
    sql = [generated.get(path) or path.read_text(encoding="utf-8") for path in files]
    fingerprint = _digest("".join(sql))
    yield "0001_first_schema", fingerprint
    for paths in zip(*(_step_files(database) for database in DATABASES), strict=True):
        (name,) = {path.stem for path in paths}
        steps = [path.read_text(encoding="utf-8") for path in paths]
        fingerprint = _digest("".join([fingerprint, *steps]))
        yield name, fingerprint


def _step_files(database: str) -> list[Path]:
    """Return the files of all versions after the first, in the order they are run."""
    return sorted((FOLDER / database).glob("[0-9]*.sql"))


def _digest(sql: str) -> str:
    """Return a digest of SQL that does not depend on comments and layout."""
    words = re.sub(r"--.*", "", sql).split()
    return sha256(" ".join(words).encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
