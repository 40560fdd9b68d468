"""ledger.loads: one row per file and table taken in, one per refused file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import duckdb

from pipelines.contracts.ddl import LEDGER
from pipelines.landing.archive import Taken
from pipelines.landing.results import TableResult


class Earlier(NamedTuple):
    """When the same bytes were loaded, and as what."""

    file: str
    at: datetime


def naive_utc(at: datetime) -> datetime:
    """The ledger's timestamps are UTC without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)


def loaded_before(connection: duckdb.DuckDBPyConnection, sha256: str) -> Earlier | None:
    """The load of the same bytes, if there was one."""
    found = connection.execute(
        "select feed || '/' || file_name, loaded_at from ledger.loads where sha256 = ? and status = 'loaded' limit 1",
        [sha256],
    ).fetchone()
    return Earlier(*found) if found else None


def _number(connection: duckdb.DuckDBPyConnection, taken: Taken, *, status: str) -> int:
    """The file's place in the order of arrival. A file that is refused again keeps its place, so that a run that was
    cut off after the commit and is repeated leaves the same ledger."""
    earlier = connection.execute(
        "delete from ledger.loads where sha256 = ? returning load_number, status", [taken.sha256]
    ).fetchone()
    if earlier and earlier[1] == status:
        return int(earlier[0])
    found = connection.execute("select coalesce(max(load_number), 0) + 1 from ledger.loads").fetchone()
    assert found is not None
    return int(found[0])


def record(
    connection: duckdb.DuckDBPyConnection,
    taken: Taken,
    *,
    at: datetime,
    kind: str | None,
    reason: str | None,
    warnings: Sequence[str],
    tables: Sequence[TableResult],
) -> None:
    """Writes what became of a file, within the caller's transaction. `reason` marks it as refused."""
    status = "loaded" if reason is None else "refused"
    number = _number(connection, taken, status=status)
    none = TableResult(table="", rows_read=0, rows_loaded=0, rows_rejected=0, rows_unchanged=0, rows_restated=0)
    for table in tables if reason is None else (none,):
        values = {
            "load_number": number,
            "source_file_id": taken.source_file_id,
            "table_name": table.table or None,
            "file_name": taken.file.name,
            "sha256": taken.sha256,
            "feed": taken.file.feed,
            "format": kind,
            "loaded_at": naive_utc(at),
            "rows_read": table.rows_read,
            "rows_loaded": table.rows_loaded,
            "rows_rejected": table.rows_rejected,
            "rows_unchanged": table.rows_unchanged,
            "rows_restated": table.rows_restated,
            "amount_column": table.amount_column,
            "amount_read": table.amount_read,
            "amount_loaded": table.amount_loaded,
            "amount_rejected": table.amount_rejected,
            "amount_unchanged": table.amount_unchanged,
            "amounts_unreadable": table.amounts_unreadable,
            "status": status,
            "reason": reason,
            "warnings": "\n".join(warnings) or None,
        }
        columns = tuple(LEDGER["loads"])
        connection.execute(
            f"insert into ledger.loads ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
            [values[column] for column in columns],
        )
