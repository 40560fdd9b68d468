"""The door of the feed `kpi`: delivered KPI values, milestones, tests, surveys, complaints, incidents."""

from __future__ import annotations

from collections.abc import Iterator

from data_tests.expectations.door import feed_checks, rule
from pipelines.quality.checks import Check, SuiteContext

EVENTS = {
    "kpi_observation": "observed_on",
    "milestone": "actual_date",
    "acceptance_test": "tested_on",
    "survey_response": "responded_on",
    "complaint": "opened_on",
    "safety_incident": "occurred_on",
}


def checks(context: SuiteContext) -> Iterator[Check]:
    yield from feed_checks("kpi", events=EVENTS, as_of=context.as_of)
    yield rule(
        "acceptance_test",
        "attempts_are_complete",
        breaks=(
            "attempt > 1 and (project_id, test_id, attempt - 1) not in "
            "(select (project_id, test_id, attempt) from raw.acceptance_test)"
        ),
        holds="every attempt but the first follows the one before it",
        remedy="deliver the missing attempts; without them the first-time-right rate is too high or too low",
        column="attempt",
    )
    yield rule(
        "survey_response",
        "customer_owns_the_project",
        breaks=(
            "project_id in (select project_id from raw.project) and (project_id, customer_id) not in "
            "(select (project_id, customer_id) from raw.project)"
        ),
        holds="the answer's project belongs to the answering customer",
        remedy="correct customer_id or project_id of the answer",
        column="customer_id",
        reads=("project",),
    )
    yield rule(
        "milestone",
        "report_follows_the_event",
        breaks="actual_date > reported_on",
        holds="a milestone is not reported as reached before it is",
        remedy="leave actual_date empty until the milestone is reached, and give the day as forecast_date",
        column="actual_date",
    )
