"""Opens a write transaction of the ledger; it commits all its records or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sgtrack.ledger import rollups
from sgtrack.ledger.entry_rows import Values, origin_columns
from sgtrack.ledger.figure_reads import read_figures
from sgtrack.model.entries import Origin, Person, new_ids
from sgtrack.model.figures import FigureQuery, Figures
from sgtrack.model.location import Location, Server
from sgtrack.store.chain_links import ChainEnd, Record, extend_chain, read_end
from sgtrack.store.connection import (
    COMMITS,
    Change,
    Connection,
    LedgerConnection,
    Writer,
    insertions,
)
from sgtrack.store.dialect import change_together
from sgtrack.store.opening import open_ledger
from sgtrack.store.sqlite_files import LedgerReplaced
from sgtrack.store.tables import RecordRow, Table


@dataclass(slots=True)
class Transaction:
    """An open write transaction; a ledger has at most one at a time."""

    db: Connection
    """The connection; roll-ups read over it may be stale, see :meth:`fresh_db`."""
    _end: ChainEnd | None = None
    """The end of the chain, if it was read and no change bypassed :meth:`write` since."""
    _touched: set[str] = field(default_factory=set)
    """The ids of entries whose roll-ups are stale."""
    _months: set[rollups.Month] = field(default_factory=set)
    """Months whose roll-ups are stale."""
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    """Functions to call after the commit; they must not raise."""

    def fresh_db(self) -> Connection:
        """Bring the roll-ups up to date, and return the connection of this transaction."""
        self.roll_up()
        return self.db

    def next_id(self, origin: Origin) -> str:
        """Make an id greater than all ids in the ledger."""
        return self.next_ids(origin, 1)[0]

    def next_ids(self, origin: Origin, count: int) -> list[str]:
        """Make ``count`` ascending ids, all greater than the ids in the ledger."""
        return new_ids(origin.at, self.chain_end().newest_id, count)

    def chain_end(self) -> ChainEnd:
        """Return the end of the chain; it is read only once, because nobody else can write."""
        if self._end is None:
            self._end = read_end(self.db)
        return self._end

    def figures(
        self, community: str, detail: FigureQuery, roster: tuple[Person, ...] | None = None
    ) -> Figures:
        """Read the figures of a community, including what this transaction wrote.

        ``roster`` are the people on the rosters of the community, if the caller has read them.
        """
        return read_figures(self.fresh_db(), community, detail, roster)

    def write_record(
        self,
        origin: Origin,
        table: type[RecordRow],
        make_parts: Callable[[str], Iterable[Table]] = lambda _: (),
        **columns: Any,
    ) -> str:
        """Write a record under a new id, and return the id.

        ``make_parts`` takes the id and returns the rows of the record's child tables.
        """
        record_id = self.next_id(origin)
        row = table(id=record_id, **columns, **origin_columns(origin))
        kind = str(table.__tablename__)
        self.write([(kind, record_id)], [row, *make_parts(record_id)])
        return record_id

    def write(
        self,
        records: Sequence[Record],
        rows: Iterable[Table],
        affected: Mapping[str, rollups.Month] | None = None,
    ) -> None:
        """Write records with all their rows, and append the records to the chain.

        Args:
            records: the records.
            rows: their rows; a row comes after the rows it refers to.
            affected: the entries whose figures change, with their months, if the caller knows.
        """
        values: dict[type[Table], Values] = {}
        for row in rows:
            values.setdefault(type(row), []).append(row.model_dump())
        change_together(self.db, _insertions(values))
        self.append_to_chain(records)
        if affected is None:
            affected = rollups.find_affected_entries(self.db, records)
        self._touched.update(affected)
        self._months.update(affected.values())

    def append_to_chain(self, records: Sequence[Record]) -> None:
        """Append records to the chain whose rows are already inserted."""
        self._end = extend_chain(self.db, self.chain_end(), records)

    def write_many(
        self, entries: Mapping[str, rollups.Month], rows: Mapping[type[Table], Values]
    ) -> None:
        """Write new entries faster than :meth:`write`.

        ``entries`` maps their ids to their months; they must not correct existing entries.
        ``rows`` maps each table to its rows; a table comes before the tables that refer to it.
        """
        for sql, values in _insertions(rows):
            self.db.execute(sql, values)
        if entries:
            self.append_to_chain([("activity", entry_id) for entry_id in entries])
            rollups.refresh_entries(self.db, entries)
            self._months.update(entries.values())

    def changed(self, entries: Mapping[str, rollups.Month]) -> None:
        """Mark the roll-ups of entries as stale after a change that bypassed :meth:`write`."""
        self._end = None
        self._touched.update(entries)
        self._months.update(entries.values())

    def roll_up(self) -> None:
        """Recompute all stale roll-ups."""
        if self._touched:
            rollups.refresh_entries(self.db, self._touched)
            self._touched.clear()
        if self._months:
            rollups.refresh_months(self.db, self._months)
            self._months.clear()


@contextmanager
def open_transaction(
    ledger: Location | LedgerConnection, *, dry_run: bool = False
) -> Iterator[Transaction]:
    """Open a transaction that commits at the end and rolls back on any exception.

    Commands use ``recovery.backups.writing``, which also makes the day's backup.

    Args:
        ledger: the location of a ledger, which is created if missing, or an open connection.
        dry_run: run all checks, but roll back instead of committing.

    Raises:
        Refused: the ledger cannot be written.
    """
    if isinstance(ledger, Path | Server):
        with (
            open_ledger(ledger) as connection,
            open_transaction(connection, dry_run=dry_run) as transaction,
        ):
            yield transaction
        return
    with ExitStack() as resources:
        writer = _begin(ledger, resources, dry_run=dry_run)
        transaction = Transaction(writer.db)
        yield transaction
        transaction.roll_up()
        if not dry_run:
            with COMMITS.commit():
                writer.driver.commit()
            for function in transaction.after_commit:
                function()


def _begin(ledger: LedgerConnection, resources: ExitStack, *, dry_run: bool) -> Writer:
    """Start a transaction; closing ``resources`` rolls back uncommitted changes.

    Open the ledger again as often as its file is replaced during the wait for the lock.
    """
    while True:
        with suppress(LedgerReplaced), ExitStack() as attempt:
            writer = attempt.enter_context(ledger.writing(dry_run=dry_run))
            writer.begin()
            resources.push(attempt.pop_all())
            return writer


def _insertions(rows: Mapping[type[Table], Values]) -> Iterator[Change]:
    """Yield the INSERT statements for the rows of each table."""
    for table, values in rows.items():
        if values:
            columns = list(values[0])
            yield from insertions(
                f"{table.__tablename__} ({', '.join(columns)})",
                ([row[column] for column in columns] for row in values),
            )
