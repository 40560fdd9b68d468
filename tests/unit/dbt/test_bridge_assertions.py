"""The assertions on the margin bridge find their planted faults."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

STEPS = (
    "project_id varchar, from_version varchar, to_version varchar, driver varchar, effect_amount_base decimal(18, 2), "
    "from_margin_amount_base decimal(18, 2), to_margin_amount_base decimal(18, 2), from_date date, to_date date"
)
DATES = "'2026-01-01', '2026-03-10'"
PRICE = f"'P1', 'as_sold', 'actual', 'price', 20, 100, 125, {DATES}"
HOURS = f"'P1', 'as_sold', 'actual', 'hours', 5, 100, 125, {DATES}"
RESIDUAL = f"'P1', 'as_sold', 'actual', 'residual', 0, 100, 125, {DATES}"
BASELINE = f"'P1', 'baseline', 'actual', 'price', 15, 110, 125, {DATES}"
BRIDGE = (PRICE, HOURS, RESIDUAL, BASELINE)
MARTS = {
    "margin_by_project_month": (
        "project_id varchar, month date, as_sold_margin_amount_base decimal(18, 2), "
        "baseline_margin_amount_base decimal(18, 2), gross_margin_amount_base_to_date decimal(18, 2)",
        "'P1', '2026-02-01', 1, 1, 1",
        "'P1', '2026-03-01', 100, 110, 125",
    ),
    "int_refresh__parameters_pivoted": ("as_of_date date", "'2026-03-10'"),
}


def test_a_bridge_whose_steps_are_the_difference_passes(assertion):
    assert assertion("bridge_steps_sum", MARTS | {"margin_bridge": (STEPS, *BRIDGE)}) == []


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ((PRICE.replace("20,", "20.01,"), HOURS, RESIDUAL, BASELINE), {"the steps are not the difference"}),
        ((PRICE, RESIDUAL, BASELINE), {"the steps are not the difference"}),
        (
            (PRICE.replace("20,", "19,"), HOURS, RESIDUAL.replace(" 0,", " 1,"), BASELINE),
            {"something is left over"},
        ),
        (
            (PRICE, HOURS, RESIDUAL, BASELINE.replace("15, 110, 125", "16, 110, 126")),
            {"a version has two margins", "the margin mart says otherwise"},
        ),
        ((PRICE, HOURS, RESIDUAL, BASELINE.replace("15, 110", "14, 111")), {"the margin mart says otherwise"}),
    ],
)
def test_a_bridge_that_does_not_arrive_is_named(assertion, rows: Sequence[str], faults: set[str]):
    found = assertion("bridge_steps_sum", MARTS | {"margin_bridge": (STEPS, *rows)})
    assert {f["fault"] for f in found} == faults


def _booked(*people: str) -> dict[str, tuple[str, ...]]:
    return {
        "int_labour__time_entries_costed": (
            "project_id varchar, employee_id varchar, work_month date, hours decimal(18, 2), "
            "cost_amount decimal(18, 2)",
            *(f"'P1', '{who}', '2026-02-01', 8, 1" for who in people),
            "'P1', 'E-8', '2026-02-01', 0, 0",
            "'P1', 'E-9', '2026-02-01', 8, null",
        ),
    }


RATE = f"'P1', 'as_sold', 'actual', 'rate', 5, 100, 125, {DATES}"


@pytest.mark.parametrize(
    ("people", "steps", "pairs"),
    [
        (("E-1", "E-2", "E-3"), (HOURS, RATE), []),
        (("E-1", "E-2"), (HOURS,), []),
        (("E-1", "E-2"), (HOURS, RATE), [("as_sold", "actual")]),
        # a forecast of January has no actuals of February
        (
            ("E-1", "E-2"),
            (RATE.replace("'as_sold', 'actual'", "'as_sold', 'forecast'").replace("2026-03-10", "2026-01-31"),),
            [],
        ),
    ],
)
def test_rates_that_tell_of_people_are_named(assertion, people, steps, pairs):
    found = assertion("bridge_rates_stand_for_enough_people", _booked(*people) | {"margin_bridge": (STEPS, *steps)})
    assert [(f["from_version"], f["to_version"]) for f in found] == pairs
