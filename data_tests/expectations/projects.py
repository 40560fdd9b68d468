"""The door of the feed `projects`: change requests, risks, opportunities, handover, resource plans, commentary."""

from __future__ import annotations

from collections.abc import Iterator

from data_tests.expectations.door import feed_checks, rule
from pipelines.quality.checks import Check, SuiteContext

EVENTS = {
    "change_request": "requested_on",
    "risk": "raised_on",
    "sales_opportunity": "updated_on",
    "handover_item": "done_on",
}


def checks(context: SuiteContext) -> Iterator[Check]:
    yield from feed_checks("projects", events=EVENTS, as_of=context.as_of)
    yield rule(
        "change_request",
        "decision_has_a_date",
        breaks="status in ('approved', 'rejected') and decided_on is null",
        holds="an approved or rejected change request has the day of its decision",
        remedy="give decided_on; without it the cycle time and the month of the change are unknown",
        column="decided_on",
    )
    yield rule(
        "risk",
        "cost_range_is_in_order",
        breaks="cost_low_amount > cost_likely_amount or cost_likely_amount > cost_high_amount",
        holds="cost_low_amount <= cost_likely_amount <= cost_high_amount",
        remedy="put the three estimates in order",
        column="cost_likely_amount",
    )
    yield rule(
        "risk",
        "closed_risk_has_a_date",
        breaks="status = 'closed' and closed_on is null",
        holds="a closed risk has the day on which it was closed",
        remedy="give closed_on; until then the risk counts as open in every month",
        column="closed_on",
    )
