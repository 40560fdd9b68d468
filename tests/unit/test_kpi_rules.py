"""The firm's own KPIs and thresholds: what is taken, what is refused with which words, what the ledger then holds."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines import kpi_rules
from pipelines.contracts.ddl import LEDGER, statements
from pipelines.errors import ConfigurationError
from pipelines.settings import Settings
from pipelines.state import input_hash

HEADER = "kpi_code,customer_id,valid_from,valid_to,amber_lower,amber_upper,red_lower,red_upper"


def own(tmp_path: Path, **files: str) -> Settings:
    for table, text in files.items():
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
    return Settings(home=tmp_path)


def thresholds(tmp_path: Path, *rows: str) -> Settings:
    return own(tmp_path, kpi_thresholds="\n".join((HEADER, *rows)) + "\n")


def test_without_files_nothing_is_ones_own(tmp_path):
    assert kpi_rules.read(own(tmp_path)) == {"kpi_dictionary": [], "kpi_thresholds": []}


@pytest.mark.parametrize("table", kpi_rules.TABLES)
def test_the_seeds_have_the_ledgers_columns_and_could_be_ones_own(tmp_path, table):
    text = (kpi_rules.SEEDS / f"{table}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == list(LEDGER[table])
    assert len(kpi_rules.read(own(tmp_path, **{table: text}))[table]) == len(rows)


def test_own_kpis_and_thresholds_reach_the_ledger(tmp_path):
    settings = own(
        tmp_path,
        kpi_dictionary="kpi_code,kpi_name,dimension,formula,unit,direction\n"
        "rrc_success,Connection success,quality,successes / attempts,fraction,higher_is_better\n",
        kpi_thresholds=f"{HEADER}\nrrc_success,,2026-01-01,,0.99,,0.98,\ncpi,C-7,2026-01-01,2026-06-30,0.97,1.03,,\n",
    )
    with duckdb.connect() as connection:
        for statement in statements():
            connection.execute(statement)
        for _ in range(2):  # a second refresh adds nothing
            kpi_rules.write(connection, kpi_rules.read(settings))
        (kpi,) = connection.execute(
            "select kpi_code, scale, aggregation, role, carried_months, is_charted from ledger.kpi_dictionary"
        ).fetchall()
        found = connection.execute(
            "select kpi_code, customer_id, valid_from, valid_to, amber_lower, red_lower, red_upper "
            "from ledger.kpi_thresholds order by 1"
        ).fetchall()
    assert kpi == ("rrc_success", 1, "none", "leading", 0, True)
    assert found == [
        ("cpi", "C-7", date(2026, 1, 1), date(2026, 6, 30), Decimal("0.97"), None, None),
        ("rrc_success", None, date(2026, 1, 1), None, Decimal("0.99"), Decimal("0.98"), None),
    ]


def test_a_changed_file_is_a_reason_to_refresh(tmp_path):
    before = input_hash(thresholds(tmp_path, "cpi,,2026-01-01,,0.95,1.05,0.9,1.1"))
    assert input_hash(thresholds(tmp_path, "cpi,,2026-01-01,,0.96,1.05,0.9,1.1")) != before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("cpi,,2026-01-01,,abc,,,", "amber_lower cannot be read"),
        ("cpi,,2026-01-01,,NaN,,,", "amber_lower cannot be read"),
        ("cpi,,01.01.2026,,0.95,,,", "a day such as 2026-01-31"),
        ("cpi,,,,0.95,,,", "valid_from is empty"),
        ("margin,,2026-01-01,,0.95,,,", "has no such KPI"),
        ("cpi,,2026-01-01,,,,,", "no threshold"),
        ("nps,,2026-01-01,,,50,,", "upper limit of a KPI that is higher_is_better"),
        ("trir,,2026-01-01,,1,,,", "lower limit of a KPI that is lower_is_better"),
        ("cpi,,2026-01-01,,0.9,1.05,0.95,1.1", "red_lower is above amber_lower"),
        ("cpi,,2026-01-01,,0.95,1.2,0.9,1.1", "amber_upper is above red_upper"),
        ("cpi,,2026-01-01,,0.95,,0.9,\ncpi,,2026-01-01,,0.96,,0.9,", "two rows have one key"),
        ("cpi,,2026-01-01,,0.95,,0.9,\ncpi,,2026-02-01,,0.96,,0.9,", "periods of one KPI overlap"),
        ("cpi,,2026-01-01,2026-02-01,0.95,,0.9,\ncpi,,2026-02-01,,0.96,,0.9,", "periods of one KPI overlap"),
        ("cpi,,2026-01-01,,0.95,1.05,0.9,1.1,5", "more cells than columns"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_the_reason(tmp_path, row, said):
    with pytest.raises(ConfigurationError, match=said):
        kpi_rules.read(thresholds(tmp_path, row))


def test_periods_that_follow_each_other_and_customers_of_their_own_are_fine(tmp_path):
    rows = ("cpi,,2026-01-01,2026-01-31,0.95,,0.9,", "cpi,,2026-02-01,,0.96,,0.9,", "cpi,C1,2026-01-01,,0.97,,0.9,")
    assert len(kpi_rules.read(thresholds(tmp_path, *rows))["kpi_thresholds"]) == 3


def test_unknown_and_missing_columns_are_named(tmp_path):
    with pytest.raises(ConfigurationError, match="no column of that name"):
        kpi_rules.read(own(tmp_path, kpi_thresholds="kpi_code,valid_from,green\ncpi,2026-01-01,1\n"))
    with pytest.raises(ConfigurationError, match="valid_from is missing"):
        kpi_rules.read(own(tmp_path, kpi_thresholds="kpi_code\ncpi\n"))
    with pytest.raises(ConfigurationError, match="no such direction"):
        kpi_rules.read(
            own(
                tmp_path,
                kpi_dictionary="kpi_code,kpi_name,dimension,formula,unit,direction\nx,X,cost,y,count,up\n",
            )
        )
