"""The whole road: files in an inbox to a published warehouse, as the command runs it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.demo import write_demo
from pipelines.publishing.snapshot import file_hash
from tests.integration.conftest import Home, copy_of

pytestmark = pytest.mark.whole
MARTS = ("core", "margin", "forecast", "kpi")


def test_the_demo_is_published_with_its_first_figures(demo):
    home, printed = demo
    manifest = json.loads((home.path / "published" / "manifest.json").read_text(encoding="utf-8"))
    assert printed["changed"]
    assert manifest["publication"] == 1
    assert manifest["checks"]["critical"] == 0
    assert manifest["tables"]["margin.margin_by_project_month"] > 300
    figures = printed["figures"]
    (shown,) = home.published(
        "select sum(revenue_amount_base), sum(gross_margin_amount_base) from margin.margin_by_project_month "
        "where month = date '2026-10-01'"
    )
    assert figures["month"] == "2026-10"
    assert (Decimal(figures["revenue"]), Decimal(figures["gross_margin"])) == shown
    assert {schema for (schema,) in home.published("select distinct schema_name from duckdb_tables()")} == {
        "core",
        "forecast",
        "kpi",
        "margin",
        "ops",
    }
    assert not list((home.path / "inbox").rglob("*.*"))
    assert (home.path / "published" / "warehouse.duckdb").stat().st_mode & 0o222 == 0


def test_every_file_is_conserved_row_by_row_and_amount_by_amount(demo):
    home, _ = demo
    loads = home.private(
        "select file_name, table_name, rows_read, rows_loaded + rows_rejected + rows_unchanged, "
        "amount_read, amount_loaded + amount_rejected + amount_unchanged "
        "from ledger.loads where status = 'loaded'"
    )
    assert len(loads) > 300
    for file, table, read, accounted, amount, amounts in loads:
        assert read == accounted, (file, table)
        assert amount == amounts, (file, table)
    written = write_rows(home)
    read = dict(
        home.private("select table_name, sum(rows_read) from ledger.loads where status = 'loaded' group by table_name")
    )
    assert read == written


def write_rows(home) -> dict[str, int]:
    return json.loads((home.path / "demo.json").read_text(encoding="utf-8"))["rows"]


def test_nothing_changed_is_said_and_not_one_byte_moves(copied):
    before = file_hash(copied.path / "published" / "warehouse.duckdb")
    ended = copied.run("refresh", "--no-site")
    assert ended.returncode == 0
    assert "Nothing changed since publication 1" in ended.stdout
    assert file_hash(copied.path / "published" / "warehouse.duckdb") == before


@dataclass(frozen=True, kw_only=True)
class Again:
    """A demo home of which a month was closed, then the whole inbox came a second time, and one more customer."""

    home: Home
    closed: dict[str, Any]
    outcome: dict[str, Any]


@pytest.fixture(scope="module")
def again(demo, drop, tmp_path_factory) -> Again:
    home = copy_of(demo[0], tmp_path_factory.mktemp("again"))
    closed = json.loads(home.run("close", "2026-10", "--json").stdout)
    second = tmp_path_factory.mktemp("second")
    write_demo(second, scale=1)
    for feed in (second / "inbox").iterdir():
        shutil.copytree(feed, home.path / "inbox" / feed.name, dirs_exist_ok=True)
    formula = '"=HYPERLINK(""http://example.invalid"")"'
    drop(home, "erp/customer_formula.csv", f"customer_id,customer_name\nC-F,{formula}\n")
    return Again(home=home, closed=closed, outcome=home.refresh())


def test_the_same_files_again_change_nothing(demo, again):
    """Under the same names: known by their bytes, no row moves, but for those of the one new file and of the close."""
    refresh = again.outcome["refresh"]
    # the three refused files are tried again, and refused again
    assert (refresh["files_loaded"], refresh["files_refused"], refresh["rows_loaded"]) == (1, 3, 1)
    before, after = demo[0].figures(*MARTS), again.home.figures(*MARTS)
    moved = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    frozen = {name for name in after if name.endswith("_as_closed")}
    assert moved == {"core.dim_customers", "core.dim_months"} | frozen
    assert [row[0] for row in after["core.dim_months"] if row not in before["core.dim_months"]] == [date(2026, 10, 1)]
    assert len(after["core.dim_customers"]) == len(before["core.dim_customers"]) + 1
    assert set(before["core.dim_customers"]) < set(after["core.dim_customers"])
    loads = "select * from ledger.loads where status = 'loaded' and file_name <> 'customer_formula.csv' order by all"
    assert again.home.private(loads) == demo[0].private(loads)


def test_a_closed_month_stays_and_is_published(again):
    home, closed = again.home, again.closed
    parquet = home.path / "closes" / "2026-10" / "margin_by_project_month.parquet"
    assert parquet.stat().st_mode & 0o222 == 0
    with duckdb.connect() as connection:
        (frozen,) = connection.execute(f"select sum(gross_margin_amount_base) from '{parquet}'").fetchall()
    assert [frozen] == home.published(
        "select sum(gross_margin_amount_base) from margin.margin_by_project_month where month = date '2026-10-01'"
    )
    assert home.published("select strftime(month, '%Y-%m'), hash from ops.closes") == [("2026-10", closed["hash"])]
    refused = home.run("close", "2026-10")
    assert refused.returncode == 1
    assert "closed already" in refused.stderr
    assert "has not ended" in home.run("close", "2026-11").stderr
    assert home.run("close", "October").returncode == 2


def test_text_that_a_spreadsheet_would_run_is_disarmed(again, tmp_path):
    assert again.home.run("export", "core.dim_customers", "--out", str(tmp_path)).returncode == 0
    text = (tmp_path / "core.dim_customers.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK" in text


def test_a_critical_finding_stops_the_publication_and_its_correction_moves_one_month(copied, drop):
    before = file_hash(copied.path / "published" / "warehouse.duckdb")
    costs = "select project_id, month, cost_of_sales_amount_base from margin.margin_by_project_month"
    former = {(project, month): cost for project, month, cost in copied.published(costs)}
    head = "cost_line_id,project_id,posting_date,category,amount,currency_code\n"
    rows = "".join(f"G-{n},P-1001,2026-10-30,travel,{'ten' if n % 3 else '10.01'},EUR\n" for n in range(60))
    path = drop(copied, "erp/cost_line_broken.csv", head + rows)
    ended = copied.run("refresh", "--no-site")
    assert ended.returncode == 1
    assert "not published" in ended.stderr
    assert "cost_line_broken.csv" in ended.stderr
    assert file_hash(copied.path / "published" / "warehouse.duckdb") == before
    (last,) = [json.loads(copied.run("status", "--json").stdout)["last_refreshes"][0]]
    assert last["status"] == "failed"
    # it does not go away by asking again
    assert copied.run("refresh", "--no-site").returncode == 1
    # the corrected file under the same name releases it
    corrected = "".join(f"G-{n},P-1001,2026-10-30,travel,10.01,EUR\n" for n in range(60))
    path.write_text(head + corrected, encoding="utf-8")
    outcome = copied.refresh()
    assert outcome["manifest"]["publication"] == 2
    assert outcome["manifest"]["checks"]["critical"] == 0
    # one more day moves only its month
    moved = {
        (project, str(month)): cost - former[project, month]
        for project, month, cost in copied.published(costs)
        if cost != former[project, month]
    }
    assert moved == {("P-1001", "2026-10-01"): Decimal("600.60")}


def test_configuration_errors_end_with_2(fresh):
    (fresh.path / "outturn.toml").write_text('base_currency = "euro"\n', encoding="utf-8")
    ended = fresh.run("refresh", "--no-site")
    assert ended.returncode == 2
    assert "not a currency" in ended.stderr
    assert fresh.run("refresh", "--sites").returncode == 2


def test_an_empty_home_publishes_nothing_and_says_what_to_do(fresh):
    ended = fresh.run("refresh", "--no-site")
    assert ended.returncode == 0
    assert "Nothing was taken in yet" in ended.stdout
    assert str(fresh.path / "inbox") in ended.stdout
    assert not (fresh.path / "published" / "warehouse.duckdb").exists()


def test_the_demo_never_mixes_with_other_files(fresh):
    ended = fresh.run("demo", "--no-site")
    assert ended.returncode == 2
    assert "the data home is not empty" in ended.stderr


def test_a_second_demo_changes_nothing(copied):
    ended = copied.run("demo", "--no-site")
    assert ended.returncode == 0, ended.stderr
    assert "Nothing changed" in ended.stdout
