"""The published DuckDB file: the five public schemas copied out of the private warehouse, described inside.

`stage` makes it beside the publications, `seal` adds what is only known at the end (checks, the refresh itself) and
makes it read-only. Nothing here decides whether it may be published, and nothing here touches what readers see.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import PublicationFailed
from pipelines.settings import Settings

PUBLIC_SCHEMAS = ("core", "margin", "forecast", "kpi", "ops")

_REFRESHES = {
    "refresh_id": ("VARCHAR", "Identifies the refresh; begins with its start in UTC"),
    "started_at": ("TIMESTAMP", "When the refresh began, UTC"),
    "ended_at": ("TIMESTAMP", "When it ended, UTC; of the refresh that made this file: when it was sealed"),
    "status": ("VARCHAR", "published, failed or killed"),
    "as_of": ("TIMESTAMP", "The moment that the figures stand for, UTC"),
    "base_currency": ("VARCHAR", "Currency of every *_base column"),
    "code_version": ("VARCHAR", "Version of the code and a hash of its sources"),
    "input_hash": ("VARCHAR", "Hash of every file taken in so far and of the configuration"),
    "files_loaded": ("BIGINT", "Files taken in by this refresh"),
    "files_refused": ("BIGINT", "Files refused by this refresh"),
    "files_duplicate": ("BIGINT", "Files whose bytes were known already"),
    "rows_loaded": ("BIGINT", "Rows taken in by this refresh"),
    "rows_rejected": ("BIGINT", "Rows rejected by this refresh"),
    "seconds_by_step": ("VARCHAR", "Seconds by step, as JSON"),
    "rows_by_step": ("VARCHAR", "Rows by step, as JSON"),
    "message": ("VARCHAR", "Why it failed, where it did"),
}
_CHECKS = {
    "suite": ("VARCHAR", "Where the check belongs: a feed's gate, the gate of the marts, or dbt"),
    "check_name": ("VARCHAR", "What must hold"),
    "schema_name": ("VARCHAR", "Schema of the table that was checked"),
    "model_name": ("VARCHAR", "Table or model that was checked"),
    "column_name": ("VARCHAR", "Column, where the check is about one"),
    "severity": ("VARCHAR", "critical stops a publication, warning does not"),
    "status": ("VARCHAR", "passed or failed"),
    "failing_rows": ("BIGINT", "How many rows do not hold"),
    "message": ("VARCHAR", "What does not hold, where, and what to do"),
    "checked_at": ("TIMESTAMP", "When, UTC"),
}
_DICTIONARY = {
    "schema_name": ("VARCHAR", "Schema"),
    "model_name": ("VARCHAR", "Table"),
    "column_name": ("VARCHAR", "Column; empty for the table itself"),
    "data_type": ("VARCHAR", "Type in DuckDB"),
    "meaning": ("VARCHAR", "What it says"),
    "formula": ("VARCHAR", "How it is derived, where it is"),
}
_MEANINGS = {
    "refreshes": "One row per refresh: when, how it ended, which code and inputs.",
    "check_results": "One row per check of the refresh that made this file, and how it ended.",
    "data_dictionary": "One row per published table and column: what it means.",
}


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def staged_path(settings: Settings) -> Path:
    return settings.published / ".staged" / "warehouse.duckdb"


def _public_tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str, str | None]]:
    return connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() "
        "where database_name = ? and schema_name in (select unnest(?)) order by all",
        [catalog, list(PUBLIC_SCHEMAS)],
    ).fetchall()


def _comment_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str, comment: str | None) -> None:
    if comment:
        connection.execute(f"comment on table {_name('snapshot', schema, table)} is {_quote(comment)}")


def stage(settings: Settings) -> Path:
    """Copies the public schemas into a new file and returns its path; an older staged file is thrown away.

    Raises PublicationFailed where the private warehouse is missing or holds no public table.
    """
    if not settings.warehouse.exists():
        raise PublicationFailed("there is no warehouse to publish", where=str(settings.warehouse))
    target = staged_path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob("warehouse.duckdb*"):
        leftover.unlink()
    connection = duckdb.connect(config={"threads": 2, "autoinstall_known_extensions": False})
    try:
        connection.execute(f"attach {_quote(str(settings.warehouse))} as private (read_only)")
        # v1.0.0: readable by every DuckDB since 1.0 (docs/decisions.md)
        connection.execute(f"attach {_quote(str(target))} as snapshot (storage_version 'v1.0.0')")
        tables = _public_tables(connection, "private")
        if not tables:
            raise PublicationFailed("the warehouse holds no published table", where=str(settings.warehouse))
        for schema in PUBLIC_SCHEMAS:
            connection.execute(f"create schema if not exists {_name('snapshot', schema)}")
        for schema, table, comment in tables:
            connection.execute(
                f"create table {_name('snapshot', schema, table)} as select * from {_name('private', schema, table)}"
            )
            _comment_table(connection, schema, table, comment)
        columns = connection.execute(
            "select schema_name, table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'private' and schema_name in (select unnest(?)) and comment is not null",
            [list(PUBLIC_SCHEMAS)],
        ).fetchall()
        for schema, table, column, comment in columns:
            connection.execute(f"comment on column {_name('snapshot', schema, table, column)} is {_quote(comment)}")
        connection.execute("checkpoint snapshot")
    finally:
        connection.close()
    return target


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, tuple[str, str]],
    rows: Iterable[Mapping[str, Any]],
) -> None:
    # one frame of text, cast in SQL: row-wise inserts took 2 to 7 s of a demo refresh
    text = [{name: None if row.get(name) is None else str(row[name]) for name in columns} for row in rows]
    connection.register("fresh_rows", pl.DataFrame(text, schema=dict.fromkeys(columns, pl.String)))
    body = ", ".join(f"cast({name} as {kind}) as {name}" for name, (kind, _) in columns.items())
    connection.execute(f"create or replace table snapshot.ops.{table} as select {body} from fresh_rows")
    connection.unregister("fresh_rows")
    _comment_table(connection, "ops", table, _MEANINGS[table])
    for name, (_, meaning) in columns.items():
        connection.execute(f"comment on column snapshot.ops.{table}.{name} is {_quote(meaning)}")


def _dictionary(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every published table and column with its comment; the formula is what follows `Formula:` in it."""
    rows = connection.execute(
        """
        select schema_name, table_name, '' as column_name, null as data_type, comment, -1 as position
        from duckdb_tables() where database_name = 'snapshot'
        union all
        select schema_name, table_name, column_name, data_type, comment, column_index
        from duckdb_columns() where database_name = 'snapshot' and not internal
        order by 1, 2, 6
        """
    ).fetchall()
    found = []
    for schema, table, column, kind, comment, _ in rows:
        meaning, _, formula = (comment or "").partition("Formula:")
        found.append(
            {
                "schema_name": schema,
                "model_name": table,
                "column_name": column,
                "data_type": kind,
                "meaning": meaning.strip(),
                "formula": formula.strip() or None,
            }
        )
    return found


def _withhold_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes a refresh's numbers of rows away where ops.loads withholds those of one of its files: a total less the
    other files would tell them."""
    known = "select count(*) from duckdb_columns() where database_name = 'snapshot' and column_name = ?"
    if connection.execute(known, ["is_row_count_withheld"]).fetchone() == (0,):
        return
    connection.execute(
        """
        update snapshot.ops.refreshes
        set rows_loaded = null, rows_rejected = null, rows_by_step = null
        where exists (
            select 1 from snapshot.ops.loads
            where is_row_count_withheld
                and date_trunc('second', loaded_at) between refreshes.started_at and refreshes.ended_at
        )
        """
    )


def seal(
    settings: Settings,
    *,
    checks: Sequence[Mapping[str, Any]],
    refreshes: Sequence[Mapping[str, Any]],
) -> dict[str, int]:
    """Adds ops.check_results, ops.refreshes and ops.data_dictionary, makes the file read-only, returns rows by table.

    The counts are read back from the very bytes that get published.
    """
    target = staged_path(settings)
    target.chmod(0o644)
    connection = duckdb.connect(config={"threads": 2})
    try:
        connection.execute(f"attach {_quote(str(target))} as snapshot")
        _write(connection, "check_results", _CHECKS, checks)
        _write(connection, "refreshes", _REFRESHES, refreshes)
        _withhold_rows(connection)
        _write(connection, "data_dictionary", _DICTIONARY, [])
        _write(connection, "data_dictionary", _DICTIONARY, _dictionary(connection))
        connection.execute("checkpoint snapshot")
    finally:
        connection.close()
    if Path(f"{target}.wal").exists():
        raise PublicationFailed("the snapshot was not closed cleanly", where=str(target))
    target.chmod(0o444)
    with duckdb.connect(str(target), read_only=True) as reader:
        tables = reader.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        return {
            f"{schema}.{table}": reader.execute(f"select count(*) from {_name(schema, table)}").fetchone()[0]
            for schema, table in tables
        }


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, content: Any) -> None:
    """Replaces a JSON file at once: a reader sees the old or the new one, never half."""
    staged = path.with_name(f".{path.name}.new")
    staged.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    fsync(staged)
    staged.replace(path)
    fsync(path.parent)
