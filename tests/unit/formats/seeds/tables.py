"""Small canonical files in every tabular format: what the fuzzing harness damages."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import polars as pl
import xlsxwriter

ENTRIES = [
    {"entry_id": f"E{n}", "employee_id": f"P{n % 3}", "project_id": "P-1", "work_date": f"2026-10-{n % 28 + 1:02}",
     "hours": f"{n % 8}.25", "description": ('said "no", then left', "línea\nnext", "=1+1", "")[n % 4]}
    for n in range(40)
]  # fmt: skip
COSTS = [
    {"cost_line_id": f"C{n}", "project_id": f"P-{n % 4}", "posting_date": f"2026-{n % 12 + 1:02}-15",
     "amount": f"{n * 1234.5 - 9000:.2f}", "currency_code": ("EUR", "USD")[n % 2], "category": "travel"}
    for n in range(40)
]  # fmt: skip


def _csv(rows: list[dict[str, str]], separator: str = ",") -> bytes:
    return pl.DataFrame(rows).write_csv(separator=separator).encode()


def _xlsx() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name, rows in (("time_entry", ENTRIES), ("cost_line", COSTS)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(rows[0]))
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, list(row.values()))
    return stream.getvalue()


def _parquet() -> bytes:
    stream = io.BytesIO()
    pl.DataFrame(COSTS).with_columns(pl.col("amount").cast(pl.Decimal(18, 2))).write_parquet(stream)
    return stream.getvalue()


def _zip(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def files() -> dict[str, bytes]:
    """File name -> bytes."""
    return {
        "time_entry.csv": _csv(ENTRIES),
        "cost_line.tsv": _csv(COSTS, "\t"),
        "cost_line_2.csv": b"\xef\xbb\xbf" + _csv(COSTS, ";"),
        "time_entry_2.csv.gz": gzip.compress(_csv(ENTRIES), mtime=0),
        "cost_line_3.zip": _zip("cost_line.csv", _csv(COSTS)),
        "time_entry.jsonl": "".join(json.dumps(row) + "\n" for row in ENTRIES).encode(),
        "workbook.xlsx": _xlsx(),
        "cost_line.parquet": _parquet(),
    }
