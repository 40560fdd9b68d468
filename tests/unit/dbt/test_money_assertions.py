"""Each assertion that holds costs, hours, invoices and margins together finds its planted fault."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

MARGIN_MEASURES = (
    "revenue_amount_base", "labour_cost_amount_base", "subcontract_cost_amount_base", "material_cost_amount_base",
    "equipment_cost_amount_base", "travel_cost_amount_base", "other_cost_amount_base",
    "loss_provision_change_amount_base", "quality_cost_amount_base", "billed_amount_base",
)  # fmt: skip
MARGIN = "project_id varchar, month date, " + ", ".join(f"{m} decimal(18, 2)" for m in MARGIN_MEASURES)
FACTS = {
    "fct_cost_lines": (
        "project_id varchar, cost_month date, category varchar, amount_base decimal(18, 2), is_project_known boolean, "
        "is_quality_cost boolean",
        "'P1', '2026-01-01', 'labour', 10.10, true, true",
        "'P1', '2026-01-01', 'material', 1, true, false",
        "'P1', '2026-01-01', 'uninstalled_material', 2, true, false",
        "'P1', '2026-01-01', 'other', null, true, true",
        "'P9', '2026-01-01', 'other', 99, false, true",
    ),
    "fct_invoice_lines": (
        "project_id varchar, issue_month date, net_amount_base decimal(18, 2), direction varchar, "
        "is_project_known boolean",
        "'P1', '2026-01-01', 100, 'customer', true",
        "'P1', '2026-02-01', -30, 'customer', true",
        "'P1', '2026-02-01', 40, 'supplier', true",
        "null, '2026-02-01', 50, 'customer', false",
    ),
    "int_revenue__by_project_month": (
        "project_id varchar, month date, revenue_amount_base decimal(18, 2), "
        "loss_provision_change_amount_base decimal(18, 2)",
        "'P1', '2026-01-01', 70, 6",
        "'P1', '2026-02-01', 0, -6",
    ),
    "int_quality__complaints_costed": (
        "project_id varchar, opened_month date, cost_amount_base decimal(18, 2), is_project_known boolean, "
        "is_posted boolean",
        "'P1', '2026-02-01', 7, true, false",
        "'P1', '2026-02-01', 8, true, true",
        "'P9', '2026-02-01', 9, false, false",
    ),
}
JANUARY = "'P1', '2026-01-01', 70, 10.10, 0, 3, 0, 0, 0, 6, 10.10, 100"
FEBRUARY = "'P1', '2026-02-01', 0, 0, 0, 0, 0, 0, 0, -6, 7, -30"
NOTHING = ", 0, 0, 0, 0, 0"


def test_a_margin_of_the_facts_passes(assertion):
    tables = FACTS | {"margin_by_project_month": (MARGIN, JANUARY, FEBRUARY)}
    assert assertion("margin_adds_up_to_cost_lines_and_revenue", tables) == []


@pytest.mark.parametrize(
    ("rows", "measures"),
    [
        ((JANUARY.replace("70, 10.10", "70, 10.11"), FEBRUARY), {"labour"}),
        ((JANUARY.replace(" 3,", " 1,"), FEBRUARY), {"material"}),
        ((JANUARY.replace("70,", "100,"), FEBRUARY), {"revenue"}),
        ((JANUARY, FEBRUARY.replace("-6", "6")), {"loss provision"}),
        ((JANUARY, FEBRUARY.replace(" 7,", " 15,")), {"quality"}),
        ((JANUARY,), {"loss provision", "quality", "billed"}),
        ((JANUARY, FEBRUARY, f"'P9', '2026-01-01'{NOTHING}, 0, 99, 0, 0, 0"), {"other"}),
        ((JANUARY, FEBRUARY, FEBRUARY), {"loss provision", "quality", "billed"}),
    ],
)
def test_a_margin_that_the_facts_do_not_make_is_named(assertion, rows, measures):
    tables = FACTS | {"margin_by_project_month": (MARGIN, *rows)}
    found = assertion("margin_adds_up_to_cost_lines_and_revenue", tables)
    assert {f["measure"] for f in found} == measures


LEVEL_MEASURES = (
    *MARGIN_MEASURES, "cost_of_sales_amount_base", "gross_margin_amount_base", "collected_amount_base",
    *(f"{plan}_{part}_amount_base" for plan in ("as_sold", "baseline", "forecast")
      for part in ("revenue", "cost", "margin")),
)  # fmt: skip


def _levels(**changed: str) -> Mapping[str, tuple[str, ...]]:
    """`changed`: level -> a measure that is one too high there, or `month` for a month that it lacks."""
    header = "month date, " + ", ".join(f"{m} integer" for m in LEVEL_MEASURES)

    def rows(level: str) -> tuple[str, ...]:
        first = ", ".join(str(n + (changed.get(level) == m)) for n, m in enumerate(LEVEL_MEASURES))
        second = ", ".join("null" if m.startswith("as_sold") else "0" for m in LEVEL_MEASURES)
        months = (f"'2026-01-01', {first}", f"'2026-02-01', {second}")
        return months[:1] if changed.get(level) == "month" else months

    levels = ("project", "programme", "customer", "business_group", "market", "key_projects")
    return {f"margin_by_{level}_month": (header, *rows(level)) for level in levels}


def test_levels_that_hold_the_same_pass(assertion):
    assert assertion("margin_is_the_same_at_every_level", _levels()) == []


@pytest.mark.parametrize("measure", LEVEL_MEASURES)
def test_a_level_that_has_too_much_is_named(assertion, measure):
    found = assertion("margin_is_the_same_at_every_level", _levels(market=measure))
    assert [(f["level"], f["measure"]) for f in found] == [("market", measure)]


def test_a_level_that_lost_a_month_is_named(assertion):
    found = assertion("margin_is_the_same_at_every_level", _levels(key_projects="month"))
    assert {f["level"] for f in found} == {"key_projects"}


COSTS = {
    "stg_erp__cost_lines": ("cost_line_id varchar", "'a'", "'b'", "'c'", "'d'"),
    "int_labour__time_entries_costed": ("cost_amount decimal(38, 12)", "1", "2", "null"),
    "fct_cost_lines": ("origin varchar, category varchar", "'erp', 'travel'", "'time_sheets', 'labour'"),
    "int_cost__labour_summed": (
        "origin varchar, source_rows bigint, is_in_cost boolean",
        "'erp', 2, false",
        "'time_sheets', 2, true",
    ),
    "int_cost__lines_classified": ("treatment varchar", "'cost'", "'not_a_cost'", "'labour_left_out'"),
}


def test_costs_that_stand_once_pass(assertion):
    assert assertion("every_cost_once", COSTS) == []


@pytest.mark.parametrize(
    ("table", "row", "origin"),
    [
        ("fct_cost_lines", "'erp', 'travel'", "erp"),
        ("fct_cost_lines", "'erp', 'labour'", "erp"),
        ("fct_cost_lines", "'time_sheets', 'labour'", "time_sheets"),
        ("int_cost__labour_summed", "'time_sheets', 2, true", "time_sheets"),
        ("int_cost__labour_summed", "'erp', 1, false", "erp"),
        ("stg_erp__cost_lines", "'e'", "erp"),
    ],
)
def test_a_cost_that_stands_twice_or_nowhere_is_named(assertion, table, row, origin):
    found = assertion("every_cost_once", COSTS | {table: (*COSTS[table], row)})
    assert [f["origin"] for f in found] == [origin]


SUPPLIED = {
    "fct_invoice_lines": (
        "invoice_id varchar, counterparty_id varchar, direction varchar, currency_code varchar, "
        "net_amount decimal(18, 2)",
        "'I1', 'S1', 'supplier', 'USD', 60",
        "'I1', 'S1', 'supplier', 'USD', 40",
        "'I2', 'S1', 'supplier', 'USD', -5",
        "'I1', 'C1', 'customer', 'USD', 900",
    ),
    "fct_cost_lines": (
        "origin varchar, document_number varchar, supplier_id varchar, currency_code varchar, amount decimal(18, 2), "
        "amount_base decimal(18, 2)",
        "'accrual', 'I1', 'S1', 'USD', 60, 54",
        "'accrual', 'I1', 'S1', 'USD', 40, 36",
        "'accrual_reversal', 'I1', 'S1', 'USD', -60, -54",
        "'accrual_reversal', 'I1', 'S1', 'USD', -40, -36",
        "'erp', 'I1', 'S1', 'USD', 100, 91",
        "'accrual', 'I2', 'S1', 'USD', -5, -4.5",
    ),
}


def test_supplier_invoices_that_cost_once_pass(assertion):
    assert assertion("supplier_invoices_cost_once", SUPPLIED) == []


@pytest.mark.parametrize(
    ("lost", "added", "number"),
    [
        ("'accrual_reversal', 'I1', 'S1', 'USD', -40, -36", None, "I1"),
        ("'accrual_reversal', 'I1', 'S1', 'USD', -40, -36", "'accrual_reversal', 'I1', 'S1', 'USD', -40, -36.01", "I1"),
        (None, "'accrual', 'I2', 'S1', 'USD', -5, -4.5", "I2"),
        (None, "'accrual', 'I3', 'S1', 'USD', 5, 4.5", "I3"),
        ("'accrual', 'I1', 'S1', 'USD', 40, 36", "'accrual', 'I1', 'S2', 'USD', 40, 36", "I1"),
    ],
)
def test_a_supplier_invoice_that_costs_twice_is_named(assertion, lost, added, number):
    rows = [row for row in SUPPLIED["fct_cost_lines"] if row != lost] + ([added] if added else [])
    found = assertion("supplier_invoices_cost_once", SUPPLIED | {"fct_cost_lines": rows})
    assert number in {f["document_number"] for f in found}


MOVED = {
    "int_cost__accruals_moved": (
        "invoice_id varchar, counterparty_id varchar, line_id varchar, is_remainder boolean, amount decimal(18, 2), "
        "amount_base decimal(18, 2), open_amount decimal(18, 2), is_latest boolean",
        "'I1', 'S1', '1', false, 10, 9, 10, false",
        "'I1', 'S1', '1', false, -10, -9, 0, true",
        "'I2', 'S1', '1', false, 7, null, 7, true",
    ),
}


def test_accruals_that_reverse_to_nothing_pass(assertion):
    assert assertion("accruals_reverse_to_nothing", MOVED) == []


@pytest.mark.parametrize("fault", ["-9.99, -9, 0, true", "-10, -8.99, 0, true", "-10, -9, 1, true"])
def test_an_accrual_that_leaves_something_is_named(assertion, fault):
    rows = MOVED["int_cost__accruals_moved"]
    tables = {"int_cost__accruals_moved": (*rows[:2], f"'I1', 'S1', '1', false, {fault}", rows[3])}
    assert [f["invoice_id"] for f in assertion("accruals_reverse_to_nothing", tables)] == ["I1"]


ROUNDED = {
    "fct_cost_lines": (
        "origin varchar, cost_month date, currency_code varchar, amount decimal(18, 2), amount_base decimal(18, 2)",
        "'time_sheets', '2026-01-01', 'EUR', 10.01, 10.01",
        "'erp', '2026-01-01', 'USD', 5, null",
    ),
    "int_cost__lines_classified": (
        "treatment varchar, cost_month date, currency_code varchar, amount decimal(24, 6), amount_base decimal(38, 18)",
        "'cost', '2026-01-01', 'USD', 5, null",
        "'labour_left_out', '2026-01-01', 'EUR', 77, 77",
    ),
    "int_labour__time_entries_costed": (
        "work_month date, currency_code varchar, cost_amount decimal(38, 12), cost_amount_base decimal(38, 18)",
        "'2026-01-01', 'EUR', 5.0025, 5.0025",
        "'2026-01-01', 'EUR', 5.0025, 5.0025",
    ),
}


def test_costs_that_are_rounded_once_a_row_pass(assertion):
    assert assertion("costs_are_rounded_not_changed", ROUNDED) == []


@pytest.mark.parametrize("cell", ["10.02, 10.01", "10.01, 10.02"])
def test_a_cent_too_much_is_named(assertion, cell):
    rows = ROUNDED["fct_cost_lines"]
    tables = ROUNDED | {"fct_cost_lines": (rows[0], f"'time_sheets', '2026-01-01', 'EUR', {cell}", rows[2])}
    assert [f["origin"] for f in assertion("costs_are_rounded_not_changed", tables)] == ["time_sheets"]


INVOICES = {
    "fct_invoices": (
        "invoice_key varchar, net_amount decimal(18, 2), net_amount_base decimal(18, 2)",
        "'k1', 100, 90",
        "'k2', -5, null",
    ),
    "fct_invoice_lines": (
        "invoice_key varchar, net_amount decimal(18, 2), net_amount_base decimal(18, 2)",
        "'k1', 60, 54",
        "'k1', 40, 36",
        "'k2', -5, null",
    ),
}


def test_lines_that_make_their_documents_pass(assertion):
    assert assertion("fct_invoice_lines_sum_to_headers", INVOICES) == []


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (("'k1', 60, 54", "'k2', -5, null"), "k1"),
        (("'k1', 60, 54", "'k1', 40, 36.01", "'k2', -5, null"), "k1"),
        (("'k1', 60, 54", "'k1', 40, 36"), "k2"),
    ],
)
def test_a_document_that_its_lines_do_not_make_is_named(assertion, lines, key):
    tables = INVOICES | {"fct_invoice_lines": (INVOICES["fct_invoice_lines"][0], *lines)}
    assert [f["invoice_key"] for f in assertion("fct_invoice_lines_sum_to_headers", tables)] == [key]


HOURS = {
    "stg_timesheets__time_entries": ("work_date date, hours decimal(24, 6)", "'2026-01-31', 7.5", "'2026-01-02', 2"),
    "int_labour__time_entries_costed": (
        "work_month date, hours decimal(24, 6)",
        "'2026-01-01', 7.5",
        "'2026-01-01', 2",
    ),
    "int_labour__hours_suppressed": (
        "work_month date, hours decimal(38, 6), time_entries bigint",
        "'2026-01-01', 9.5, 2",
    ),
}


def test_hours_that_are_all_there_pass(assertion):
    assert assertion("labour_hours_are_conserved", HOURS) == []


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("int_labour__time_entries_costed", ("'2026-01-01', 7.5",)),
        ("int_labour__time_entries_costed", ("'2026-01-01', 7.5", "'2026-01-01', 2", "'2026-01-01', 0")),
        ("int_labour__hours_suppressed", ("'2026-01-01', 9.25, 2",)),
        ("int_labour__hours_suppressed", ("'2026-01-01', 9.5, 2", "'2026-02-01', 0, 1")),
    ],
)
def test_an_hour_lost_or_doubled_is_named(assertion, table, rows):
    assert len(assertion("labour_hours_are_conserved", HOURS | {table: (HOURS[table][0], *rows)})) == 1


@pytest.mark.parametrize(("difference", "found"), [("0", 0), ("-0.01", 1)])
def test_a_control_total_that_differs_is_named(assertion, difference, found):
    header = (
        "feed varchar, table_name varchar, month date, source_file_id varchar, measure varchar, unit varchar, "
        "difference decimal(24, 6)"
    )
    rows = (
        header,
        f"'erp', 'cost_line', '2026-01-01', null, 'amount', 'EUR', {difference}",
        # a file that contradicts itself is no fault of the warehouse
        "'erp', null, null, 'f', 'TotalDebit', 'EUR', 5",
    )
    assert len(assertion("control_totals_do_not_differ", {"control_totals": rows})) == found


def _hours(people: Mapping[str, tuple[str, ...]], shown: set[str], uncosted: tuple[str, ...] = ()) -> dict:
    """A project's month by role: who worked in it, and of which roles the hours are published (minimum: 3)."""
    return {
        "int_labour__time_entries_costed": (
            "employee_id varchar, project_id varchar, wbs_id varchar, role_id varchar, work_month date, "
            "is_billable boolean, approval_status varchar, hours decimal(24, 6), cost_amount decimal(38, 12)",
            *(
                f"'{who}', 'P1', null, '{role}', '2026-01-01', null, 'approved', 8, "
                + ("null" if who in uncosted else "1")
                for role, team in people.items()
                for who in team
            ),
        ),
        "fct_time_entries": (
            "project_id varchar, month date, wbs_id varchar, role_id varchar, is_billable boolean, "
            "approval_status varchar, hours decimal(18, 2)",
            *(
                f"'P1', '2026-01-01', null, '{role}', null, 'approved', " + ("8" if role in shown else "null")
                for role in people
            ),
        ),
    }


TEAM = ("E-1", "E-2", "E-3")


@pytest.mark.parametrize(
    ("people", "shown", "uncosted"),
    [
        ({"R-1": TEAM}, {"R-1"}, ()),
        ({"R-1": TEAM, "R-2": ("E-4",)}, set(), ()),
        ({"R-1": TEAM, "R-2": ("E-4", "E-5"), "R-3": ("E-6",)}, {"R-1"}, ()),
        ({"R-1": TEAM}, {"R-1"}, TEAM),
    ],
)
def test_hours_of_enough_people_pass(assertion, people, shown, uncosted):
    assert assertion("published_hours_stand_for_enough_people", _hours(people, shown, uncosted)) == []


@pytest.mark.parametrize(
    ("people", "shown", "uncosted", "fault"),
    [
        ({"R-1": ("E-1", "E-2")}, {"R-1"}, (), ("shown", 2)),
        ({"R-1": TEAM, "R-2": ("E-4",)}, {"R-1"}, (), ("withheld", 1)),
        ({"R-1": TEAM, "R-2": ("E-4",), "R-3": ("E-4", "E-5")}, {"R-1"}, (), ("withheld", 2)),
        # two without a rate: the one with a cost would follow
        ({"R-1": TEAM}, {"R-1"}, ("E-1", "E-2"), ("shown", 3)),
    ],
)
def test_hours_that_tell_of_people_are_named(assertion, people, shown, uncosted, fault):
    found = assertion("published_hours_stand_for_enough_people", _hours(people, shown, uncosted))
    assert [(f["hours_are"], f["people"]) for f in found] == [fault]
