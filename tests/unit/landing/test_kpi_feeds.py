"""Counters, tickets, surveys and rates through the whole landing, under the settings that they need."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipelines.landing import land_inbox
from tests.unit.formats.seeds import kpi as seeds

SETTINGS = {"kpi": {"aggregate": {"attempts": "sum", "load": "mean"}, "surveys": {"Q5": "csat"}}}


def land(home: Any) -> dict[str, Any]:
    return {file.file_name: file for file in land_inbox(replace(home.settings, formats=SETTINGS)).files}


def test_each_is_loaded_whole_or_rejected_row_by_row(home: Any) -> None:
    home.drop("kpi/A20260302.xml", seeds.day())
    home.drop("kpi/incidents.csv", seeds.LOG.encode())
    home.drop("kpi/answers.csv", seeds.QUALTRICS.encode())
    home.drop("erp/rates.zip", seeds.seeds()["eurofxref-hist.zip"])
    files = land(home)
    figures = {
        name: (file.status, file.format, *((t.table, t.rows_loaded, t.rows_rejected) for t in file.tables))
        for name, file in files.items()
    }
    assert figures == {
        "A20260302.xml": ("loaded", "3gpp", ("kpi_observation", 2, 0)),
        "incidents.csv": ("loaded", "servicenow", ("kpi_observation", 10, 1)),
        # "Very satisfied" and "meh" are no numbers as long as [kpi.labels] does not say which
        "answers.csv": ("loaded", "qualtrics", ("survey_response", 3, 2)),
        "rates.zip": ("loaded", "ecb", ("exchange_rate", 8, 0)),
    }
    assert home.rows(
        "select project_id, kpi_code, observed_on::varchar, value from raw.kpi_observation "
        "where project_id = 'RAN-North' order by kpi_code"
    ) == [
        ("RAN-North", "attempts", "2026-03-02", Decimal("110.000000")),
        ("RAN-North", "load", "2026-03-02", Decimal("58.571429")),
    ]
    assert home.rows("select rate from raw.exchange_rate where to_currency = 'TRL'") == [(Decimal("1828000.000000"),)]


def test_the_day_again_with_a_correction_takes_its_place(home: Any) -> None:
    home.drop("kpi/A20260302.xml", seeds.day())
    land(home)
    home.drop("kpi/A20260302-again.xml", seeds.day().replace(b"10 50", b"15 50"))
    land(home)
    assert home.rows("select kpi_code, value from raw.kpi_observation order by 1") == [
        ("attempts", Decimal("115.000000")),
        ("load", Decimal("58.571429")),
    ]
