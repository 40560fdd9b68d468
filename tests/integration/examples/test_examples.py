"""Every published example of money and of KPIs, file to mart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.examples.conftest import EXAMPLES, SHARED, Told, facts, shared
from tests.integration.examples.kinds import Example, Figures, kind_of

pytestmark = pytest.mark.whole


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Lists and objects as single figures."""
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in flat(inner, f"{name}.{key}").items()}
    if isinstance(value, list):
        return {k: v for number, inner in enumerate(value) for k, v in flat(inner, f"{name}[{number}]").items()}
    return {name: value}


def mismatches(one: Example, found: Figures) -> dict[str, tuple[Any, Any]]:
    """Figure -> what was found, what is published, where they are further apart than the example allows."""
    wrong = {}
    for key, expected in one.expected.items():
        figures = flat(found.get(key), key)
        for figure, wanted in flat(expected, key).items():
            value = figures.get(figure)
            if isinstance(wanted, str):
                if value != wanted:
                    wrong[figure] = (value, wanted)
            elif value is None or abs(Decimal(value) - Decimal(wanted)) > one.tolerance(key):
                wrong[figure] = (value, wanted)
    return wrong


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(told: Told, name: str) -> None:
    one = EXAMPLES[name]
    wrong = mismatches(one, kind_of(one.inputs).read(told.marts, name, one.inputs))
    assert not wrong, f"(found, expected) of {one.source}: {wrong}"


def test_a_wrong_or_missing_figure_is_seen() -> None:
    one = EXAMPLES["loss-s7"]
    right = one.expected | {"loss_provision": [0, Decimal("30000.00"), 0]}
    assert not mismatches(one, right)
    assert mismatches(one, right | {"loss_provision": [0, Decimal("30000.01"), 0]}) == {
        "loss_provision[1]": (Decimal("30000.01"), 30000)
    }
    assert mismatches(one, {key: value for key, value in right.items() if key != "progress"})


def test_the_facts_are_those_of_the_shared_file() -> None:
    if not SHARED.is_file():
        pytest.skip(f"no examples at {SHARED} (set OUTTURN_EXAMPLES)")
    assert facts() == shared()
