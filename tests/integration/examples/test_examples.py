"""Every published example of revenue, losses, balances, backlog, margin, receivables and currency: file to mart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.examples.conftest import EXAMPLES, SHARED, Told, facts, shared
from tests.integration.examples.kinds import kind_of

pytestmark = pytest.mark.whole


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Lists and objects as single figures."""
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in flat(inner, f"{name}.{key}").items()}
    if isinstance(value, list):
        return {k: v for number, inner in enumerate(value) for k, v in flat(inner, f"{name}[{number}]").items()}
    return {name: value}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(told: Told, name: str) -> None:
    one = EXAMPLES[name]
    found = kind_of(one.inputs).read(told.marts, name, one.inputs)
    wrong = {}
    for key, expected in one.expected.items():
        figures = flat(found.get(key), key)
        for figure, wanted in flat(expected, key).items():
            value = figures.get(figure)
            if value is None or abs(Decimal(value) - Decimal(wanted)) > one.tolerance(key):
                wrong[figure] = (value, wanted)
    assert not wrong, f"(found, expected) of {one.source}: {wrong}"


def test_the_facts_are_those_of_the_shared_file() -> None:
    if not SHARED.is_file():
        pytest.skip(f"no examples at {SHARED} (set OUTTURN_EXAMPLES)")
    assert facts() == shared()
