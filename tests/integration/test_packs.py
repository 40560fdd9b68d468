"""The packs over the marts of the demo firm: real rates, contracts and plans, not made ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from pypdf import PdfReader

from pipelines.publishing.packs import words
from pipelines.publishing.packs.packs import write_packs

pytestmark = pytest.mark.whole
MONTH = "(select max(month) from core.dim_months where is_complete)"
# sheet, key, {title: expression}, from: each compared row by row
SHEETS: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("Projects", "Id", {
        "Revenue, month": "revenue_amount_base", "Cost of sales, month": "cost_of_sales_amount_base",
        "Margin, month": "gross_margin_amount_base", "Margin %, month": "gross_margin_pct",
        "Revenue to date": "revenue_amount_base_to_date", "Margin to date": "gross_margin_amount_base_to_date",
        "Margin at completion": "forecast_margin_amount_base", "Margin % at completion": "forecast_margin_pct",
    }, f"select project_id, {{}} from margin.margin_by_project_month where month = {MONTH}"),
    ("Margin by version", "Id", {
        "Margin, as sold": "as_sold_margin_amount_base", "Margin %, as sold": "as_sold_margin_pct",
        "Margin, baseline": "baseline_margin_amount_base", "Margin, forecast": "forecast_margin_amount_base",
    }, f"select project_id, {{}} from margin.margin_by_project_month where month = {MONTH}"),
    ("Forecast", "Id", {
        "EAC, recommended": "recommended_eac_amount", "EAC P10": "eac_p10_amount", "EAC P90": "eac_p90_amount",
        "Margin at completion": "margin_at_completion_amount", "Margin % at completion": "margin_at_completion_pct",
        "EAC finance": "finance_eac_amount", "Method": "replace(recommended_method, '_', ' ')",
    }, f"select project_id, {{}} from forecast.forecast_by_project_month where month = {MONTH}"),
    ("Balances", "Contract", {
        "Contract asset": "contract_asset_amount_base", "Contract liability": "contract_liability_amount_base",
        "Receivable": "receivable_amount_base", "Loss provision": "loss_provision_amount_base",
        "Order backlog": "backlog_amount_base",
    }, f"select contract_id, {{}} from margin.contract_balances_by_contract_month where month = {MONTH}"),
    ("Backlog", "Id", {
        "Opening": "opening_amount_base", "Revenue": "-revenue_amount_base", "Closing": "closing_amount_base",
        "Currency": "fx_amount_base", "Book to bill": "book_to_bill_ratio",
    }, f"select project_id, {{}} from margin.backlog_by_project_month where month = {MONTH}"),
    ("Scorecard", "Id", {
        "Overall": "replace(overall_status, '_', ' ')", "Cost": "replace(cost_status, '_', ' ')",
        "Safety": "replace(safety_status, '_', ' ')", "Why cost": "cost_status_reason",
    }, f"select project_id, {{}} from kpi.scorecard_by_project_month where month = {MONTH}"),
)  # fmt: skip


@pytest.fixture(scope="module")
def packs(demo, tmp_path_factory) -> tuple[Path, Path]:
    """The published warehouse and the folder of its packs."""
    home, _ = demo
    snapshot, out = home.path / "published" / "warehouse.duckdb", tmp_path_factory.mktemp("packs") / "packs"
    write_packs(snapshot, out)
    return snapshot, out


def same(shown: Any, expected: Any) -> bool:
    """To the sixth decimal of a ratio, of which the marts have no more; empty is not zero."""
    if isinstance(expected, Decimal) and shown is not None:
        return abs(Decimal(str(shown)) - expected) <= Decimal("0.000001")
    return shown == expected


@pytest.mark.parametrize(("sheet", "key", "columns", "query"), SHEETS, ids=[entry[0] for entry in SHEETS])
def test_every_cell_is_that_of_the_marts(packs, sheet, key, columns, query):
    snapshot, out = packs
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        expected = {
            name: row for name, *row in connection.execute(query.format(", ".join(columns.values()))).fetchall()
        }
    assert len(expected) > 10
    found = list(openpyxl.load_workbook(out / "portfolio.xlsx")[sheet].iter_rows(min_row=5, values_only=True))
    places = {title: found[0].index(title) for title in (key, *columns)}
    shown = {row[places[key]]: [row[places[title]] for title in columns] for row in found[1:]}
    wrong = [
        (name, title, one, other)
        for name, row in expected.items()
        for title, one, other in zip(columns, shown[name], row, strict=True)
        if not same(one, other)
    ]
    assert wrong == []


def test_the_month_is_that_of_the_signed_figures(packs):
    """docs/demo.md and golden_demo.json have the same ones."""
    snapshot, out = packs
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        revenue, cost, margin = connection.execute(
            "select sum(revenue_amount_base), sum(cost_of_sales_amount_base), sum(gross_margin_amount_base) "
            f"from margin.margin_by_project_month where month = {MONTH}"
        ).fetchone()
        programmes = connection.execute("select count(distinct programme_id) from core.dim_projects").fetchone()[0]
    text = " ".join(PdfReader(out / "portfolio.pdf").pages[0].extract_text().split())
    for name, value in (("Revenue", revenue), ("Cost of sales", cost), ("Gross margin", margin)):
        assert f"{name} {words.number(value)} " in text
    assert f"Gross margin % {words.share(margin / revenue)} " in text
    assert len(list((out / "programmes").glob("*.pdf"))) == programmes > 3


def test_a_programme_shows_the_range_of_its_cost_at_completion(packs):
    snapshot, out = packs
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        rows = connection.execute(
            "select p.programme_id, any_value(f.currency_code), sum(f.eac_p10_amount), sum(f.eac_p90_amount) "
            "from forecast.forecast_by_project_month as f join core.dim_projects as p using (project_id) "
            f"where f.month = {MONTH} and p.programme_id is not null "
            "group by 1 having count(distinct f.currency_code) = 1"
        ).fetchall()
    assert rows
    for programme, currency, low, high in rows:
        reader = PdfReader(out / "programmes" / f"{programme}.pdf")
        text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
        assert f"k {currency}" in text
        assert f"EAC P10 {words.number(low / 1000)}" in text
        assert f"EAC P90 {words.number(high / 1000)}" in text
