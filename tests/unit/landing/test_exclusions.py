"""One cost, one source: the same line of CJI3, ACDOCA and BSEG is in force once, whichever of them come."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pipelines.landing import land_inbox
from pipelines.landing.explain import explain
from tests.unit.formats.seeds import erp, sap

CJI3 = Decimal("10600.00")
LEDGER = Decimal("2034.56")


def configured(home: Any, **sections: dict[str, Any]) -> None:
    home.settings = replace(home.settings, formats=sections)


def costs(home: Any) -> tuple[int, Decimal]:
    return home.rows("select count(*), sum(amount) from raw.cost_line")[0]


@pytest.fixture(autouse=True)
def euro(home: Any) -> None:
    configured(home, sap={"co_area_currency": "EUR"})


def test_the_first_source_of_costs_stays_and_the_ledger_gives_its_balances_only(home: Any) -> None:
    home.drop("erp/cji3.csv", sap.lists()["cji3.csv"])
    land_inbox(home.settings)
    home.drop("erp/acdoca.csv", sap.ACDOCA)
    home.drop("erp/coep.csv", sap.COEP)
    ledger, coep = land_inbox(home.settings).files
    assert costs(home) == (5, CJI3)
    assert (ledger.status, [table.table for table in ledger.tables]) == ("loaded", ["gl_balance"])
    assert any(
        "not loaded: cost_line from sap acdoca would count a second time: sap cji3 (cji3.csv)" in warning
        for warning in ledger.warnings
    )
    # nothing else is in COEP
    assert coep.status == "refused"
    assert 'set [sap] actuals = "coep" in outturn.toml' in (coep.reason or "")
    assert home.rows("select count(*) from raw.gl_balance") == [(4,)]


def test_a_configured_source_withdraws_what_another_gave(home: Any) -> None:
    home.drop("erp/cji3.csv", sap.lists()["cji3.csv"])
    land_inbox(home.settings)
    configured(home, sap={"co_area_currency": "EUR", "actuals": "acdoca"})
    home.drop("erp/acdoca.csv", sap.ACDOCA)
    home.drop("erp/cji3 again.csv", sap.lists()["cji3.htm.xls"])
    ledger, again = land_inbox(home.settings).files
    assert costs(home) == (2, LEDGER)
    assert '5 rows of cost_line from sap cji3 were withdrawn: [sap] actuals = "acdoca"' in ledger.warnings
    assert home.rows("select count(*), sum(amount), min(superseded_by_file_id) from history.cost_line") == [
        (5, CJI3, ledger.source_file_id)
    ]
    assert again.status == "refused"
    assert "outturn.toml takes them from ACDOCA" in (again.reason or "")


def test_the_same_lines_in_other_carriers_and_layouts_are_the_same_lines(home: Any) -> None:
    for number, name in enumerate(("cji3.txt", "cji3.xls", "cji3.xlsx", "cji3.htm.xls")):
        home.drop(f"erp/{number}.dat", sap.lists()[name])
    files = land_inbox(home.settings).files
    assert [file.status for file in files] == ["loaded"] * 4
    assert costs(home) == (5, CJI3)
    assert [file.tables[0].rows_unchanged for file in files] == [0, 5, 5, 5]
    assert home.rows("select count(*), bool_and(stated = found) from ledger.control_totals") == [(3, True)]


def test_a_list_without_numbers_replaces_its_period(home: Any) -> None:
    first = sap.lists()["ksb1 german.txt"].decode("cp1252")
    home.drop("erp/1.txt", first.encode("cp1252"))
    home.drop("erp/2.txt", first.replace("1.500,75", "1.400,75").encode("cp1252"))
    _, second = land_inbox(home.settings).files
    assert (second.tables[0].rows_loaded, second.tables[0].rows_unchanged, second.tables[0].rows_withdrawn) == (1, 1, 1)
    assert costs(home) == (2, Decimal("1499.75"))
    # numbered lines of projects would hold the same costs
    home.drop("erp/cji3.csv", sap.lists()["cji3.csv"])
    (refused,) = land_inbox(home.settings).files
    assert "sap ksb1 unnumbered (2.txt) gave the same facts" in (refused.reason or "")


def test_open_commitments_are_all_that_is_open(home: Any) -> None:
    text = sap.lists()["cji5.txt"].decode()
    home.drop("erp/1.txt", text)
    kept = [line for line in text.splitlines() if "4500000011" not in line]
    home.drop("erp/2.txt", "\r\n".join(kept) + "\r\n")
    _, second = land_inbox(home.settings).files
    assert second.tables[0].rows_withdrawn == 1
    assert home.rows("select purchase_order_id, ordered_amount from raw.purchase_order_line") == [
        ("4500000012", Decimal("800.50"))
    ]
    home.drop("erp/me2n.txt", sap.lists()["me2n.txt"])
    (orders,) = land_inbox(home.settings).files
    assert "purchase_order_line from sap me2n would count a second time" in (orders.reason or "")


def test_bills_and_ledger_of_intacct(home: Any) -> None:
    home.drop("erp/items.csv", erp.AP_BILL_ITEM)
    home.drop("erp/ledger.csv", erp.GL_DETAIL)
    items, ledger = land_inbox(home.settings).files
    assert (items.status, ledger.status) == ("loaded", "loaded")
    assert costs(home) == (1, Decimal("100.25"))
    assert [table.table for table in ledger.tables] == ["gl_balance"]
    # the line without a side is rejected, with its amount
    (table,) = ledger.tables
    assert (table.rows_read, table.rows_loaded, table.rows_rejected) == (4, 3, 1)


def test_a_list_is_explained_with_its_own_cells(home: Any, tmp_path: Any) -> None:
    path = tmp_path / "cji3.txt"
    path.write_bytes(sap.lists()["cji3.txt"])
    told = explain(home.settings, path, line="14")
    assert told.format == "sap cji3"
    (table,) = told.tables
    assert (table.rows, table.as_in_file["Val/COArea Crcy"]) == (5, "1.234,56-")
    amount = next(cell for cell in table.row if cell.column == "amount")
    assert (amount.source, amount.text, amount.value) == ("Val/COArea Crcy", "-1234.56", Decimal("-1234.56"))
