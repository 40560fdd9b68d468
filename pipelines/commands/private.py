"""Reading the private warehouse from a command: for a moment, and never beside a refresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from pipelines.errors import ConfigurationError
from pipelines.refresh_log import writer_lock
from pipelines.settings import Settings


@contextmanager
def private_warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection under the writer's lock: a reader's connection would stop a refresh that starts.

    Raises WarehouseBusy while a refresh runs, ConfigurationError before the first one.
    """
    if not settings.warehouse.exists():
        raise ConfigurationError(
            "nothing was taken in yet", where=str(settings.home), remedy="run `outturn refresh` first"
        )
    with writer_lock(settings), duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


def rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    answer = connection.execute(sql, parameters)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
