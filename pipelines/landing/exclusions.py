"""One fact, one source: keeps the lines of a journal and of the sub-ledger behind it from both being in force."""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipelines.contracts import Contract
from pipelines.contracts.model import PROVENANCE
from pipelines.formats.base import Exclusion


def in_force(connection: duckdb.DuckDBPyConnection, contract: Contract, exclusion: Exclusion) -> tuple[str, str] | None:
    """Format and name of a file whose rows of this table are in force and would be the same facts; None without."""
    return connection.execute(
        f"""
        select l.format, l.file_name
        from ledger.loads as l
        where
            l.table_name = ?
            and l.format in (select unnest(?::varchar[]))
            and exists (select 1 from raw.{contract.name} as r where r.source_file_id = l.source_file_id)
        order by l.load_number desc
        limit 1
        """,
        [contract.name, list(exclusion.formats)],
    ).fetchone()


def withdraw(
    connection: duckdb.DuckDBPyConnection, contract: Contract, exclusion: Exclusion, *, by: str, at: datetime
) -> int:
    """Moves to history what the excluded formats gave; returns how many rows."""
    stored = ", ".join((*contract.column_names, *PROVENANCE))
    theirs = (
        "r.source_file_id in (select source_file_id from ledger.loads "
        "where table_name = ? and format in (select unnest(?::varchar[])))"
    )
    values = [contract.name, list(exclusion.formats)]
    connection.execute(
        f"""
        insert into history.{contract.name} ({stored}, superseded_by_file_id, superseded_at)
        select {stored}, ?, ? from raw.{contract.name} as r where {theirs}
        """,
        [by, at, *values],
    )
    gone = connection.execute(f"delete from raw.{contract.name} as r where {theirs}", values).fetchone()
    return gone[0] if gone else 0
