"""The texts that the pages of projects and programmes are made of, over the demo firm's snapshot: reckoned anew from
core facts by plain SQL, footing to the cent, every month as in the file that a reader's choice fetches. No site is
built.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publishing.export import export_data
from pipelines.version import ROOT

pytestmark = pytest.mark.whole
MONTH = "2026-10-01"


def _rows(sections: dict[str, Any], name: str) -> list[dict[str, Any]]:
    section = sections.get(name, {"columns": [], "rows": []})
    return [dict(zip(section["columns"], row, strict=True)) for row in section["rows"]]


def _read(text: str) -> dict[str, Any]:
    return json.loads(text, parse_float=Decimal)


@dataclass(frozen=True, kw_only=True)
class Packs:
    """The texts by page and by kind, the files of the other months, and the snapshot under them."""

    texts: dict[str, dict[str, dict[str, Any]]]
    figures: Path
    snapshot: Path

    def file(self, kind: str, key: str) -> dict[str, Any]:
        return _read((self.figures / kind / f"{key}.json").read_text(encoding="utf-8"))

    def sql(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.snapshot), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def packs(demo: Any, tmp_path_factory: Any) -> Packs:
    folder = tmp_path_factory.mktemp("packed")
    snapshot = demo[0].path / "published" / "warehouse.duckdb"
    export_data(snapshot, folder / "data", queries=ROOT / "reports" / "exports", figures=folder / "figures")
    with duckdb.connect(str(folder / "data" / "wh" / "wh" / "wh.duckdb"), read_only=True) as connection:
        tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        texts = {
            kind: {key: _read(text) for key, text in connection.execute(f"from {kind}_pages").fetchall()}
            for kind in ("project", "programme")
        }
    # sections are in the texts alone
    assert not {name for name in tables if name.startswith(("project_kpis", "project_series", "programme_series"))}
    return Packs(texts=texts, figures=folder / "figures", snapshot=snapshot)


def _dated(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], Any]:
    return {(project, str(month)): amount for project, month, amount in rows}


def test_every_project_and_programme_has_a_page(packs: Packs) -> None:
    assert set(packs.texts["project"]) == {row[0] for row in packs.sql("select project_id from core.dim_projects")}
    assert set(packs.texts["programme"]) == {
        row[0] for row in packs.sql("select programme_id from core.dim_programmes")
    }


def test_material_and_travel_of_each_month_are_the_cost_lines(packs: Packs) -> None:
    for category in ("material", "travel", "subcontract"):
        facts = _dated(
            packs.sql(
                "select project_id, cost_month, sum(amount_base) from core.fct_cost_lines "
                f"where category in ('{category}', 'uninstalled_{category}') and is_project_known group by 1, 2"
            )
        )
        shown = {
            (key, row["month"]): row[category]
            for key, page in packs.texts["project"].items()
            for row in _rows(page, "series")
            if row[category]
        }
        assert shown == {place: amount for place, amount in facts.items() if amount and place[1] <= "2026-11-01"}


def test_registers_are_counted_from_their_facts(packs: Packs) -> None:
    for key, page in packs.texts["project"].items():
        where = f"project_id = '{key}'"
        tested = packs.sql(
            "select count(*), count(*) filter (where is_passed), "
            "(select coalesce(sum(defects), 0) from core.fct_acceptance_tests "
            f"where {where} and tested_month <= date '{MONTH}') from core.fct_acceptance_tests "
            f"where {where} and attempt = 1 and tested_month <= date '{MONTH}'"
        )[0]
        approved = packs.sql(
            "select count(*), coalesce(sum(price_amount_base), 0) from core.fct_change_requests "
            f"where {where} and status = 'approved' and decided_month <= date '{MONTH}'"
        )[0]
        [row] = _rows(page, "registers") or [None]
        assert row is not None or (tested[0], approved[0]) == (0, 0), key
        if row is not None:
            assert (row["first_submissions"], row["first_time_right"], row["defects"]) == tested, key
            assert (row["approved_count"], row["approved_price"]) == approved, key


def test_open_risks_are_those_of_the_register(packs: Packs) -> None:
    shown = {
        (key, row["risk_id"]): row["emv"]
        for key, page in packs.texts["project"].items()
        for row in _rows(page, "risks")
        if row["status"] == "open"
    }
    facts = packs.sql(
        "select project_id, risk_id, case kind when 'threat' then -1 else 1 end "
        "* round(cast(probability_pct as decimal(9, 6)) * cost_likely_amount_base, 2) from core.fct_risks "
        "where status = 'open'"
    )
    assert len(shown) == len(facts) > 20
    for project, risk, expected in facts:
        assert abs(shown[project, risk] - expected) <= Decimal("0.01"), (project, risk)


def test_another_month_is_the_mart_of_that_month(packs: Packs) -> None:
    for project in ("P-1002", "P-1009"):
        file = packs.file("project", project)
        for month in ("2026-03-01", "2026-08-01"):
            [estimate] = [row for row in _rows(file, "forecast") if row["month"] == month]
            mart = packs.sql(
                "select recommended_eac_amount, eac_p10_amount, eac_p80_amount from forecast.forecast_by_project_month "
                f"where project_id = '{project}' and month = date '{month}'"
            )[0]
            assert (estimate["eac"], estimate["p10"], estimate["p80"]) == mart
            statuses = {row["dimension"]: row["status"] for row in _rows(file, "scorecard") if row["month"] == month}
            scored = packs.sql(
                "select overall_status, cost_status, schedule_status from kpi.scorecard_by_project_month "
                f"where project_id = '{project}' and month = date '{month}'"
            )[0]
            assert (statuses["overall"], statuses["cost"], statuses["schedule"]) == scored
    # what the page itself holds is the default month of the same file
    page, file = packs.texts["project"]["P-1002"], packs.file("project", "P-1002")
    for name in ("scorecard", "kpis", "forecast", "methods", "registers", "plans"):
        assert _rows(page, name) == [row for row in _rows(file, name) if row["month"] == MONTH], name


def test_programmes_are_the_sums_of_their_projects(packs: Packs) -> None:
    of = {
        programme: [
            row[0] for row in packs.sql(f"select project_id from core.dim_projects where programme_id = '{programme}'")
        ]
        for programme in packs.texts["programme"]
    }
    for programme, projects in of.items():
        page = packs.texts["programme"][programme]
        for measure in ("revenue", "cost", "margin", "labour", "revenue_to_date"):
            summed: dict[str, Decimal] = {}
            for project in projects:
                for row in _rows(packs.texts["project"][project], "series"):
                    summed[row["month"]] = summed.get(row["month"], Decimal(0)) + Decimal(row[measure] or 0)
            for row in _rows(page, "series"):
                assert Decimal(row[measure] or 0) == summed.get(row["month"], 0), (programme, measure, row["month"])
        [numbers] = _rows(page, "registers")
        for measure in ("open_threats", "emv", "pending_price", "first_submissions", "lost_time_cases"):
            parts = [_rows(packs.texts["project"][project], "registers") for project in projects]
            assert numbers[measure] == sum(row[measure] or 0 for rows in parts for row in rows), (programme, measure)
        # hours that are withheld of one project leave none for the programme
        if any(row["is_hours_withheld"] for rows in parts for row in rows):
            assert numbers["hours"] is None
    [walk] = [row for row in _rows(packs.texts["programme"]["PG-1"], "bridges") if row["walk"] == "as sold to forecast"]
    drivers = ("price", "approved_changes", "hours", "rate", "subcontract", "material", "equipment", "travel", "other",
               "fx", "risk", "residual")  # fmt: skip
    assert walk["from_margin"] + sum(walk[driver] or 0 for driver in drivers) == walk["to_margin"]
