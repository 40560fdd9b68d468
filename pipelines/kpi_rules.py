"""The firm's own KPIs and thresholds: two CSV files in the data home, read, checked and put beside the delivered ones.

`kpi_dictionary.csv` adds KPIs (a code that exists takes the place of the delivered row), `kpi_thresholds.csv` takes the
place of all delivered thresholds of the KPIs that it names. Their columns are those of the seeds in dbt_project/seeds.
What a threshold means belongs in dbt_project; nothing is judged here.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.contracts.ddl import LEDGER
from pipelines.errors import ConfigurationError
from pipelines.settings import Settings
from pipelines.version import ROOT

if TYPE_CHECKING:
    import duckdb

TABLES = ("kpi_dictionary", "kpi_thresholds")
SEEDS = ROOT / "dbt_project" / "seeds"
REQUIRED = {
    "kpi_dictionary": ("kpi_code", "kpi_name", "dimension", "formula", "unit", "direction"),
    "kpi_thresholds": ("kpi_code", "valid_from"),
}
DEFAULTS = {
    "kpi_dictionary": {
        "scale": "1", "origin": "delivered", "aggregation": "none", "within_month": "last", "role": "leading",
        "carried_months": "0", "is_charted": "true", "owner": "the firm",
    },
    "kpi_thresholds": {},
}  # fmt: skip
CODES = {
    "dimension": ("cost", "scope", "schedule", "quality", "customer", "people", "safety"),
    "direction": ("higher_is_better", "lower_is_better", "target_band"),
    "origin": ("derived", "composed", "delivered"),
    "aggregation": ("ratio", "sum", "median", "product", "none"),
    "within_month": ("last", "sum", "mean"),
    "role": ("leading", "supporting", "shown"),
    "applies_to": ("project", "group"),
    "is_charted": ("true", "false"),
}
KEYS = {
    "kpi_dictionary": ("kpi_code",),
    "kpi_thresholds": ("kpi_code", "customer_id", "business_group", "applies_to", "valid_from"),
}
Row = dict[str, str | None]


def _months(value: str) -> int:
    if not 0 <= (number := int(value)) <= 36:
        raise ValueError(value)
    return number


def _decimal(value: str) -> Decimal:
    if not (number := Decimal(value)).is_finite():
        raise ValueError(value)
    return number


# by the type that the ledger has: what makes a value of it, and what a valid one looks like
_TYPES: Mapping[str, tuple[Callable[[str], object], str]] = {
    "DECIMAL": (_decimal, "a number such as 0.95"),
    "DATE": (date.fromisoformat, "a day such as 2026-01-31"),
    "INTEGER": (_months, "whole months from 0 to 36"),
}


def path_of(settings: Settings, table: str) -> Path:
    return settings.home / f"{table}.csv"


def _rows(path: Path, table: str) -> Iterator[tuple[int, Row]]:
    """Line number and cells, empty ones as None.

    Raises ConfigurationError where the file is not UTF-8 CSV with columns of the table.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError("the file is not UTF-8", where=str(path)) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    columns, known = reader.fieldnames or (), LEDGER[table]
    for wrong in [name for name in columns if name not in known]:
        raise ConfigurationError("no column of that name", where=str(path), value=wrong, valid=list(known))
    for missing in [name for name in REQUIRED[table] if name not in columns]:
        raise ConfigurationError(f"the column {missing} is missing", where=str(path), valid=list(known))
    for cells in reader:
        if "" in cells:
            raise ConfigurationError("more cells than columns", where=f"{path}, line {reader.line_num}")
        yield reader.line_num, {name: (value or "").strip() or None for name, value in cells.items()}


def _check(row: Row, table: str, *, where: str) -> None:
    for name in REQUIRED[table]:
        if row.get(name) is None:
            raise ConfigurationError(f"{name} is empty", where=where, remedy="fill it in or take the row out")
    for name, value in row.items():
        if value is None:
            continue
        if name in CODES and value not in CODES[name]:
            raise ConfigurationError(f"no such {name}", where=where, value=value, valid=CODES[name])
        made, valid = _TYPES.get(LEDGER[table][name].split("(")[0], (str, ""))
        try:
            made(value)
        except (ValueError, InvalidOperation):
            raise ConfigurationError(f"{name} cannot be read", where=where, value=value, valid=valid) from None


def _check_thresholds(row: Row, directions: Mapping[str, str], *, where: str) -> None:
    """What dbt_project would refuse to judge: limits on the wrong side, red inside amber, a KPI that nobody knows."""
    code = str(row["kpi_code"])
    if code not in directions:
        raise ConfigurationError(
            "the KPI dictionary has no such KPI", where=where, value=code, valid=sorted(directions)
        )
    limits = {
        name: None if (text := row.get(name)) is None else Decimal(text)
        for name in ("amber_lower", "amber_upper", "red_lower", "red_upper")
    }
    if all(limit is None for limit in limits.values()):
        raise ConfigurationError("the row has no threshold", where=where, remedy="fill in amber or red limits")
    for side, direction in (("upper", "higher_is_better"), ("lower", "lower_is_better")):
        if directions[code] == direction and (limits[f"amber_{side}"], limits[f"red_{side}"]) != (None, None):
            raise ConfigurationError(f"an {side} limit of a KPI that is {direction}", where=where, value=code)
    pairs = (("red_lower", "amber_lower"), ("amber_upper", "red_upper"), ("amber_lower", "amber_upper"))
    for low, high in pairs:
        lower, upper = limits[low], limits[high]
        if lower is not None and upper is not None and lower > upper:
            raise ConfigurationError(f"{low} is above {high}", where=where, value=f"{lower} > {upper}")


def _check_periods(rows: Sequence[Row], path: Path) -> None:
    scopes: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        scope = tuple(row.get(name) for name in KEYS["kpi_thresholds"][:-1])
        scopes.setdefault(scope, []).append(row)
    for scope, periods in scopes.items():
        ordered = sorted(periods, key=lambda row: str(row["valid_from"]))
        for earlier, later in itertools.pairwise(ordered):
            if (earlier.get("valid_to") or "9999-12-31") >= str(later["valid_from"]):
                raise ConfigurationError(
                    "periods of one KPI overlap", where=str(path), value=f"{scope[0]} from {later['valid_from']}",
                    remedy="end the earlier row with valid_to on the day before",
                )  # fmt: skip


def read(settings: Settings) -> dict[str, list[Row]]:
    """The firm's own rows by table; no rows where it has no file.

    Raises ConfigurationError, naming file, line and value, where one of them cannot be used.
    """
    with (SEEDS / "kpi_dictionary.csv").open(encoding="utf-8", newline="") as file:
        directions = {row["kpi_code"]: row["direction"] for row in csv.DictReader(file)}
    found: dict[str, list[Row]] = {}
    for table in TABLES:
        path, rows = path_of(settings, table), found.setdefault(table, [])
        seen: set[tuple[str | None, ...]] = set()
        for line, row in _rows(path, table) if path.exists() else ():
            where = f"{path}, line {line}"
            _check(row, table, where=where)
            if table == "kpi_thresholds":
                _check_thresholds(row, directions, where=where)
            else:
                directions[str(row["kpi_code"])] = str(row["direction"])
            key = tuple(row.get(name) for name in KEYS[table])
            if key in seen:
                raise ConfigurationError("two rows have one key", where=where, value=" ".join(filter(None, key)))
            seen.add(key)
            rows.append({name: row.get(name) or DEFAULTS[table].get(name) for name in LEDGER[table]})
        if table == "kpi_thresholds":
            _check_periods(rows, path)
    return found


def write(connection: duckdb.DuckDBPyConnection, rules: Mapping[str, Sequence[Row]]) -> None:
    """Puts the rows into `ledger.kpi_dictionary` and `ledger.kpi_thresholds`, in the place of what is there."""
    for table, rows in rules.items():
        columns = LEDGER[table]
        connection.execute(f"delete from ledger.{table}")
        if rows:
            connection.executemany(
                f"insert into ledger.{table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
                [[row[name] for name in columns] for row in rows],
            )
