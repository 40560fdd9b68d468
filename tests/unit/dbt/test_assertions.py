"""Each assertion on the core finds its planted fault, and nothing where there is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ASSERTIONS = Path(__file__).parents[3] / "data_tests" / "dbt"
FACTS = dict(
    re.findall(
        r"'(fct_\w+)': '(stg_\w+)'",
        (ASSERTIONS / "assert_every_staged_row_is_in_its_fact.sql").read_text(encoding="utf-8"),
    )
)


def test_seventeen_facts_are_held_to_their_rows():
    assert len(FACTS) == 17


def test_a_fact_that_keeps_every_row_passes(assertion):
    tables = dict.fromkeys((*FACTS, *FACTS.values()), ("n integer", "1", "2"))
    assert assertion("every_staged_row_is_in_its_fact", tables) == []


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_loses_a_row_is_named(assertion, fact):
    tables = dict.fromkeys((*FACTS, *FACTS.values()), ("n integer", "1", "2"))
    tables[fact] = ("n integer", "1")
    found = assertion("every_staged_row_is_in_its_fact", tables)
    assert found == [{"fact": fact, "staged_rows": 2, "fact_rows": 1}]


PLANNED = {
    "stg_erp__plan_lines": ("amount decimal(24, 6)", "10.005", "-2.004"),
    "fct_plan_lines": ("plan_amount decimal(18, 2)", "10.01", "-2.00"),
    "stg_projects__resource_plans": ("hours decimal(24, 6)", "7.5", "2.25"),
    "int_resources__hours_suppressed": ("hours decimal(38, 6)", "9.75"),
}


def test_plans_that_add_up_pass(assertion):
    assert assertion("planned_amounts_and_hours_add_up", PLANNED) == []


def test_a_plan_that_lost_a_cent_or_a_quarter_of_an_hour_is_named(assertion):
    tables = PLANNED | {
        "fct_plan_lines": ("plan_amount decimal(18, 2)", "10.00", "-2.00"),
        "int_resources__hours_suppressed": ("hours decimal(38, 6)", "9.5"),
    }
    found = assertion("planned_amounts_and_hours_add_up", tables)
    assert [(f["measure"], float(f["delivered"]), float(f["kept"])) for f in found] == [
        ("planned amounts", 8.01, 8.0),
        ("planned hours", 9.75, 9.5),
    ]


VERSIONS = "project_id varchar, kind varchar, plan_version_id varchar, in_force_from date, in_force_to date"


def test_plans_in_force_one_after_the_other_pass(assertion):
    rows = (
        VERSIONS,
        "'P1', 'baseline', 'B1', '2025-01-01', '2025-01-31'",
        "'P1', 'baseline', 'B2', '2025-02-01', null",
        "'P1', 'baseline', 'B0', null, null",
        "'P1', 'forecast', 'F1', '2025-01-01', null",
    )
    assert assertion("one_plan_of_a_kind_is_in_force", {"int_plans__versions_in_force": rows}) == []


@pytest.mark.parametrize("end", ["'2025-02-01'", "null"])
def test_two_plans_in_force_on_one_day_are_named(assertion, end):
    rows = (
        VERSIONS,
        f"'P1', 'baseline', 'B1', '2025-01-01', {end}",
        "'P1', 'baseline', 'B2', '2025-02-01', null",
    )
    found = assertion("one_plan_of_a_kind_is_in_force", {"int_plans__versions_in_force": rows})
    assert [(f["earlier_version_id"], f["later_version_id"]) for f in found] == [("B1", "B2")]


KPIS = (
    "kpi_code varchar, dimension varchar, direction varchar, amber_lower decimal(9, 2), amber_upper decimal(9, 2), "
    "red_lower decimal(9, 2), red_upper decimal(9, 2), valid_from_date date, valid_to_date date, customer_id varchar, "
    "business_group varchar, applies_to varchar"
)
SIDES = "thresholds and direction disagree"
SPI = "'spi', 'schedule', 'target_band', 0.95, 1.05, 0.9, 1.1, '2020-01-01', '2024-12-31', null, null, null"


def test_thresholds_that_can_be_judged_pass(assertion):
    rows = (
        KPIS,
        SPI,
        "'spi', 'schedule', 'target_band', 0.95, 1.05, 0.9, 1.1, '2025-01-01', null, null, null, null",
        "'spi', 'schedule', 'target_band', 0.9, 1.1, 0.8, 1.2, '2020-01-01', null, 'C1', null, null",
        "'spi', 'schedule', 'target_band', 0.9, 1.1, 0.8, 1.2, '2020-02-01', null, null, 'Radio', null",
        "'nps', 'customer', 'higher_is_better', 30, null, 0, null, '2020-01-01', null, null, null, 'group'",
    )
    assert assertion("kpi_thresholds_can_be_judged", {"dim_kpis": rows}) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("'spi', 'schedule', 'target_band', 0.9, 1.1, 0.8, 1.2, '2024-12-31', null", "periods overlap"),
        ("'cpi', 'cost', 'target_band', 0.9, 1.1, 0.95, 1.2, '2020-01-01', null", "red lies inside amber"),
        ("'nps', 'customer', 'higher_is_better', 1, 30, null, null, '2020-01-01', null", SIDES),
        ("'nps', 'loyalty', 'higher_is_better', 1, null, 0, null, '2020-01-01', null", SIDES),
        ("'nps', 'customer', 'higher_is_better', 1, null, 0, null, '2020-01-01', null, null, null, 'team'", SIDES),
    ],
)
def test_thresholds_that_cannot_be_judged_are_named(assertion, row, fault):
    row += ", null, null, null" if row.count(",") == 8 else ""
    found = assertion("kpi_thresholds_can_be_judged", {"dim_kpis": (KPIS, SPI, row)})
    assert [f["fault"] for f in found] == [fault]


MONTHS = ("month date, month_end_date date", "'2024-01-01', '2024-01-31'", "'2024-02-01', '2024-02-29'")


def test_a_calendar_without_a_hole_passes(assertion):
    rows = (*MONTHS, "'2024-03-01', '2024-03-31'")
    assert assertion("months_follow_each_other", {"dim_months": rows}) == []


def test_a_hole_in_the_calendar_is_named(assertion):
    rows = (*MONTHS, "'2024-04-01', '2024-04-30'")
    found = assertion("months_follow_each_other", {"dim_months": rows})
    assert [str(f["month"]) for f in found] == ["2024-02-01"]


EMPLOYEES = ("employee_id varchar, employee_name varchar", "'E-1', 'Ada'", "'E-2', null")


def test_people_under_pseudonyms_of_their_own_pass(assertion):
    tables = {"stg_erp__employees": EMPLOYEES, "dim_people": ("person_key varchar", "'59df'", "'8d37'")}
    assert assertion("people_are_pseudonymous", tables) == []


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (("'59df'", "'59df'"), "people without a pseudonym of their own"),
        (("'59df'",), "people without a pseudonym of their own"),
        (("'59df'", "'E-2'"), "a pseudonym is a delivered identifier or name"),
        (("'Ada'", "'8d37'"), "a pseudonym is a delivered identifier or name"),
    ],
)
def test_people_who_can_be_known_are_named(assertion, keys, fault):
    tables = {"stg_erp__employees": EMPLOYEES, "dim_people": ("person_key varchar", *keys)}
    assert [(f["fault"], f["people"]) for f in assertion("people_are_pseudonymous", tables)] == [(fault, 1)]


def _plans(published: dict[str, float | None]) -> dict[str, tuple[str, ...]]:
    """A project's month: three engineers, one architect, one tester; `published` are the hours by role."""
    people = {"engineer": ("E-1", "E-2", "E-3"), "architect": ("E-4",), "tester": ("E-5",)}
    return {
        "stg_projects__resource_plans": (
            "project_id varchar, role_id varchar, month date, employee_id varchar",
            *(f"'P1', '{role}', '2025-01-01', '{person}'" for role, team in people.items() for person in team),
        ),
        "stg_erp__employees": (
            "employee_id varchar, role_id varchar",
            *(f"'{person}', '{role}'" for role, team in people.items() for person in team),
        ),
        "fct_resource_plans": (
            "project_id varchar, role_id varchar, month date, hours decimal(18, 2)",
            *(f"'P1', '{role}', '2025-01-01', {'null' if h is None else h}" for role, h in published.items()),
        ),
    }


def test_a_month_withheld_whole_passes(assertion):
    tables = _plans({"engineer": None, "architect": None, "tester": None})
    assert assertion("planned_hours_of_small_groups_are_withheld", tables) == []


def test_a_published_cell_of_one_person_is_named(assertion):
    tables = _plans({"engineer": None, "architect": 8, "tester": None})
    found = assertion("planned_hours_of_small_groups_are_withheld", tables)
    assert [(f["role_id"], f["people"], f["fault"]) for f in found] == [
        ("architect", 1, "a cell of too few people is published")
    ]


def test_a_published_cell_beside_two_withheld_people_is_named(assertion):
    tables = _plans({"engineer": 24, "architect": None, "tester": None})
    found = assertion("planned_hours_of_small_groups_are_withheld", tables)
    assert [(f["role_id"], f["people"], f["fault"]) for f in found] == [
        ("engineer", 2, "the cells withheld beside it stand for too few people")
    ]


@pytest.mark.parametrize(("role", "found"), [("engineer", []), ("architect", [("architect", 1)])])
def test_a_plan_that_names_nobody_stands_for_those_who_hold_the_role(assertion, role, found):
    tables = _plans({role: 8})
    tables["stg_projects__resource_plans"] = (
        "project_id varchar, role_id varchar, month date, employee_id varchar",
        f"'P1', '{role}', '2025-01-01', null",
    )
    rows = assertion("planned_hours_of_small_groups_are_withheld", tables)
    assert [(f["role_id"], f["people"]) for f in rows] == found


LOADS = (
    "source_file_id varchar, table_name varchar, file_name varchar, rows_read bigint, rows_loaded bigint, "
    "rows_rejected bigint, rows_unchanged bigint, is_conserved boolean",
    "'a', 'risk', 'risk.csv', 3, 2, 1, 0, true",
)


def test_conserved_files_pass(assertion):
    assert assertion("files_are_conserved", {"loads": LOADS}) == []


def test_a_file_that_lost_a_row_is_named(assertion):
    rows = (*LOADS, "'b', 'risk', 'risk 2.csv', 3, 2, 0, 0, false")
    assert [f["file_name"] for f in assertion("files_are_conserved", {"loads": rows})] == ["risk 2.csv"]
