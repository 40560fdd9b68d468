"""The suites: one module a feed for the door, `published` for the marts that get published.

Each gives its checks as data; `pipelines.quality.gate` runs them. Which rule belongs here and which elsewhere is
written in data_tests/README.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from data_tests.expectations import erp, invoices, kpi, projects, published, timesheets
from pipelines.quality.checks import Check, SuiteContext

SUITES: Mapping[str, Callable[[SuiteContext], Iterator[Check]]] = {
    "erp": erp.checks,
    "timesheets": timesheets.checks,
    "invoices": invoices.checks,
    "kpi": kpi.checks,
    "projects": projects.checks,
    "published": published.checks,
}

__all__ = ["SUITES"]
