"""What the commands print where a figure is missing."""

from __future__ import annotations

from decimal import Decimal

from pipelines import cli

MONTH = {"month": "2026-10", "revenue": Decimal("1234.5"), "cost_of_sales": Decimal(1000),
         "gross_margin": Decimal("234.5"), "gross_margin_pct": Decimal("0.18995"), "base_currency": "EUR"}  # fmt: skip


def test_month_without_figures_is_a_sentence() -> None:
    nothing = dict.fromkeys(MONTH) | {"base_currency": "EUR"}
    assert cli._month_in_words(nothing) == "  no complete month has revenue or cost yet"


def test_month_with_figures_is_told_with_its_currency() -> None:
    expected = "  2026-10: revenue 1,234.50, cost of sales 1,000.00, gross margin 234.50 EUR (19.0%)"
    assert cli._month_in_words(MONTH) == expected
