"""Each assertion that holds costs, hours, invoices and margins together finds its planted fault."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

MARGIN = (
    "project_id varchar, month date, revenue_amount_base decimal(18, 2), labour_cost_amount_base decimal(18, 2), "
    "subcontract_cost_amount_base decimal(18, 2), material_cost_amount_base decimal(18, 2), "
    "equipment_cost_amount_base decimal(18, 2), travel_cost_amount_base decimal(18, 2), "
    "other_cost_amount_base decimal(18, 2)"
)
FACTS = {
    "fct_cost_lines": (
        "project_id varchar, cost_month date, category varchar, amount_base decimal(18, 2), is_project_known boolean",
        "'P1', '2026-01-01', 'labour', 10.10, true",
        "'P1', '2026-01-01', 'material', 1, true",
        "'P1', '2026-01-01', 'uninstalled_material', 2, true",
        "'P1', '2026-01-01', 'other', null, true",
        "'P9', '2026-01-01', 'other', 99, false",
    ),
    "fct_invoice_lines": (
        "project_id varchar, issue_month date, net_amount_base decimal(18, 2), direction varchar, "
        "is_project_known boolean",
        "'P1', '2026-01-01', 100, 'customer', true",
        "'P1', '2026-02-01', -30, 'customer', true",
        "'P1', '2026-02-01', 40, 'supplier', true",
        "null, '2026-02-01', 50, 'customer', false",
    ),
}
JANUARY = "'P1', '2026-01-01', 100, 10.10, 0, 3, 0, 0, 0"
FEBRUARY = "'P1', '2026-02-01', -30, 0, 0, 0, 0, 0, 0"


def test_a_margin_of_the_facts_passes(assertion):
    tables = FACTS | {"margin_by_project_month": (MARGIN, JANUARY, FEBRUARY)}
    assert assertion("margin_adds_up_to_cost_lines_and_invoices", tables) == []


@pytest.mark.parametrize(
    ("rows", "measure"),
    [
        ((JANUARY.replace("10.10", "10.11"), FEBRUARY), "labour"),
        ((JANUARY.replace(" 3,", " 1,"), FEBRUARY), "material"),
        ((JANUARY,), "revenue"),
        ((JANUARY, FEBRUARY, "'P9', '2026-01-01', 0, 0, 0, 0, 0, 0, 99"), "other"),
        ((JANUARY, FEBRUARY, FEBRUARY), "revenue"),
    ],
)
def test_a_margin_that_the_facts_do_not_make_is_named(assertion, rows, measure):
    tables = FACTS | {"margin_by_project_month": (MARGIN, *rows)}
    assert [f["measure"] for f in assertion("margin_adds_up_to_cost_lines_and_invoices", tables)] == [measure]


def _levels(**changed: str) -> Mapping[str, tuple[str, ...]]:
    header = (
        "month date, revenue_amount_base integer, cost_of_sales_amount_base integer, "
        "gross_margin_amount_base integer, collected_amount_base integer"
    )
    levels = ("project", "programme", "customer", "business_group", "market")
    return {f"margin_by_{level}_month": (header, changed.get(level, "'2026-01-01', 5, 3, 2, 1")) for level in levels}


def test_levels_that_hold_the_same_pass(assertion):
    assert assertion("margin_is_the_same_at_every_level", _levels()) == []


@pytest.mark.parametrize("row", ["'2026-01-01', 5, 4, 1, 1", "'2026-01-01', 5, 3, 2, 0"])
def test_a_level_that_lost_something_is_named(assertion, row):
    found = assertion("margin_is_the_same_at_every_level", _levels(market=row))
    assert [f["level"] for f in found] == ["market"]


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
