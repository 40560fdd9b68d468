"""The whole road: files in an inbox to a published warehouse, as the command runs it."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal

import pytest

from pipelines.demo import UNTOLD, write_demo
from pipelines.publishing.snapshot import file_hash

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
    rows = json.loads((home.path / "demo.json").read_text(encoding="utf-8"))["rows"]
    return {table: count for table, count in rows.items() if table not in UNTOLD}


def test_nothing_changed_is_said_and_not_one_byte_moves(copied):
    before = file_hash(copied.path / "published" / "warehouse.duckdb")
    ended = copied.run("refresh", "--no-site")
    assert ended.returncode == 0
    assert "Nothing changed since publication 1" in ended.stdout
    assert file_hash(copied.path / "published" / "warehouse.duckdb") == before


def test_the_same_files_again_change_nothing(copied):
    """The whole inbox a second time, under the same names: known by their bytes, no row moves."""
    figures = copied.figures(*MARTS)
    loads = copied.private("select * from ledger.loads order by all")
    copied.path.joinpath("again").mkdir()
    write_demo(copied.path / "again", scale=1)
    for feed in (copied.path / "again" / "inbox").iterdir():
        shutil.copytree(feed, copied.path / "inbox" / feed.name, dirs_exist_ok=True)
    outcome = copied.refresh()
    # the three refused files are tried again, and refused again
    assert outcome["refresh"]["files_loaded"] == 0
    assert outcome["refresh"]["files_refused"] == 3
    assert outcome["refresh"]["rows_loaded"] == 0
    assert copied.figures(*MARTS) == figures
    loaded = [row for row in loads if "loaded" in row]
    assert [row for row in copied.private("select * from ledger.loads order by all") if "loaded" in row] == loaded


def test_one_more_day_moves_only_its_month(copied, drop):
    before = {
        (p, m): c
        for p, m, c in copied.published(
            "select project_id, month, cost_of_sales_amount_base from margin.margin_by_project_month"
        )
    }
    drop(
        copied,
        "erp/cost_line_extra.csv",
        "cost_line_id,project_id,posting_date,category,amount,currency_code\nX-1,P-1001,2026-10-30,travel,100.10,EUR\n",
    )
    outcome = copied.refresh()
    assert outcome["manifest"]["publication"] == 2
    moved = {
        (p, m): c - before[p, m]
        for p, m, c in copied.published(
            "select project_id, month, cost_of_sales_amount_base from margin.margin_by_project_month"
        )
        if c != before[p, m]
    }
    assert {(p, str(m)): c for (p, m), c in moved.items()} == {("P-1001", "2026-10-01"): Decimal("100.10")}


def test_a_critical_finding_stops_the_publication_and_names_its_rows(copied, drop):
    before = file_hash(copied.path / "published" / "warehouse.duckdb")
    rows = "".join(f"G-{n},P-1001,2026-10-30,travel,{'ten' if n % 3 else '10.00'},EUR\n" for n in range(60))
    path = drop(
        copied,
        "erp/cost_line_broken.csv",
        "cost_line_id,project_id,posting_date,category,amount,currency_code\n" + rows,
    )
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
    path.write_text(
        "cost_line_id,project_id,posting_date,category,amount,currency_code\n"
        + "".join(f"G-{n},P-1001,2026-10-30,travel,10.00,EUR\n" for n in range(60)),
        encoding="utf-8",
    )
    outcome = copied.refresh()
    assert outcome["manifest"]["publication"] == 2
    assert outcome["manifest"]["checks"]["critical"] == 0


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
