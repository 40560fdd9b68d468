"""E-invoices from the inbox to the published facts: which project each finds, and what is said of doubtful ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration.conftest import Home
from tests.unit.formats.seeds.invoices import Bill, Item, added_up, cii, pdf, ubl

pytestmark = pytest.mark.whole

MASTERS = {
    "customer.csv": "customer_id,customer_name,vat_id\nC-1,Client,FR222222222\n",
    "project.csv": "project_id,project_name,customer_id,currency_code,status,start_date\n"
    "P-1,One,C-1,EUR,execute,2026-01-01\nP-2,Two,C-1,EUR,execute,2026-01-01\nP-3,Three,C-1,EUR,execute,2026-01-01\n",
    "contract_line.csv": "contract_line_id,contract_id,project_id,revenue_method,currency_code\n"
    "L-1,K-1,P-1,as_invoiced,EUR\n",
    "project_alias.csv": "alias,project_id,wbs_id\nKUNDE-7,P-3,\nPO-2,P-2,2.1\nK-3,P-3,\n4711,P-3,\nWP-2,P-2,2.2\n",
}


def bill(number: str, net: str = "100.00", **changes: object) -> Bill:
    item = Item(net=net, cost=changes.pop("line_cost", None))  # type: ignore[arg-type]
    return added_up(replace(Bill(number=number, items=(item,)), **changes))  # type: ignore[arg-type]


# What each names, and the project and work package that it must find: BT-11, then the contract, then the order, then
# the buyer's references, each as it stands or as an alias.
CASES: tuple[tuple[Bill, str | None, str | None], ...] = (
    (bill("by project", project="P-1", contract="K-3", order="PO-2", cost="4711"), "P-1", None),
    (bill("by alias of the project", project="KUNDE-7", contract="K-1"), "P-3", None),
    (bill("by contract", project="theirs", contract="K-1", order="PO-2", cost="4711"), "P-1", None),
    (bill("by alias of the contract", contract="K-3", order="PO-2"), "P-3", None),
    (bill("by order", contract="unknown", order="PO-2", cost="4711", line_cost="WP-2"), "P-2", "2.1"),
    (bill("by the line's reference", order="unknown", cost="4711", line_cost="WP-2"), "P-2", "2.2"),
    (bill("by the document's reference", project="theirs", order="unknown", cost="4711"), "P-3", None),
    (bill("by nothing", project="theirs", order="unknown", cost="unknown"), None, None),
)


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(path=tmp_path_factory.mktemp("invoices") / "home")
    (home.path).mkdir()
    (home.path / "outturn.toml").write_text('base_currency = "EUR"\nown_parties = ["DE 111 111 111"]\n')
    home.settings.create_home()
    for name, text in MASTERS.items():
        (home.path / "inbox" / "erp" / name).write_text(text, encoding="utf-8")
    inbox = home.path / "inbox" / "invoices"
    writers = (ubl, cii, pdf)
    for position, (case, _, _) in enumerate(CASES):
        (inbox / f"{position}.dat").write_bytes(writers[position % 3](case))
    (inbox / "replaced.xml").write_bytes(ubl(bill("R-1", "500.00", project="P-1")))
    (inbox / "replacing.pdf").write_bytes(
        pdf(bill("R-2", "450.00", project="P-1", type_code="384", preceding=("R-1",)))
    )
    credit = bill("G-1", "30.00", project="P-1", type_code="381", is_credit_note=True)
    (inbox / "credit.xml").write_bytes(ubl(credit))
    odd = bill("odd", "10.00", project="P-2")
    (inbox / "odd.xml").write_bytes(ubl(replace(odd, totals={**odd.totals, "payable": "99.00"})))
    strangers = bill("strangers", seller={"name": "Somebody", "vat": "IT1"})
    (inbox / "strangers.xml").write_bytes(ubl(strangers))
    home.refresh()
    return home


def test_every_invoice_finds_its_project_in_that_order(refreshed: Home) -> None:
    found = {
        number: (project, wbs)
        for number, project, wbs in refreshed.published(
            "select invoice_id, case when is_project_known then project_id end, wbs_id from core.fct_invoice_lines "
            "where invoice_id like 'by %'"
        )
    }
    assert found == {case.number: (project, wbs) for case, project, wbs in CASES}
    (lost,) = refreshed.published(
        "select entity, amount_at_stake from ops.exceptions where rule = 'invoice_without_project'"
    )
    assert lost == ("by nothing", Decimal("100.00"))


def test_a_credit_note_lowers_what_was_invoiced(refreshed: Home) -> None:
    (found,) = refreshed.published(
        "select type, net_amount, tax_amount, gross_amount from core.fct_invoices where invoice_id = 'G-1'"
    )
    assert found == ("credit_note", Decimal("-30.00"), Decimal("-5.70"), Decimal("-35.70"))


def test_a_replaced_invoice_that_is_booked_is_an_exception(refreshed: Home) -> None:
    (found,) = refreshed.published(
        "select entity, project_id, amount_at_stake, severity from ops.exceptions "
        "where rule = 'corrected_invoice_counts_twice'"
    )
    assert found == ("R-2", "P-1", Decimal("500.00"), "warning")


def test_a_broken_rule_is_published_by_its_identifier(refreshed: Home) -> None:
    found = refreshed.published(
        "select rule, severity, entity, amount_at_stake, unit from ops.exceptions where rule like 'BR-%'"
    )
    # payable is stated as 99.00 instead of 11.90
    assert found == [("BR-CO-16", "error", "odd", Decimal("87.10"), "EUR")]


def test_an_invoice_between_strangers_is_refused_by_name(refreshed: Home) -> None:
    (reason,) = refreshed.published("select reason from ops.loads where status = 'refused'")
    assert reason[0].startswith(
        "neither seller Somebody IT1 nor buyer Client SA FR222222222 is one of our own parties in strangers.xml"
    )
    assert [path.name for path in Path(refreshed.path / "refused").rglob("*.xml")] == ["strangers.xml"]
