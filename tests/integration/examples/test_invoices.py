"""E-invoices from the inbox to the published facts: which project each finds, and what is said of doubtful ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration.conftest import Home
from tests.integration.examples.conftest import Told
from tests.integration.examples.invoice_files import CASES

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def refreshed(told: Told) -> Home:
    return told.home


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
