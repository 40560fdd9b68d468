"""The demo firm, written once and read back the plain way: not through the road that is to be tested with it."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import duckdb
import fastexcel
import polars as pl
import pytest

from pipelines.contracts import contracts
from pipelines.demo import DemoReport, write_demo

FROM_TEXT = {"date": pl.Date, "month": pl.Date, "decimal": pl.Decimal(24, 6), "fraction": pl.Decimal(24, 6)}


def table_of(name: str) -> str:
    """The longest table that a file or sheet name begins with."""
    found = [t for t in contracts() if name == t or (name.startswith(t) and name[len(t)] in "._- ")]
    return max(found, key=len)


def read(path: Path) -> list[tuple[str, pl.DataFrame]]:
    """The tables of a tabular file, every cell as text."""
    name = path.name
    if name.endswith(".xlsx"):
        book = fastexcel.read_excel(path)
        return [(sheet, book.load_sheet(sheet, dtypes="string").to_polars()) for sheet in book.sheet_names]
    if name.endswith(".jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        names = list(dict.fromkeys(key for row in rows for key in row))
        cells = [{k: json.dumps(v) if isinstance(v, (bool, float)) else v for k, v in row.items()} for row in rows]
        text = [{k: None if c.get(k) is None else str(c[k]) for k in names} for c in cells]
        return [(table_of(name), pl.DataFrame(text, schema=dict.fromkeys(names, pl.String)))]
    if name.endswith(".parquet"):
        return [(table_of(name), pl.read_parquet(path).cast(pl.String))]
    encoding = "cp1252" if name.startswith("employee") else "utf8"
    head = pl.read_csv(path, has_header=False, n_rows=1, separator="\x1f", encoding=encoding).item(0, 0)
    separator = max(";,\t", key=head.count)
    return [(table_of(name), pl.read_csv(path, separator=separator, infer_schema=False, encoding=encoding))]


class Written:
    """`files`: path under the inbox -> its tables. `tables`: all rows of a table, with `file`, later files winning."""

    def __init__(self, home: Path, report: DemoReport) -> None:
        self.home, self.report, self.inbox = home, report, home / "inbox"
        self.files = {
            str(path.relative_to(self.inbox)): read(path)
            for path in sorted(self.inbox.rglob("*"), key=lambda p: (p.stat().st_mtime, str(p)))
            if path.is_file() and path.suffix != ".xml"
        }
        pieces: dict[str, list[pl.DataFrame]] = defaultdict(list)
        for file, found in self.files.items():
            for table, frame in found:
                pieces[table].append(frame.with_columns(pl.lit(file).alias("file")))
        self.tables = {table: pl.concat(frames, how="diagonal") for table, frames in pieces.items()}

    def fault(self, fault_id: str):
        return next(fault for fault in self.report.faults if fault.id == fault_id)

    @property
    def bad_rows(self) -> set[str]:
        """Keys of planted rows that the road must reject."""
        return {f.key for f in self.report.faults if f.outcome == "rejected" and f.key}

    def clean(self, table: str) -> pl.DataFrame:
        """Typed rows in force: planted rejects left out, of a key the last one that arrived."""
        contract = contracts()[table]
        frame = self.tables[table]
        refused = [f.file for f in self.report.faults if f.outcome == "refused"]
        frame = frame.filter(~pl.col("file").is_in(refused))
        frame = frame.select([c for c in contract.column_names if c in frame.columns] + ["file"])
        for key in contract.key:
            if key in frame.columns:
                frame = frame.filter(~pl.col(key).fill_null("").is_in(list(self.bad_rows)))
        keys = [k for k in contract.key if k in frame.columns]
        if table == "time_entry":  # rows of the Parquet files have no number
            keyed = frame.filter(pl.col("entry_id").is_not_null()).unique(keys, keep="last", maintain_order=True)
            frame = pl.concat([keyed, frame.filter(pl.col("entry_id").is_null())])
        else:
            frame = frame.unique(keys, keep="last", maintain_order=True)
        typed = []
        for column in contract.columns:
            if column.name in frame.columns and column.type in FROM_TEXT:
                cell = pl.col(column.name)
                dated = FROM_TEXT[column.type] == pl.Date
                typed.append(cell.str.slice(0, 10).str.to_date() if dated else cell.cast(FROM_TEXT[column.type]))
        return frame.with_columns(typed)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Written:
    home = tmp_path_factory.mktemp("demo")
    return Written(home, write_demo(home))


@pytest.fixture(scope="session")
def invoices(demo: Written) -> pl.DataFrame:
    """The headers of the e-invoices that are ours, through the product's own reader."""
    from lxml import etree

    from pipelines.formats.invoices import read_invoice
    from pipelines.settings import load_settings

    own = load_settings(demo.home, environment={}).own_parties
    refused = [f.file for f in demo.report.faults if f.outcome == "refused"]
    rows = []
    for path in sorted((demo.inbox / "invoices" / "ubl").iterdir()):
        if str(path.relative_to(demo.inbox)) not in refused:
            found = read_invoice(etree.parse(path).getroot(), own_parties=own, where=path.name)
            assert not found.warnings, (path.name, found.warnings)
            rows += found.rows["invoice"]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    amounts = [pl.col(c).cast(pl.Decimal(24, 6)) for c in ("net_amount", "tax_amount", "gross_amount")]
    return frame.with_columns(*amounts, pl.col("issue_date", "due_date").str.to_date())


@pytest.fixture(scope="session")
def sql(demo: Written, invoices: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """All tables in a database in memory; `customer_invoice` beside the suppliers' `invoice`."""
    base = duckdb.connect()
    base.execute("set threads = 2")
    for table in demo.tables:
        base.register("piece", demo.clean(table).to_arrow())
        base.execute(f"create table {table} as select * from piece")
    base.register("piece", invoices.to_arrow())
    base.execute("create table customer_invoice as select * from piece")
    # every day with the last rate that is not older than a week
    base.execute(
        """
        create table rate as
        select to_currency as currency, day::date as day, arg_max(rate::double, rate_date) as rate
        from exchange_rate
        join generate_series(date '2024-10-01', date '2026-12-31', interval 1 day) as days(day)
            on rate_date between day::date - 7 and day::date
        where rate_type = 'daily'
        group by all
        """
    )
    base.execute(
        """
        create macro in_base(p_amount, p_currency, p_day) as
            case when p_currency = 'EUR' then p_amount::double
            else p_amount::double / (select any_value(rate) from rate where currency = p_currency and day = p_day) end
        """
    )
    return base
