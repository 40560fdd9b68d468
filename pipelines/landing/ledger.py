"""ledger.loads: one row per file and table taken in, one per refused file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import duckdb
import polars as pl

from pipelines.contracts.ddl import LEDGER
from pipelines.formats.base import CORRECTED_FILE, CORRECTED_LINE, ControlTotal, Finding
from pipelines.landing.archive import Indexed, Taken
from pipelines.landing.results import TableResult

_TYPES = {
    "BIGINT": pl.Int64(),
    "VARCHAR": pl.String(),
    "TIMESTAMP": pl.Datetime("us"),
    "DECIMAL(38,6)": pl.Decimal(38, 6),
}
_SCHEMAS = {
    table: {name: _TYPES[kind] for name, kind in LEDGER[table].items()}
    for table in ("loads", "findings", "control_totals")
}


class Earlier(NamedTuple):
    """When some bytes were loaded, and as what."""

    file: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What became of one file. `reason` marks it as refused; then it has no tables."""

    taken: Taken
    format: str | None
    reason: str | None
    warnings: tuple[str, ...]
    tables: tuple[TableResult, ...]
    source_system: str | None = None
    controls: tuple[ControlTotal, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def status(self) -> str:
        return "loaded" if self.reason is None else "refused"


def naive_utc(at: datetime) -> datetime:
    """The ledger's timestamps are UTC without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)


def loaded_before(connection: duckdb.DuckDBPyConnection) -> dict[str, Earlier]:
    """Every load so far by SHA-256: 0.1 s for a hundred thousand, where asking for each file takes 1 ms."""
    found = connection.execute(
        "select distinct sha256, feed || '/' || file_name, loaded_at from ledger.loads where status = 'loaded'"
    ).fetchall()
    return {sha256: Earlier(file, at) for sha256, file, at in found}


def _numbers(connection: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> list[int]:
    """The files' places in the order of arrival. A file that is refused again keeps its place, so that a run that was
    cut off after the commit and is repeated leaves the same ledger."""
    earlier = connection.execute(
        "delete from ledger.loads where sha256 in (select unnest(?::varchar[])) returning sha256, load_number, status",
        [[entry.taken.sha256 for entry in entries]],
    ).fetchall()
    places = {(sha256, status): number for sha256, number, status in earlier}
    found = connection.execute("select coalesce(max(load_number), 0) from ledger.loads").fetchone()
    assert found is not None
    last = max([found[0], *(places.get((e.taken.sha256, e.status), 0) for e in entries)])
    numbers = []
    for entry in entries:
        place = places.get((entry.taken.sha256, entry.status))
        if place is None:
            last += 1
        numbers.append(last if place is None else place)
    return numbers


def record(
    connection: duckdb.DuckDBPyConnection,
    entries: Sequence[Entry],
    *,
    at: datetime,
    numbers: Sequence[int] | None = None,
) -> None:
    """Writes what became of the files, within the caller's transaction; an earlier refusal of the same bytes goes.

    `numbers`: their places in the order of arrival, where it is known already (a replay).
    """
    none = TableResult(table="", rows_read=0, rows_loaded=0, rows_rejected=0, rows_unchanged=0, rows_restated=0)
    rows = [
        {
            "load_number": number,
            "source_file_id": entry.taken.source_file_id,
            "table_name": table.table or None,
            "file_name": entry.taken.file.name,
            "sha256": entry.taken.sha256,
            "feed": entry.taken.file.feed,
            "format": entry.format,
            "source_system": entry.source_system,
            "loaded_at": naive_utc(at),
            "rows_read": table.rows_read,
            "rows_loaded": table.rows_loaded,
            "rows_rejected": table.rows_rejected,
            "rows_unchanged": table.rows_unchanged,
            "rows_restated": table.rows_restated,
            "rows_withdrawn": table.rows_withdrawn,
            "amount_column": table.amount_column,
            "amount_read": table.amount_read,
            "amount_loaded": table.amount_loaded,
            "amount_rejected": table.amount_rejected,
            "amount_unchanged": table.amount_unchanged,
            "amounts_unreadable": table.amounts_unreadable,
            "status": entry.status,
            "reason": entry.reason,
            "warnings": "\n".join(entry.warnings) or None,
        }
        for number, entry in zip(numbers or _numbers(connection, entries), entries, strict=True)
        for table in entry.tables or (none,)
    ]
    _insert(connection, "loads", rows)
    # a refused file's findings go with it: its note says why, and nothing of it is in any figure
    kept = [entry for entry in entries if entry.reason is None]
    _insert(
        connection,
        "findings",
        [
            {**asdict(finding), "source_file_id": entry.taken.source_file_id}
            for entry in kept
            for finding in entry.findings
        ],
    )
    _insert(
        connection,
        "control_totals",
        [
            {**asdict(control), "source_file_id": entry.taken.source_file_id}
            for entry in kept
            for control in entry.controls
        ],
    )


def settle_rejects(connection: duckdb.DuckDBPyConnection, corrected: pl.LazyFrame, *, table: str, by: str) -> None:
    """Marks the rejected rows that the file `by` delivers anew. Its own rejects take their place where it is wrong."""
    connection.register("corrected", corrected.drop_nulls().unique().collect().to_arrow())
    connection.execute(
        f"""
        update ledger.rejected_records as r set settled_by_file_id = ?
        from corrected as c
        where r.source_file_id = c.{CORRECTED_FILE} and r.source_line = c.{CORRECTED_LINE} and r.table_name = ?
        """,
        [by, table],
    )
    connection.unregister("corrected")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """One statement for all rows: a thousand single ones take as long as everything else."""
    if not rows:
        return
    connection.register("entry", pl.DataFrame(rows, schema=_SCHEMAS[table]).to_arrow())
    connection.execute(f"insert into ledger.{table} by name select * from entry")
    connection.unregister("entry")


def record_absent(connection: duckdb.DuckDBPyConnection, loads: Sequence[Indexed]) -> None:
    """Writes what the index says of files of which nothing is loaded: refused ones, undone ones."""
    counted = ("read", "loaded", "rejected", "unchanged", "restated", "withdrawn")
    _insert(
        connection,
        "loads",
        [
            {
                **load.line(),
                "source_file_id": load.sha256[:16],
                "loaded_at": datetime.fromisoformat(load.loaded_at) if load.loaded_at else None,
                **{f"rows_{count}": 0 for count in counted},
                "amounts_unreadable": 0,
            }
            for load in loads
        ],
    )


def loads_in_order(connection: duckdb.DuckDBPyConnection) -> list[Indexed]:
    """What became of every file, in the order in which they were taken in."""
    rows = connection.execute(
        """
        select distinct load_number, sha256, feed, file_name, cast(loaded_at as varchar) as loaded_at, status,
            case when status <> 'loaded' then format end,
            case when status <> 'loaded' then reason end,
            case when status <> 'loaded' then warnings end
        from ledger.loads
        order by load_number
        """
    ).fetchall()
    names = ("load_number", "sha256", "feed", "file_name", "loaded_at", "status", "format", "reason", "warnings")
    return [Indexed(**dict(zip(names, row, strict=True))) for row in rows]
