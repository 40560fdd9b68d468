"""The assertion on utilisation names hours that tell on too few people, and nothing where none do."""

from __future__ import annotations

import pytest

MARTS = {
    "utilisation_by_role_month": "role_id",
    "utilisation_by_cost_centre_month": "cost_centre",
    "utilisation_by_market_month": "market",
}
HOURS = "billable_hours decimal(18, 2), internal_hours decimal(18, 2), absent_hours decimal(18, 2)"


def told(people: dict[str, tuple[str, str]], shown: set[str], hours: str = "8") -> dict:
    """`people`: role and cost centre of each; `shown`: the groups whose billable hours are published."""
    tables = {
        "int_people__hours_by_measure": (
            "employee_id varchar, month date, measure varchar, role varchar, cost_centre varchar, market varchar, "
            "hours decimal(18, 2)",
            *(f"'{p}', '2025-01-01', 'billable', '{r}', '{c}', 'M', {hours}" for p, (r, c) in people.items()),
        )
    }
    groups = {"role_id": {r for r, _ in people.values()}, "cost_centre": {c for _, c in people.values()}, "market": "M"}
    for mart, column in MARTS.items():
        rows = (f"'{g}', '2025-01-01', {'8' if g in shown else 'null'}, null, null" for g in sorted(groups[column]))
        tables[mart] = (f"{column} varchar, month date, {HOURS}", *rows)
    return tables


TEAM = {f"E{n}": ("R1", "C1") for n in range(3)}


def test_groups_of_enough_people_pass(assertion):
    people = TEAM | {f"F{n}": ("R2", "C1") for n in range(3)}
    assert assertion("utilisation_tells_on_nobody", told(people, {"R1", "R2", "C1", "M"})) == []


def test_withheld_groups_of_few_people_pass(assertion):
    assert assertion("utilisation_tells_on_nobody", told(TEAM | {"F": ("R2", "C2")}, {"R1", "C1"})) == []


@pytest.mark.parametrize(
    ("people", "shown", "fault"),
    [
        (TEAM | {"F": ("R2", "C2")}, {"R2"}, ("role R2", 1)),
        (TEAM | {"F": ("R2", "C1")}, {"R1", "C1"}, ("cost_centre C1 less role R1", 1)),
        (TEAM | {"F": ("R1", "C2")}, {"R1", "C1"}, ("cost_centre C1 less role R1", 1)),
        (TEAM | {"F": ("R2", "C1"), "G": ("R1", "C2")}, {"R1", "C1"}, ("cost_centre C1 less role R1", 2)),
        (TEAM | {"F": ("R2", "C2")}, {"R1", "M"}, ("market M less role R1", 1)),
    ],
)
def test_hours_that_tell_on_few_people_are_named(assertion, people, shown, fault):
    found = assertion("utilisation_tells_on_nobody", told(people, shown))
    assert [(f["hours_of"], f["people"]) for f in found] == [fault]


def test_people_whose_hours_net_to_nothing_hide_nobody(assertion):
    people = TEAM | {"F": ("R2", "C2")}
    assert assertion("utilisation_tells_on_nobody", told(people, {"R2"}, hours="0")) == []
