"""E-invoices in every syntax, each told what to find its project by; `test_invoices.py` says what must come of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.unit.formats.seeds.invoices import Bill, Item, added_up, cii, pdf, ubl

CONFIGURATION = 'own_parties = ["DE 111 111 111"]\n'
MASTERS = {
    "customer_e.csv": "customer_id,customer_name,vat_id\nC-1,Client,FR222222222\n",
    "project_e.csv": "project_id,project_name,customer_id,currency_code,status,start_date\n"
    "P-1,One,C-1,EUR,execute,2026-01-01\nP-2,Two,C-1,EUR,execute,2026-01-01\nP-3,Three,C-1,EUR,execute,2026-01-01\n",
    "contract_line_e.csv": "contract_line_id,contract_id,project_id,revenue_method,currency_code\n"
    "L-1,K-1,P-1,as_invoiced,EUR\n",
    "project_alias_e.csv": "alias,project_id,wbs_id\nKUNDE-7,P-3,\nPO-2,P-2,2.1\nK-3,P-3,\n4711,P-3,\nWP-2,P-2,2.2\n",
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


def write(inbox: Path) -> None:
    for name, text in MASTERS.items():
        (inbox / "erp" / name).write_text(text, encoding="utf-8")
    folder = inbox / "invoices"
    writers = (ubl, cii, pdf)
    for position, (case, _, _) in enumerate(CASES):
        (folder / f"{position}.dat").write_bytes(writers[position % 3](case))
    (folder / "replaced.xml").write_bytes(ubl(bill("R-1", "500.00", project="P-1")))
    corrected = bill("R-2", "450.00", project="P-1", type_code="384", preceding=("R-1",))
    (folder / "replacing.pdf").write_bytes(pdf(corrected))
    credit = bill("G-1", "30.00", project="P-1", type_code="381", is_credit_note=True)
    (folder / "credit.xml").write_bytes(ubl(credit))
    odd = bill("odd", "10.00", project="P-2")
    (folder / "odd.xml").write_bytes(ubl(replace(odd, totals={**odd.totals, "payable": "99.00"})))
    (folder / "strangers.xml").write_bytes(ubl(bill("strangers", seller={"name": "Somebody", "vat": "IT1"})))
