"""`outturn export`: published tables as CSV, Parquet or one workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.errors import ConfigurationError, PublicationFailed
from pipelines.publishing.publications import current
from pipelines.settings import Settings

FORMATS = ("csv", "parquet", "xlsx")
_EXCEL_ROWS = 1_048_576  # a sheet's limit, its header included


def _safe_csv(column: str, kind: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    name = '"' + column.replace('"', '""') + '"'
    if kind != "VARCHAR":
        return name
    return f"case when regexp_matches({name}, '^[=+@\\t\\r-]') then '''' || {name} else {name} end as {name}"


def export(settings: Settings, *, tables: Sequence[str], kind: str, out: Path) -> list[Path]:
    """Writes the named published tables (`schema.table`; none: all marts) into `out`; returns the files.

    Raises ConfigurationError for an unknown table, PublicationFailed where nothing is published.
    """
    import duckdb

    folder = current(settings)
    if folder is None:
        raise PublicationFailed("nothing is published yet", where=str(settings.published), remedy="run a refresh")
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        known = [
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables() where not internal order by all"
            ).fetchall()
        ]
        wanted = list(tables) or [name for name in known if name.split(".")[0] in ("margin", "forecast", "kpi")]
        for name in wanted:
            if name not in known:
                raise ConfigurationError("no such published table", value=name, valid=known)
        out.mkdir(parents=True, exist_ok=True)
        if kind == "xlsx":
            return [_workbook(connection, wanted, out / "outturn.xlsx")]
        written = []
        for name in wanted:
            path = out / f"{name}.{kind}"
            columns = connection.execute(f"describe {name}").fetchall()
            shown = ", ".join(_safe_csv(c[0], c[1]) for c in columns) if kind == "csv" else "*"
            options = "format csv, header" if kind == "csv" else "format parquet"
            place = str(path).replace("'", "''")
            connection.execute(f"copy (select {shown} from {name} order by all) to '{place}' ({options})")
            written.append(path)
        return written


def _workbook(connection, tables: Sequence[str], path: Path) -> Path:
    import xlsxwriter

    # strings_to_formulas off: a name that begins with = stays a name
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(path), {**options, "remove_timezone": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00;-#,##0.00"})
        for name in tables:
            sheet = book.add_worksheet(name[-31:].replace(".", "_"))
            columns = connection.execute(f"describe {name}").fetchall()
            kinds = [c[1] for c in columns]
            count = connection.execute(f"select count(*) from {name}").fetchone()[0]
            if count >= _EXCEL_ROWS:
                raise ConfigurationError("more rows than a sheet holds", value=f"{name}: {count}", valid="csv, parquet")
            sheet.freeze_panes(1, 0)
            for index, column in enumerate(columns):
                sheet.write_string(0, index, column[0], bold)
                sheet.set_column(index, index, max(12, min(40, len(column[0]) + 2)))
            rows = connection.execute(f"select * from {name} order by all")
            number = 0
            while batch := rows.fetchmany(5000):
                for row in batch:
                    number += 1
                    for index, value in enumerate(row):
                        if value is None:
                            continue
                        if kinds[index].startswith("DECIMAL"):
                            sheet.write_number(number, index, float(value), money)
                        elif kinds[index] in ("DATE", "TIMESTAMP"):
                            sheet.write_datetime(number, index, value, day)
                        elif isinstance(value, (int, float)) and not isinstance(value, bool):
                            sheet.write_number(number, index, value)
                        else:
                            sheet.write_string(number, index, str(value))
    return path
