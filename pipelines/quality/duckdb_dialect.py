"""The SQLAlchemy dialect through which Great Expectations reads DuckDB.

Three repairs of duckdb-engine, nothing else: rows are buffered, columns are read from DuckDB's own catalogue, and a
connection is opened without settings of its own.
Importing this module needs duckdb-engine and SQLAlchemy; call `register()` before a data source is made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import duckdb_engine
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy


class _BufferedContext(duckdb_engine.Dialect.execution_ctx_cls):
    """Great Expectations closes the connection before it fetches; a DuckDB cursor is empty by then (IndexError)."""

    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDuckDB(duckdb_engine.Dialect):
    supports_statement_cache = False
    execution_ctx_cls = _BufferedContext

    def connect(self, database: str, *, read_only: bool = False, **_: Any) -> duckdb_engine.ConnectionWrapper:
        """duckdb-engine names itself in a setting; DuckDB then refuses every other connection of this process."""
        return duckdb_engine.ConnectionWrapper(duckdb.connect(database, read_only=read_only))

    @classmethod
    def get_pool_class(cls, url: sa.URL) -> type[sa.pool.Pool]:
        """Great Expectations makes engines that nobody disposes of; a pooled connection would keep the file locked."""
        return sa.pool.NullPool

    def get_columns(
        self, connection: sa.Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """Names and types of a table. SQLAlchemy 2.1's own query joins pg_collation, which DuckDB does not have."""
        schema, _, table = f"{schema or ''}.{table_name}".strip(".").rpartition(".")
        rows = connection.exec_driver_sql(
            "select column_name, data_type, is_nullable from duckdb_columns() "
            "where database_name = current_database() and table_name = ? "
            "and schema_name = coalesce(?, current_schema()) order by column_index",
            (table, schema or None),
        ).all()
        if not rows:
            raise sa.exc.NoSuchTableError(f"{schema}.{table}")
        return [
            {"name": name, "type": sa.types.NullType(), "nullable": nullable, "default": None, "comment": kind}
            for name, kind, nullable in rows
        ]


def register() -> None:
    """Puts the dialect in the place of duckdb-engine's; idempotent."""
    registry.impls.pop("duckdb", None)
    registry.register("duckdb", __name__, BufferedDuckDB.__name__)


def address(database: Path) -> str:
    return sa.URL.create("duckdb", database=str(database.resolve())).render_as_string()
