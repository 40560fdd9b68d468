"""The connection through which landing writes the private warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.contracts.ddl import statements
from pipelines.settings import Settings

# Ten million rows pass through with this much; what does not fit spills to work/.
_MEMORY = "512MB"


@contextmanager
def open_warehouse(settings: Settings, *, path: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse (or another one, at `path`) with every table of the contracts in it; checkpointed and closed at
    the end."""
    connection = duckdb.connect(
        str(path or settings.warehouse),
        config={
            "threads": 2,
            "preserve_insertion_order": False,
            "memory_limit": _MEMORY,
            "temp_directory": str(settings.work / "duckdb"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        connection.begin()
        for statement in statements():
            connection.execute(statement)
        connection.commit()
        yield connection
        connection.execute("checkpoint")
    finally:
        connection.close()


def parquet(path: Path) -> str:
    """A path as an SQL literal that DuckDB does not take for a pattern."""
    escaped = "".join(f"[{c}]" if c in "*?[" else c for c in str(path))
    return "'" + escaped.replace("'", "''") + "'"
