"""The commands beside the refresh, as a user types them."""

from __future__ import annotations

import csv
import json
from decimal import Decimal

import duckdb
import fastexcel
import pytest

pytestmark = pytest.mark.whole


def test_status_and_doctor(demo):
    home, _ = demo
    status = json.loads(home.run("status", "--json").stdout)
    assert status["publication"]["publication"] == 1
    assert status["refused_files"] == 3
    assert status["last_refreshes"][0]["status"] == "published"
    found = {row["check"]: row["ok"] for row in json.loads(home.run("doctor", "--json").stdout)}
    assert found["permissions"]
    assert found["publication"]
    assert found["private warehouse"]


def test_doctor_finds_an_archive_that_others_may_read(copied):
    (copied.path / "archive").chmod(0o755)
    ended = copied.run("doctor")
    assert ended.returncode == 1
    assert "NOT permissions" in ended.stdout


def test_rejects_are_listed_and_exported(demo, tmp_path):
    home, _ = demo
    found = json.loads(home.run("rejects", "--json").stdout)
    assert (len(found["rejected_rows"]), len(found["refused_files"])) == (8, 3)
    narrowed = json.loads(home.run("rejects", "--json", "--file", "complaint.jsonl").stdout)
    assert narrowed["rejected_rows"][0]["value"] == "urgent"
    assert home.run("rejects", "--export", str(tmp_path / "r.csv")).returncode == 0
    with (tmp_path / "r.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 8
    assert home.run("rejects", "--export", str(tmp_path / "r.doc")).returncode == 2


def test_trace_of_revenue_leads_to_price_cost_and_invoices(demo):
    home, _ = demo
    found = json.loads(home.run("trace", "revenue_by_contract_line_month", "CL-1002-1/2026-09", "--json").stdout)
    traced = {total["measure"]: Decimal(total["amount"]) for total in found["totals"]}
    ((price, cost, billed),) = home.published(
        "select transaction_price_amount, cost_to_date_amount, billed_to_date "
        "from margin.revenue_by_contract_line_month inner join margin.contract_balances_by_contract_month "
        "using (contract_id, month) where contract_line_id = 'CL-1002-1' and month = '2026-09-01'"
    )
    assert (traced["price"], traced["billed"]) == (price, billed)
    assert abs(traced["cost to date"] - cost) < Decimal("0.05")


def test_trace_adds_up_to_the_mart(demo):
    home, _ = demo
    found = json.loads(home.run("trace", "margin.margin_by_project_month", "P-1006/2026-10", "--json").stdout)
    traced = {total["measure"]: Decimal(total["amount"]) for total in found["totals"]}
    (mart,) = home.published(
        "select billed_amount_base, labour_cost_amount_base, travel_cost_amount_base "
        "from margin.margin_by_project_month where project_id = 'P-1006' and month = date '2026-10-01'"
    )
    assert abs(traced["billed"] - mart[0]) < Decimal("0.01")
    assert abs(traced["labour"] - mart[1]) < Decimal("0.01")
    assert abs(traced["travel"] - mart[2]) < Decimal("0.01")
    assert all(row["file_name"] and row["source_line"] for row in found["sources"])
    # a month with a reversal: the document's line stands beside the posting's
    ((project, label, category, amount),) = home.published(
        "select project_id, strftime(cost_month, '%Y-%m'), category, sum(amount_base) from core.fct_cost_lines "
        "where (project_id, cost_month, category) = ("
        "  select (project_id, cost_month, category) from core.fct_cost_lines "
        "  where origin = 'accrual_reversal' and category = 'subcontract' order by all limit 1) group by all"
    )
    found = json.loads(home.run("trace", "margin_by_project_month", f"{project}/{label}", "--json").stdout)
    traced = {total["measure"]: Decimal(total["amount"]) for total in found["totals"]}
    assert abs(traced[category] - amount) < Decimal("0.05")
    assert home.run("trace", "margin_by_project_month", "P-1006").returncode == 2
    assert home.run("trace", "no_such_mart", "P-1006/2026-10").returncode == 2


def test_exports_hold_the_published_figures_and_no_formula(demo, tmp_path):
    home, _ = demo
    (total,) = home.published("select sum(revenue_amount_base) from margin.margin_by_project_month")
    name = "margin.margin_by_project_month"
    assert home.run("export", name, "--out", str(tmp_path)).returncode == 0
    with duckdb.connect() as connection:
        read = f"select sum(revenue_amount_base::decimal(18,2)) from '{tmp_path / name}.csv'"
        assert connection.execute(read).fetchone() == total
    assert home.run("export", name, "--format", "xlsx", "--out", str(tmp_path)).returncode == 0
    sheet = fastexcel.read_excel(tmp_path / "outturn.xlsx").load_sheet(0).to_polars()
    assert round(sheet["revenue_amount_base"].sum(), 2) == float(total[0])
    assert home.run("export", "core.employee", "--out", str(tmp_path)).returncode == 2


def test_explain_and_a_drafted_profile(fresh, tmp_path):
    file = tmp_path / "worklog.csv"
    file.write_text("person_key,project_key,start_date,minutes\n7,P-1,2026-10-05,90\n", encoding="utf-8")
    assert "would be refused" in fresh.run("explain", str(file)).stdout
    drafted = fresh.run("profile", "new", str(file))
    assert drafted.returncode == 0
    assert "hours=1.500000" in drafted.stdout
    explained = json.loads(fresh.run("explain", str(file), "--json").stdout)
    assert explained["tables"][0]["table"] == "time_entry"
    assert explained["tables"][0]["rows"] == 1
    assert fresh.run("profile", "new", str(file)).returncode == 2
    assert fresh.run("explain", str(tmp_path / "absent.csv")).returncode == 2
