"""The table of docs/edge-cases.md, row by row."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.integration.examples.conftest import Told
from tests.integration.examples.edges import EDGES

pytestmark = pytest.mark.whole
PAGE = Path(__file__).parents[3] / "docs" / "edge-cases.md"


def cell(value: Any) -> Any:
    """Figures are written as texts."""
    try:
        return Decimal(value) if isinstance(value, str) else value
    except ArithmeticError:
        return value


@pytest.mark.parametrize("case", EDGES, ids=[case.id for case in EDGES])
def test_edge(told: Told, case: Any) -> None:
    marts, wrong = told.marts, []
    for what, where, *rest in case.checks:
        if what == "rejected":
            found = told.marts.rows("select column_name, value from ops.rejected_rows where table_name = ?", where)
            if tuple(rest) not in found:
                wrong.append((what, where, found))
        elif len(rest) == 1:
            entity = f"{case.id}{where}" if where[0] in "/-" else where
            found = told.marts.rows(
                "select amount_at_stake from ops.exceptions where rule = ? and entity = ? order by month", what, entity
            )
            if (cell(rest[0]),) not in found:
                wrong.append((what, entity, found))
        else:
            columns, month, expected = rest
            if what == "dso":
                rows = marts.months("dso_by_customer_month", columns, customer_id=f"C-{case.id}")
            else:
                rows = getattr(marts, what)(f"{case.id}{where}", columns)
            found = rows.get(month, "no such month")
            found = found if isinstance(found, tuple) else (found,)
            if found != tuple(cell(value) for value in expected):
                wrong.append((what, columns, month, found, expected))
    assert not wrong


def test_the_page_has_every_case_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert rows == [case.id for case in EDGES]
