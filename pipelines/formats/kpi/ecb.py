"""Euro reference rates of the European Central Bank: the daily and the historic list, as CSV and as XML.

A rate is so many units of a currency for one euro. Days and currencies without a rate (N/A) have no row.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from pipelines.contracts.iso4217 import CURRENCIES
from pipelines.errors import RefusedFile
from pipelines.formats import xml_stream
from pipelines.formats.base import FAULT, Context, RawTable, Source, TableRead
from pipelines.formats.erp import spelling
from pipelines.formats.erp.spelling import Spelling, filled
from pipelines.formats.headers import normalise
from pipelines.formats.saft.spool import Spool

FORMAT, SYSTEM = "ecb", "ecb"
_MAPPING = {"to_currency": "the column's or Cube's currency", "rate_date": "Date", "rate": "the rate"}
_CODE = re.compile(r"^[A-Za-z]{3}$")
_NONE = ("N/A", "n/a", "-")
_SCHEMA: dict[str, pl.DataType] = {
    "to_currency": pl.String(), "rate_date": pl.String(), "rate": pl.String(), "source_line": pl.String(),
}  # fmt: skip


def is_rates(header: Sequence[str]) -> bool:
    """Whether a table is the ECB's: a date, then only currencies, the dollar, the yen and the pound among them."""
    names = [name.strip() for name in header if name.strip() and not name.startswith("column ")]
    codes = {name.upper() for name in names[1:]}
    return (
        len(names) > 3
        and normalise(names[0]) == "date"
        and {"USD", "JPY", "GBP"} <= codes
        and "EUR" not in codes
        and all(_CODE.match(code) for code in codes)
    )


def read_raw(raw: RawTable, columns: Mapping[str, str], context: Context, *, where: str) -> list[TableRead]:
    """The rates of a table, one row a day and currency."""
    date, *rest = raw.header
    codes = {column: column.strip().upper() for column in rest if _CODE.match(column.strip())}
    long = raw.frame.unpivot(
        on=list(codes), index=[date, "source_line", FAULT], variable_name="to_currency", value_name="rate"
    ).select(
        pl.col("to_currency").replace(codes),
        spelling.date(filled(pl.col(date)), Spelling()).alias("rate_date"),
        filled(pl.col("rate")).alias("rate"),
        "source_line",
        FAULT,
    )
    return [_table(long, warnings=raw.warnings, dialect=raw.dialect, where=where)]


def read_xml(source: Source, context: Context) -> list[TableRead]:
    """The rates of an envelope: Cube with `time` around Cube with `currency` and `rate`. Raises RefusedFile."""
    context.work.mkdir(parents=True, exist_ok=True)
    spool = Spool(Path(tempfile.mkdtemp(prefix="rates-", dir=context.work)), "rates", _SCHEMA)
    days: dict[str, int] = {}
    for _, cube in xml_stream.elements(source, wanted=("Cube",)):
        parent = cube.getparent()
        if cube.get("currency") is None or parent is None:
            continue
        day = parent.get("time") or ""
        days.setdefault(day, len(days) + 1)
        line = f"/Envelope/Cube/Cube[{days[day]}]/Cube[@currency='{cube.get('currency')}']"
        spool.add((cube.get("currency", "").strip().upper(), day, (cube.get("rate") or "").strip() or None, line))
    if not spool.count:
        raise RefusedFile(
            "an envelope without exchange rates", where=source.name, remedy="fetch eurofxref-daily.xml again"
        )
    frame = spool.scan().with_columns(pl.lit(None, dtype=pl.String).alias(FAULT))
    return [_table(frame, where=source.name)]


def _table(frame: pl.LazyFrame, *, where: str, warnings: tuple[str, ...] = (), dialect: str = "") -> TableRead:
    none = pl.col("rate").is_null() | pl.col("rate").is_in(_NONE)
    skipped = frame.select((none & pl.col(FAULT).is_null()).sum()).collect(engine="streaming").item()
    if skipped:
        warnings = (*warnings, f"{skipped} days of a currency without a rate (N/A) left out")
    unknown = (
        frame.filter(~none & ~pl.col("to_currency").is_in(sorted(CURRENCIES)))
        .group_by("to_currency").len().sort("to_currency").collect(engine="streaming")
    )  # fmt: skip
    if unknown.height:
        named = ", ".join(f"{code} ({count})" for code, count in unknown.rows())
        warnings = (*warnings, f"rates of currencies that ISO 4217 does not know are rejected: {named}")
    return TableRead(
        format=FORMAT,
        table="exchange_rate",
        frame=frame.filter(~none | pl.col(FAULT).is_not_null()).select(
            pl.lit("EUR").alias("from_currency"),
            "to_currency",
            "rate_date",
            pl.lit("daily").alias("rate_type"),
            "rate",
            "source_line",
            FAULT,
        ),
        warnings=warnings,
        mapping=_MAPPING,
        dialect=dialect,
        source_system=SYSTEM,
    )
