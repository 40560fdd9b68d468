"""Every canonical table in every tabular format: the same rows come out, typed, whatever they came in."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pipelines.contracts import Contract, contracts
from pipelines.contracts.frames import polars_schema
from pipelines.landing import land_inbox

ROWS = 12


def _delimited(rows: list[dict[str, Any]], text_of: Any, delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(rows[0])
    writer.writerows([text_of(value) for value in row.values()] for row in rows)
    return out.getvalue().encode()


def _json_lines(rows: list[dict[str, Any]]) -> bytes:
    def number(value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        return value.isoformat() if isinstance(value, date) else value

    return "\n".join(json.dumps({k: number(v) for k, v in row.items()}) for row in rows).encode()


def _parquet(contract: Contract, rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows, schema=polars_schema(contract, provenance=False)).write_parquet(out)
    return out.getvalue()


def _workbook(rows: list[dict[str, Any]], sheet_name: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet(sheet_name)
    sheet.write_row(0, 0, rows[0])
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row.values()):
            if isinstance(value, bool):
                sheet.write_boolean(line, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, (Decimal, int)):
                sheet.write_number(line, column, float(value))
            elif value is not None:
                sheet.write_string(line, column, value)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("kind", ["csv", "tsv", "csv.gz", "xlsx", "parquet", "jsonl"])
def test_every_table(home: Any, rows_of: Any, text_of: Any, kind: str) -> None:
    expected: dict[str, list[dict[str, Any]]] = {}
    for table, contract in contracts().items():
        rows = expected[table] = rows_of(contract, ROWS)
        content = {
            "csv": lambda rows, c: _delimited(rows, text_of, ","),
            "tsv": lambda rows, c: _delimited(rows, text_of, "\t"),
            "csv.gz": lambda rows, c: gzip.compress(_delimited(rows, text_of, ";")),
            "xlsx": lambda rows, c: _workbook(rows, c.name),
            "parquet": lambda rows, c: _parquet(c, rows),
            "jsonl": lambda rows, c: _json_lines(rows),
        }[kind](rows, contract)
        home.drop(f"{contract.feed}/{table}.{kind}", content)

    result = land_inbox(home.settings)

    assert [(f.status, f.reason) for f in result.files] == [("loaded", None)] * 36
    assert home.rejected() == []
    assert (result.rows_read, result.rows_loaded, result.rows_rejected, result.rows_unchanged) == (432, 432, 0, 0)
    assert {load["format"] for load in home.loads()} == {kind.removesuffix(".gz")}
    for table, contract in contracts().items():
        names = contract.column_names
        got = home.rows(f"select {', '.join(names)} from raw.{table}")
        defaults = {c.name: c.default for c in contract.columns}
        assert None not in {row[name] for row in expected[table] for name in names if defaults[name]}
        assert sorted(map(repr, got)) == sorted(
            repr(tuple(_stored(contract, r, n) for n in names)) for r in expected[table]
        )
        load = next(load for load in home.loads() if load["table_name"] == table)
        if contract.control_column:
            total = sum((row[contract.control_column] or Decimal(0) for row in expected[table]), Decimal(0))
            assert load["amount_read"] == load["amount_loaded"] == total
            assert total > 0
    lines = {line for (line,) in home.rows("select source_line from raw.wbs_element")}
    first = {"parquet": 1, "jsonl": 1}.get(kind, 2)
    mark = "wbs_element!" if kind == "xlsx" else ""
    assert lines == {f"{mark}{number}" for number in range(first, first + ROWS)}
    assert not list(Path(home.settings.inbox).rglob("*.*"))


def _stored(contract: Contract, row: dict[str, Any], name: str) -> Any:
    value = row[name]
    if isinstance(value, Decimal):
        return value.quantize(Decimal("1e-12") if contract.column(name).type == "fraction" else Decimal("1e-6"))
    return value
