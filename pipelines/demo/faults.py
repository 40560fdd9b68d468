"""The faults planted in the demo firm's files: each with its place and what the road must make of it.

A known catalogue, so that a test can ask for every one of them. Planted rows are appended to the file named, as text;
whole planted files are written by `write`. Nothing planted changes a figure of the firm by more than a few thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pipelines.demo.periods import HISTORY, Periods

Outcome = Literal["rejected", "refused", "exception", "restated", "warning", "loaded"]
LAST = HISTORY - 1
CORRECTED_MONTH = LATE_MONTH = HISTORY - 4
UNRATED_MONTH = HISTORY - 3
NEW_ROLE, NEW_EMPLOYEE = "R-DS", "E-0900"
WITHOUT_PROJECT = Decimal("4800.00")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`file` lies under inbox/. `rows` are appended to it. `key` finds a planted row again. `amount` is what is at
    stake in `unit` (hours, or a currency); `count` how many rows share the fate."""

    id: str
    file: str
    table: str
    outcome: Outcome
    expected: str
    column: str | None = None
    rule: str | None = None
    key: str | None = None
    amount: Decimal | None = None
    unit: str | None = None
    count: int = 1
    rows: tuple[dict[str, Any], ...] = ()


def _entry(entry: str, employee: str, project: str, wbs: str, day: str, hours: str, **more: str) -> dict[str, Any]:
    return {
        "entry_id": entry,
        "employee_id": employee,
        "project_id": project,
        "wbs_id": wbs,
        "work_date": day,
        "hours": hours,
        "activity": "testing",
        "is_billable": "true",
        "approval_status": "approved",
    } | more


def _cost(line: str, project: str, day: str, amount: str, **more: str) -> dict[str, Any]:
    return {
        "cost_line_id": line,
        "project_id": project,
        "posting_date": day,
        "account_code": "5900",
        "category": "other",
        "amount": amount,
        "currency_code": "EUR",
        "is_billable": "false",
        "description": "permits",
    } | more


def catalogue(periods: Periods) -> tuple[Fault, ...]:
    """Every planted fault, for a firm whose history ends at `periods.as_of`."""
    month = [periods.label(m) for m in range(HISTORY)]
    impossible = f"{month[LAST - 1]}-{periods.last(LAST - 1).day + 1}"
    unrated = periods.working_days(UNRATED_MONTH)[:10]
    rated = periods.working_days(UNRATED_MONTH + 1)[:5]
    year = periods.as_of.year

    def hours_file(number: int) -> str:
        return f"timesheets/time_entry_{month[number]}.csv.gz"

    def cost_file(number: int) -> str:
        return f"erp/cost_line_{month[number]}.csv"

    registers = f"projects/registers_{month[LAST]}.xlsx"
    master = f"erp/master_data_{month[LAST]}.xlsx"
    return (
        Fault(
            id="twenty_five_hours", file=hours_file(LAST), table="time_entry", outcome="rejected", column="hours",
            key="X-25H", amount=Decimal("25.00"), unit="hours",
            expected="the row is rejected: more than 24 hours in one entry",
            rows=(_entry("X-25H", "E-0020", "P-1010", "W4", f"{month[LAST]}-14", "25.00"),),
        ),
        Fault(
            id="impossible_date", file=hours_file(LAST - 1), table="time_entry", outcome="rejected",
            column="work_date", key="X-DATE", amount=Decimal("7.50"), unit="hours",
            expected="the row is rejected: no such day",
            rows=(_entry("X-DATE", "E-0021", "P-1010", "W4", impossible, "7.50"),),
        ),
        Fault(
            id="decimal_comma", file=cost_file(LAST - 1), table="cost_line", outcome="rejected", column="amount",
            key="X-COMMA", amount=None, unit="EUR",
            expected="the row is rejected: 1.234,56 is no canonical number and must not become 1.234",
            rows=(_cost("X-COMMA", "P-1004", f"{month[LAST - 1]}-09", "1.234,56"),),
        ),
        Fault(
            id="same_key_twice", file=cost_file(LAST - 2), table="cost_line", outcome="rejected",
            column="cost_line_id", key="X-TWICE", amount=Decimal("2450.00"), unit="EUR", count=2,
            expected="both rows are rejected: one key, two amounts",
            rows=(
                _cost("X-TWICE", "P-1002", f"{month[LAST - 2]}-12", "1200.00"),
                _cost("X-TWICE", "P-1002", f"{month[LAST - 2]}-12", "1250.00"),
            ),
        ),
        Fault(
            id="unknown_code", file="kpi/complaint.jsonl", table="complaint", outcome="rejected", column="severity",
            key="CMP-X01", expected="the row is rejected: urgent is no severity",
            rows=(
                {"complaint_id": "CMP-X01", "project_id": "P-1002", "opened_on": f"{month[LAST]}-05",
                 "severity": "urgent"},
            ),
        ),
        Fault(
            id="missing_cell", file="kpi/survey_response.csv", table="survey_response", outcome="rejected",
            column="score", key="SV-X001", expected="the row is rejected: a required cell is empty",
            rows=(
                {"response_id": "SV-X001", "customer_id": "C-104", "responded_on": f"{month[LAST]}-21",
                 "kind": "nps", "score": ""},
            ),
        ),
        Fault(
            id="probability_above_one", file=registers, table="risk", outcome="rejected", column="probability",
            key="R-X1", amount=Decimal("15000.00"), unit="EUR",
            expected="the row of the workbook is rejected: 1.4 is no probability",
            rows=(
                {"project_id": "P-1004", "risk_id": "R-X1", "kind": "threat", "title": "Quay wall gives way",
                 "probability": Decimal("1.4"), "cost_likely_amount": Decimal("15000.00"), "currency_code": "EUR",
                 "response": "accept", "status": "open", "raised_on": periods.day(LAST, 2)},
            ),
        ),
        Fault(
            id="missing_column", file=f"projects/resource_plan_{month[LAST - 6]}.csv", table="resource_plan",
            outcome="refused", column="hours", expected="the file is refused: the required column hours is missing",
        ),
        Fault(
            id="broken_xml", file=f"invoices/ubl/INV-{year}-9001.xml", table="invoice", outcome="refused",
            expected="the file is refused: the XML ends in the middle",
        ),
        Fault(
            id="strangers_invoice", file=f"invoices/ubl/INV-{year}-9002.xml", table="invoice", outcome="refused",
            expected="the file is refused: neither seller nor buyer is one of our own parties",
        ),
        Fault(
            id="no_rate_in_force", file=hours_file(UNRATED_MONTH), table="time_entry", outcome="exception",
            rule="missing_cost_rate", key=NEW_EMPLOYEE, amount=Decimal("7.50") * len(unrated), unit="hours",
            count=len(unrated), expected="loaded, not costed: the role's first rate starts a month later",
            rows=tuple(
                _entry(f"X-DS{n:02d}", NEW_EMPLOYEE, "P-1006", "W4", str(day), "7.50")
                for n, day in enumerate(unrated, start=1)
            ),
        ),
        Fault(
            id="no_bill_rate", file=hours_file(UNRATED_MONTH), table="time_entry", outcome="exception",
            rule="missing_bill_rate", key=NEW_EMPLOYEE, amount=Decimal("7.50") * len(unrated), unit="hours",
            count=len(unrated), expected="the same hours earn nothing: the rate to bill them starts a month later",
        ),
        Fault(
            id="rate_in_force_again", file=hours_file(UNRATED_MONTH + 1), table="time_entry", outcome="loaded",
            key=NEW_EMPLOYEE, amount=Decimal("7.50") * len(rated), unit="hours", count=len(rated),
            expected="loaded and costed: the same person a month later",
            rows=tuple(
                _entry(f"X-DS{n:02d}", NEW_EMPLOYEE, "P-1006", "W4", str(day), "7.50")
                for n, day in enumerate(rated, start=51)
            ),
        ),
        Fault(
            id="no_exchange_rate", file=cost_file(LAST - 1), table="cost_line", outcome="exception",
            rule="missing_exchange_rate", key="X-CHF", amount=Decimal("1480.00"), unit="CHF",
            expected="loaded without a base amount: no rate for CHF was ever delivered",
            rows=(_cost("X-CHF", "P-1004", f"{month[LAST - 1]}-17", "1480.00", currency_code="CHF"),),
        ),
        Fault(
            id="invoice_without_project", file=f"invoices/ubl/INV-{year}-9003.xml", table="invoice",
            outcome="exception", rule="invoice_without_project", key=f"INV-{year}-9003", amount=WITHOUT_PROJECT,
            unit="EUR", expected="loaded; its revenue belongs to no project and stands in the exceptions",
        ),
        Fault(
            id="unknown_project", file=cost_file(LAST), table="cost_line", outcome="exception",
            rule="unknown_project", key="X-9999", amount=Decimal("2350.00"), unit="EUR",
            expected="loaded; its cost belongs to no known project and stands in the exceptions",
            rows=(_cost("X-9999", "P-9999", f"{month[LAST]}-08", "2350.00"),),
        ),
        Fault(
            id="draft_time", file=hours_file(LAST), table="time_entry", outcome="exception", rule="unapproved_time",
            key="E-0022", amount=Decimal("24.00"), unit="hours", count=4, expected="loaded, not costed: still a draft",
            rows=tuple(
                _entry(f"X-DRAFT{n}", "E-0022", "P-1010", "W4", str(day), "6.00", approval_status="draft")
                for n, day in enumerate(periods.working_days(LAST)[-4:], start=1)
            ),
        ),
        Fault(
            id="restated_costs", file=f"erp/cost_line_{month[CORRECTED_MONTH]}_corrected.csv", table="cost_line",
            outcome="restated", unit="EUR",
            expected="later amounts replace those that were posted with VAT; the former ones go to the history",
        ),
        Fault(
            id="late_hours", file=f"timesheets/time_entry_{month[LATE_MONTH]}_late.csv", table="time_entry",
            outcome="loaded", unit="hours",
            expected="loaded into a past month; the sheet names the project by the customer's ticket key OSS-CON",
        ),
        Fault(
            id="cp1252_file", file="erp/employee.csv", table="employee", outcome="loaded",
            expected="recognised as cp1252: Bärbel Tännchen keeps her umlauts",
        ),
        Fault(
            id="unknown_column", file="kpi/safety_incident.csv", table="safety_incident", outcome="warning",
            column="site_code", expected="loaded; the column is left out and named in a warning",
        ),
        Fault(
            id="markup_in_a_name", file=master, table="project", outcome="loaded", key="P-1017",
            expected="loaded as it stands; every page shows it as text",
        ),
        Fault(
            id="formula_in_a_text", file=cost_file(LAST - 1), table="cost_line", outcome="loaded", key="X-FORMULA",
            amount=Decimal("99.00"), unit="EUR", expected="loaded as text; no export may turn it into a formula",
            rows=(
                _cost("X-FORMULA", "P-1009", f"{month[LAST - 1]}-21", "99.00",
                      description='=HYPERLINK("http://example.invalid","permits")'),
            ),
        ),
    )  # fmt: skip


def planted_rows(faults: tuple[Fault, ...]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """(file, table) -> the rows to append."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for fault in faults:
        if fault.rows:
            found.setdefault((fault.file, fault.table), []).extend(fault.rows)
    return found
