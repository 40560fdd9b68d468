"""The demo firm's signed figures: a golden file, reviewed by hand in docs/demo.md.

A figure that moves is a decision: review it, say why in docs/demo.md and CHANGELOG.md, then write the file anew with
`python -m tests.integration.test_golden_demo DATA_HOME` from a refreshed demo.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Home

pytestmark = pytest.mark.whole

GOLDEN = Path(__file__).parent / "golden_demo.json"
PAGE = Path(__file__).parents[2] / "docs" / "demo.md"
# one of each contract type, currency and story
PROJECTS = ("1001", "1002", "1003", "1006", "1007", "1008", "1009", "1011", "1013", "1015")
MONTHS = ("2025-06", "2025-12", "2026-06", "2026-10")
MARTS = {
    "margin_by_project_month": (
        "project_id", "P-",
        "revenue_amount_base, revenue_amount_base_to_date, labour_cost_amount_base_to_date, "
        "cost_of_sales_amount_base_to_date, quality_cost_amount_base_to_date, "
        "loss_provision_change_amount_base_to_date, "
        "gross_margin_amount_base, gross_margin_amount_base_to_date, gross_margin_pct_to_date, "
        "billed_amount_base_to_date, collected_amount_base_to_date, as_sold_margin_amount_base, "
        "forecast_margin_amount_base, fx_effect_amount_base_to_date",
    ),
    "contract_balances_by_contract_month": (
        "contract_id", "CT-",
        "revenue_to_date, billed_to_date, contract_asset_amount, contract_liability_amount, receivable_amount, "
        "retention_amount, loss_provision_amount, backlog_amount, contract_asset_amount_base, "
        "contract_liability_amount_base",
    ),
    "backlog_by_project_month": (
        "project_id", "P-", "opening_amount, bookings_amount, changes_amount, revenue_amount, closing_amount",
    ),
}  # fmt: skip


def figures(home: Home) -> dict[str, dict[str, str | None]]:
    """`mart project month` -> column -> figure as text."""
    found = {}
    for mart, (key, prefix, columns) in MARTS.items():
        rows = home.published(
            f"select {key}, strftime(month, '%Y-%m') as month_text, {columns} from margin.{mart} "
            f"where {key} in (select unnest(?)) and month_text in (select unnest(?)) order by 1, 2",
            [f"{prefix}{project}" for project in PROJECTS],
            list(MONTHS),
        )
        for of, at, *values in rows:
            named = zip(columns.split(", "), values, strict=True)
            found[f"{mart} {of} {at}"] = {column: None if v is None else str(v) for column, v in named}
    return found


def differences(golden: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return [
        f"{row} {column}: {golden.get(row, {}).get(column)} signed, {found.get(row, {}).get(column)} now"
        for row in sorted(golden.keys() | found.keys())
        for column in sorted(golden.get(row, {}).keys() | found.get(row, {}).keys())
        if golden.get(row, {}).get(column) != found.get(row, {}).get(column)
    ]


def test_the_figures_are_the_signed_ones(demo: Any) -> None:
    assert not differences(json.loads(GOLDEN.read_text(encoding="utf-8")), figures(demo[0]))


def test_a_cent_is_seen() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    row = next(iter(golden))
    moved = golden | {row: golden[row] | {"revenue_amount_base": "0.01"}}
    assert differences(golden, moved) == [
        f"{row} revenue_amount_base: {golden[row]['revenue_amount_base']} signed, 0.01 now"
    ]


def test_the_page_tells_the_signed_figures() -> None:
    """The table of docs/demo.md: project, revenue, billed, cost, margin to October 2026."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    rows = re.findall(
        r"^\| P-(\d{4}) \| \w+ \| ([\d,.]+) \| ([\d,.]+) \| ([-\d,.]+) \| ([-\d,.]+) \|$",
        PAGE.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert [project for project, *_ in rows] == list(PROJECTS)
    for project, revenue, billed, cost, margin in rows:
        balance = golden[f"contract_balances_by_contract_month CT-{project} 2026-10"]
        margins = golden[f"margin_by_project_month P-{project} 2026-10"]
        signed = (
            balance["revenue_to_date"], balance["billed_to_date"], margins["cost_of_sales_amount_base_to_date"],
            margins["gross_margin_amount_base_to_date"],
        )  # fmt: skip
        assert tuple(text.replace(",", "") for text in (revenue, billed, cost, margin)) == signed, project


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(figures(Home(path=Path(sys.argv[1]))), indent=1) + "\n", encoding="utf-8")
