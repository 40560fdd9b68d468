"""Every planted fault really lies where the catalogue says, with the amount it says."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from lxml import etree

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile
from pipelines.formats.invoices import read_invoice
from pipelines.settings import load_settings


def planted(demo, fault_id: str) -> tuple:
    fault = demo.fault(fault_id)
    frame = next(frame for table, frame in demo.files[fault.file] if table == fault.table)
    key = next((k for k in reversed(contracts()[fault.table].key) if (frame[k] == fault.key).any()), "employee_id")
    return fault, frame.filter(pl.col(key) == fault.key)


def test_the_catalogue_names_what_exists(demo):
    ids = [fault.id for fault in demo.report.faults]
    assert len(ids) == len(set(ids)) >= 12
    assert {f.outcome for f in demo.report.faults} == {
        "rejected", "refused", "exception", "restated", "warning", "loaded",
    }  # fmt: skip
    for fault in demo.report.faults:
        assert (demo.inbox / fault.file).is_file(), fault.id
        assert (fault.rule is not None) == (fault.outcome == "exception"), fault.id
        if fault.column and fault.outcome == "rejected":
            assert fault.column in contracts()[fault.table].column_names


@pytest.mark.parametrize(
    ("fault_id", "value"),
    [
        ("twenty_five_hours", "25.00"),
        ("impossible_date", "2026-09-31"),
        ("decimal_comma", "1.234,56"),
        ("unknown_code", "urgent"),
        ("missing_cell", None),
        ("probability_above_one", "1.4"),
    ],
)
def test_a_row_to_be_rejected_holds_the_bad_cell(demo, fault_id, value):
    fault, rows = planted(demo, fault_id)
    assert fault.outcome == "rejected"
    assert rows[fault.column].to_list() == [value]


def test_the_same_key_lies_twice_in_one_file(demo):
    fault, rows = planted(demo, "same_key_twice")
    assert rows.height == fault.count == 2
    assert sum(map(Decimal, rows["amount"])) == fault.amount
    assert rows["amount"].n_unique() == 2


def test_hours_without_a_rate_and_draft_hours_are_at_stake(demo):
    fault, rows = planted(demo, "no_rate_in_force")
    assert rows.height == fault.count == 10
    assert sum(map(Decimal, rows["hours"])) == fault.amount == Decimal("75.00")
    rates = demo.clean("cost_rate").filter(pl.col("role_id") == "R-DS")
    assert rates["valid_from"].to_list()[0] > rows["work_date"].str.to_date().max()
    assert demo.clean("employee").filter(pl.col("employee_id") == fault.key)["role_id"].to_list() == ["R-DS"]
    later, costed = planted(demo, "rate_in_force_again")
    assert costed["work_date"].str.to_date().min() >= rates["valid_from"].to_list()[0]
    assert costed.height == later.count
    draft, _ = planted(demo, "draft_time")
    every = demo.clean("time_entry").filter(pl.col("approval_status") == "draft")
    assert (every.height, every["hours"].sum()) == (draft.count, draft.amount)
    last = demo.clean("employee").filter(pl.col("employee_id").is_in(["E-0020", "E-0021", "E-0022"]))
    assert last.height == 3
    assert last["end_date"].null_count() == 3


def test_one_currency_has_no_rate_and_one_project_no_master(demo):
    fault, rows = planted(demo, "no_exchange_rate")
    assert (rows["currency_code"].item(), Decimal(rows["amount"].item())) == (fault.unit, fault.amount)
    quoted = demo.clean("exchange_rate")
    assert "CHF" not in set(quoted["from_currency"]) | set(quoted["to_currency"])
    assert Counter(demo.clean("cost_line")["currency_code"])["CHF"] == 1
    fault, rows = planted(demo, "unknown_project")
    assert rows["project_id"].item() not in set(demo.clean("project")["project_id"])
    assert Decimal(rows["amount"].item()) == fault.amount


def test_the_broken_and_the_strangers_invoice_are_refused_and_the_third_has_no_project(demo, invoices):
    own = load_settings(demo.home, environment={}).own_parties
    with pytest.raises(etree.XMLSyntaxError):
        etree.parse(demo.inbox / demo.fault("broken_xml").file)
    strange = etree.parse(demo.inbox / demo.fault("strangers_invoice").file).getroot()
    with pytest.raises(RefusedFile, match="Quellbach"):
        read_invoice(strange, own_parties=own, where="strange")
    fault = demo.fault("invoice_without_project")
    alone = (
        invoices.filter(pl.col("project_id", "contract_id", "purchase_order_id").is_null().all_horizontal())
        if False
        else (
            invoices.filter(
                pl.col("project_id").is_null() & pl.col("contract_id").is_null() & pl.col("purchase_order_id").is_null()
            )
        )
    )
    assert alone["invoice_id"].to_list() == [fault.key]
    assert alone["net_amount"].to_list() == [fault.amount]


def test_e_invoices_name_their_project_directly_by_order_or_by_contract(demo, invoices):
    direct = invoices.filter(pl.col("project_id").is_not_null())
    by_order = invoices.filter(pl.col("project_id").is_null() & pl.col("purchase_order_id").is_not_null())
    aliases = demo.clean("project_alias")
    assert direct.height > by_order.height > 10
    assert set(by_order["purchase_order_id"]) <= set(aliases["alias"])
    credits = invoices.filter(pl.col("type") == "credit_note")
    assert credits.height == 5
    assert (credits["net_amount"] < 0).all()
    vat_ids = set(demo.clean("customer")["vat_id"])
    assert set(invoices["counterparty_id"]) <= vat_ids


def test_the_later_file_restates_what_was_posted_with_tax(demo):
    fault = demo.fault("restated_costs")
    cells = {"cost_line_id": pl.String, "amount": pl.Decimal(24, 6)}
    after = demo.files[fault.file][0][1].select(list(cells)).cast(cells)
    before = demo.files["erp/cost_line_2026-07.csv"][0][1].select(list(cells))
    both = after.join(before.filter(pl.col("cost_line_id") != "X").cast(cells), on="cost_line_id", suffix="_before")
    assert both.height == after.height == fault.count == 8
    assert (both["amount"] - both["amount_before"]).sum() == fault.amount < 0


def test_late_hours_name_an_alias_and_a_past_month(demo):
    fault = demo.fault("late_hours")
    rows = demo.files[fault.file][0][1]
    assert set(rows["project_id"]) == {"OSS-CON"}
    assert rows.height == fault.count > 10
    assert sum(map(Decimal, rows["hours"])) == fault.amount
    assert set(rows["work_date"].str.slice(0, 7)) == {"2026-07"}
    assert "OSS-CON" in set(demo.clean("project_alias")["alias"])


def test_odd_bytes_names_and_texts(demo):
    raw = (demo.inbox / demo.fault("cp1252_file").file).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "Bärbel Tännchen" in raw.decode("cp1252")
    names = demo.clean("project").filter(pl.col("project_id") == "P-1017")["project_name"].item()
    assert all(part in names for part in ("<script>alert(1)</script>", "{@html}", '& "quotes"'))
    _, rows = planted(demo, "formula_in_a_text")
    assert rows["description"].item().startswith("=HYPERLINK(")


def test_the_page_names_every_project_and_every_fault(demo):
    page = (Path(__file__).parents[3] / "docs" / "demo.md").read_text(encoding="utf-8")
    assert [f.id for f in demo.report.faults if f"`{f.id}`" not in page] == []
    assert [p for p in demo.clean("project")["project_id"] if p not in page] == []
    assert f"{sum(demo.report.rows.values()):,} rows" in page
    assert f"{demo.report.files} files" in page
