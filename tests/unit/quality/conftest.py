"""A small private warehouse in which everything holds, and rows to break it with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import contracts, ddl
from pipelines.settings import Settings

NOW = datetime(2026, 11, 1, 5, tzinfo=UTC)
PRIVATE = "PRIVATE"
PRIVATE_RATE = Decimal("737.37")

_BY_TYPE: dict[str, Any] = {
    "date": date(2026, 3, 2),
    "month": date(2026, 3, 1),
    "decimal": Decimal("10"),
    "fraction": Decimal("0.5"),
    "boolean": True,
    "currency": "EUR",
    "integer": 1,
}
# what a row needs to be coherent with the others, beyond a valid cell in every column
_COHERENT: dict[str, dict[str, Any]] = {
    "project_alias": {"alias": "alias-1", "source_system": "*"},
    "wbs_element": {"parent_wbs_id": None},
    "cost_rate": {"role_id": None, "valid_to": None},
    "cost_line": {"category": None},
    "invoice": {"net_amount": 100, "tax_amount": 20, "gross_amount": 120, "type": "invoice"},
    "invoice_line": {"net_amount": 100},
    "gl_balance": {"amount": 0},
    "exchange_rate": {"to_currency": "USD"},
    "survey_response": {"kind": "nps"},
}


class Warehouse:
    """`row` adds a coherent row of a table with the given cells changed; its line is how a finding names it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.warehouse_dir.mkdir(parents=True)
        self.connection = duckdb.connect(str(settings.warehouse))
        for statement in ddl.statements():
            self.connection.execute(statement)

    def row(self, table: str, *, line: str = "1", file: str | None = None, **cells: Any) -> None:
        row: dict[str, Any] = {}
        for column in contracts()[table].columns:
            text = f"{PRIVATE}-{column.name}" if column.personal == "private" else f"{column.name}-1"
            row[column.name] = column.codes[0] if column.codes else _BY_TYPE.get(column.type, text)
            if column.name == "hourly_rate":
                row[column.name] = PRIVATE_RATE
        row |= _COHERENT.get(table, {}) | {"source_file_id": file or f"{table:_<16.16}", "source_line": line} | cells
        marks = ", ".join("?" for _ in row)
        self.connection.execute(f"insert into raw.{table} ({', '.join(row)}) values ({marks})", list(row.values()))

    def load(self, table: str, **cells: Any) -> None:
        row = {
            "load_number": 1,
            "source_file_id": f"{table:_<16.16}",
            "table_name": table,
            "file_name": f"{table}.csv",
            "feed": contracts()[table].feed,
            "rows_read": 1,
            "rows_loaded": 1,
            "rows_rejected": 0,
            "rows_unchanged": 0,
            "status": "loaded",
        } | cells
        marks = ", ".join("?" for _ in row)
        self.connection.execute(f"insert into ledger.loads ({', '.join(row)}) values ({marks})", list(row.values()))

    def fill(self) -> None:
        """One coherent row of every table, with its load."""
        for table in contracts():
            self.row(table)
            self.load(table)

    def close(self) -> Path:
        self.connection.close()
        return self.settings.warehouse


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", fixed_now=NOW)


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    made = Warehouse(settings)
    yield made
    made.connection.close()
