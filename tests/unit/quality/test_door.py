"""The suites at the door: what is clean passes, and every family of checks names the row that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from data_tests.expectations import SUITES
from pipelines.contracts import FEEDS, contracts, feed_tables
from pipelines.quality.checks import SuiteContext
from pipelines.quality.gate import GateResult, run_gate
from pipelines.settings import Settings

# one finding: severity, table, check, the lines it names
Finding = tuple[str, str, str, tuple[str, ...]]


def _findings(result: GateResult) -> set[Finding]:
    return {(c.severity, c.model_name, c.check_name, tuple(line for _, line in c.rows)) for c in result.failures}


@pytest.mark.parametrize("feed", FEEDS)
def test_clean_data_passes_every_check_of_every_table(feed: str, settings: Settings, warehouse) -> None:
    warehouse.fill()
    result = run_gate(settings, suite=feed, database=warehouse.close())
    assert _findings(result) == set()
    assert not result.blocked
    assert {c.model_name for c in result.checks} == {*feed_tables(feed), "loads"}


def test_names_are_unique_in_a_table_and_every_contract_rule_has_its_check() -> None:
    for feed in FEEDS:
        found = [(c.model_name, c.name) for c in SUITES[feed](SuiteContext(as_of=date(2026, 11, 1)))]
        assert len(found) == len(set(found))
        for table in feed_tables(feed):
            expected = {rule.name for rule in contracts()[table].rules}
            expected |= {f"{name}_is_filled" for name in contracts()[table].required}
            expected |= {"key_is_unique", "row_names_its_file"}
            assert expected <= {name for model, name in found if model == table}


def _erp(w) -> set[Finding]:
    w.row("customer", line="no name", customer_id="c2", customer_name=None, vat_id="v2")
    w.row("customer", line="terms", customer_id="c3", payment_terms_days=-1, vat_id="v3")
    w.row("customer", line="same vat", customer_id="c4")
    w.row("project", line="code", project_id="p2", status="finished")
    w.row("project", line="unknown customer", project_id="p3", customer_id="nobody")
    w.row("project", line="currency", project_id="p4", currency_code="eur")
    w.row("contract_line", line="fraction", contract_line_id="l2", retention_pct="1.5")
    w.row("wbs_element", line="orphan", wbs_id="w2", parent_wbs_id="w9")
    w.row("plan_line", line="mid month", category="travel", month="2026-03-02")
    w.row("plan_line", line="no version", category="labour", plan_version_id="v9")
    w.row("cost_line", line="twice", cost_line_id="c2")
    w.row("cost_line", line="again", cost_line_id="c2")
    w.row("cost_line", line="by alias", cost_line_id="c3", project_id="alias-1")
    w.row("cost_line", line="unknown project", cost_line_id="c4", project_id="p9")
    w.row("cost_line", line="unknown element", cost_line_id="c5", wbs_id="w9")
    w.row("cost_line", line="no category", cost_line_id="c6", account_code=None)
    w.row("cost_line", line="future", cost_line_id="c7", posting_date="2026-12-03")
    w.row("cost_line", line="not yet", cost_line_id="c8", posting_date="2026-12-02")
    w.row("cost_line", line="foreign file", cost_line_id="c9", file="not-in-the-ledger")
    w.row("employee", line="year 2", employee_id="e2", start_date="0202-01-01")
    w.row("payment", line="no invoice", payment_id="x2", invoice_id="i9")
    for kind in ("receivable", "payable", "out_of_scope"):
        w.row("account", line=kind, account_code=kind, **{"class": kind})
        w.row("gl_balance", line=kind, account_code=kind, amount=0)
    w.row("gl_balance", line="debit", month="2026-04-01", amount=5)
    w.row("gl_balance", line="part of a ledger", company_id="c2", month="2026-04-01", amount=5)
    w.row("exchange_rate", line="wrong way", from_currency="USD", to_currency="EUR", rate=10)
    w.row("exchange_rate", line="jump", rate_date="2026-03-03", rate=16)
    w.row("exchange_rate", line="no jump", rate_date="2026-03-04", rate=15)
    w.row("exchange_rate", line="self", from_currency="CHF", to_currency="CHF", rate=2)
    w.row("cost_rate", line="closed", valid_from="2027-01-01", valid_to="2027-06-30")
    w.row("cost_rate", line="open", valid_from="2027-06-30")
    w.row("bill_rate", line="closed", valid_from="2027-01-01", valid_to="2027-06-30")
    w.row("bill_rate", line="next", valid_from="2027-07-01", valid_to=None)
    return {
        ("critical", "customer", "customer_name_is_filled", ("no name",)),
        ("critical", "customer", "terms_not_negative", ("terms",)),
        ("warning", "customer", "vat_id_names_one_customer", ("1", "same vat")),
        ("critical", "project", "status_is_a_listed_code", ("code",)),
        ("warning", "project", "customer_id_is_known", ("unknown customer",)),
        ("critical", "project", "currency_code_is_a_currency", ("currency",)),
        ("critical", "contract_line", "retention_pct_is_a_fraction", ("fraction",)),
        ("warning", "wbs_element", "parent_is_in_the_same_project", ("orphan",)),
        ("critical", "plan_line", "month_is_a_first_day", ("mid month",)),
        ("warning", "plan_line", "plan_version_is_known", ("no version",)),
        ("critical", "cost_line", "key_is_unique", ("again", "twice")),
        ("warning", "cost_line", "project_id_is_known", ("unknown project",)),
        ("warning", "cost_line", "wbs_id_is_known", ("unknown element",)),
        ("warning", "cost_line", "cost_has_a_category", ("no category",)),
        ("warning", "cost_line", "posting_date_is_plausible", ("future",)),
        ("critical", "cost_line", "row_names_its_file", ("foreign file",)),
        ("warning", "employee", "dates_are_plausible", ("year 2",)),
        ("warning", "payment", "invoice_is_known", ("no invoice",)),
        ("warning", "gl_balance", "ledger_balances", ("debit",)),
        ("warning", "exchange_rate", "inverse_agrees", ("1", "wrong way")),
        ("warning", "exchange_rate", "rate_does_not_jump", ("jump",)),
        ("warning", "exchange_rate", "same_currency_is_one", ("self",)),
        ("warning", "cost_rate", "rates_do_not_overlap", ("closed",)),
    }


def _timesheets(w) -> set[Finding]:
    w.load("time_entry", source_file_id="second file", file_name="late.csv", load_number=2)
    w.row("time_entry", line="morning", entry_id="t2", work_date="2026-03-05", hours=14)
    w.row("time_entry", line="evening", entry_id="t3", work_date="2026-03-05", hours=11, file="second file")
    w.row("time_entry", line="not counted", entry_id="t4", work_date="2026-03-05", hours=9, approval_status="rejected")
    w.row("time_entry", line="full day", entry_id="t5", work_date="2026-03-06", hours=24)
    w.row("time_entry", line="too long", entry_id="t6", work_date="2026-03-07", hours=25)
    w.row("time_entry", line="gone", entry_id="t7", employee_id="e2", work_date="2026-03-09")
    w.row("employee", line="2", employee_id="e2", start_date="2020-01-01", end_date="2026-03-08")
    w.row("time_entry", line="stranger", entry_id="t8", employee_id="e9")
    w.row("time_entry", line="next year", entry_id="t9", work_date="2027-03-05")
    w.connection.execute("update raw.employee set end_date = null where source_line = '1'")
    return {
        ("warning", "time_entry", "day_has_24_hours", ("evening", "morning", "too long")),
        ("critical", "time_entry", "hours_fit_in_a_day", ("too long",)),
        ("warning", "time_entry", "person_is_employed", ("gone",)),
        ("warning", "time_entry", "employee_id_is_known", ("stranger",)),
        ("warning", "time_entry", "work_date_is_plausible", ("next year",)),
    }


def _invoices(w) -> set[Finding]:
    def invoice(number: str, *, lines: int | None = 100, **cells) -> None:
        w.row("invoice", line=number, invoice_id=number, **cells)
        if lines is not None:
            w.row("invoice_line", line=number, invoice_id=number, net_amount=lines)

    invoice("gross", gross_amount="120.01")
    invoice("due", due_date="2026-03-01")
    invoice("credit", type="credit_note")
    invoice("credited", type="credit_note", net_amount=-100, tax_amount=-20, gross_amount=-120, lines=-100)
    invoice("no lines", lines=None)
    invoice("half", lines=50)
    w.row("invoice_line", line="no header", invoice_id="lost")
    w.row("invoice_line", line="other direction", direction="supplier")
    return {
        ("warning", "invoice", "net_and_tax_make_gross", ("gross",)),
        ("warning", "invoice", "due_after_issue", ("due",)),
        ("warning", "invoice", "credit_note_is_negative", ("credit",)),
        ("warning", "invoice", "invoice_has_lines", ("no lines",)),
        ("warning", "invoice", "lines_make_the_net_amount", ("half",)),
        ("warning", "invoice_line", "line_has_a_header", ("no header", "other direction")),
    }


def _kpi(w) -> set[Finding]:
    w.row("acceptance_test", line="third", test_id="t2", attempt=3)
    w.row("acceptance_test", line="first", test_id="t2", attempt=1)
    w.row("project", line="2", project_id="p2", customer_id="c2")
    w.row("survey_response", line="other customer", response_id="r2", project_id="p2")
    w.row("survey_response", line="scale", response_id="r3", score=11)
    w.row("milestone", line="early", milestone_id="m2", actual_date="2026-03-03")
    return {
        ("warning", "acceptance_test", "attempts_are_complete", ("third",)),
        ("warning", "survey_response", "customer_owns_the_project", ("other customer",)),
        ("critical", "survey_response", "score_on_its_scale", ("scale",)),
        ("warning", "milestone", "report_follows_the_event", ("early",)),
    }


def _projects(w) -> set[Finding]:
    w.row("change_request", line="when", change_request_id="c2", status="approved", decided_on=None)
    w.row("change_request", line="open", change_request_id="c3", status="submitted", decided_on=None)
    w.row("risk", line="range", risk_id="r2", cost_low_amount=11)
    w.row("risk", line="closed", risk_id="r3", status="closed", closed_on=None)
    w.row("resource_plan", line="negative", employee_id=None, hours=-1)
    return {
        ("warning", "change_request", "decision_has_a_date", ("when",)),
        ("warning", "risk", "cost_range_is_in_order", ("range",)),
        ("warning", "risk", "closed_risk_has_a_date", ("closed",)),
        ("critical", "resource_plan", "hours_not_negative", ("negative",)),
    }


@pytest.mark.parametrize(
    ("feed", "plant"),
    [("erp", _erp), ("timesheets", _timesheets), ("invoices", _invoices), ("kpi", _kpi), ("projects", _projects)],
)
def test_each_planted_fault_is_named_and_nothing_else(
    feed: str, plant: Callable[..., set[Finding]], settings: Settings, warehouse
) -> None:
    warehouse.fill()
    planted = plant(warehouse)
    assert _findings(run_gate(settings, suite=feed, database=warehouse.close())) == planted


def test_the_ledger_must_add_up_and_a_mostly_rejected_file_stops_until_it_comes_again(
    settings: Settings, warehouse
) -> None:
    warehouse.fill()

    def load(file: str, *, number: int = 1, **cells) -> None:
        warehouse.load("cost_line", source_file_id=f"{file}{number}", file_name=file, load_number=number, **cells)

    load("rows", rows_read=3, rows_loaded=2)
    load("amounts", amount_column="amount", amount_read=10, amount_loaded=9)
    load("amounts add up", amount_column="amount", amount_read=10, amount_loaded=9, amount_unchanged=1)
    load("half", rows_read=20, rows_loaded=10, rows_rejected=10)
    load("most", rows_read=20, rows_loaded=9, rows_rejected=11)
    load("small", rows_read=19, rows_loaded=0, rows_rejected=19)
    load("answered", rows_read=20, rows_loaded=0, rows_rejected=20)
    load("answered", number=2, rows_read=20, rows_loaded=20)
    load("still bad", rows_read=20, rows_loaded=0, rows_rejected=20)
    load("still bad", number=2, rows_read=20, rows_loaded=1, rows_rejected=19)
    load("refused", rows_read=20, rows_loaded=0, rows_rejected=0, status="refused")
    # another feed's ledger is another gate's business
    warehouse.load("time_entry", source_file_id="other feed", rows_read=7)

    result = run_gate(settings, suite="erp", database=warehouse.close())
    found = {c.check_name: (c.severity, {file for file, _ in c.rows}) for c in result.failures}
    assert found == {
        "rows_are_conserved": ("critical", {"rows1"}),
        "amounts_are_conserved": ("critical", {"amounts1"}),
        "most_rows_were_taken": ("critical", {"most1", "still bad2"}),
        "few_rows_were_rejected": ("warning", {"half1", "most1", "small1", "still bad2"}),
    }
