"""The door of the feed `timesheets`: hours by person, project and day, over all files together."""

from __future__ import annotations

from collections.abc import Iterator

from data_tests.expectations.door import feed_checks, rule
from pipelines.quality.checks import Check, SuiteContext

EVENTS = {"time_entry": "work_date"}


def checks(context: SuiteContext) -> Iterator[Check]:
    yield from feed_checks("timesheets", events=EVENTS, as_of=context.as_of)
    # Landing rejects the day inside one file. Across files each row is right by itself and only finance can say which
    # one is wrong, so both count and both are named. Rejected entries are nobody's hours.
    yield rule(
        "time_entry",
        "day_has_24_hours",
        breaks=(
            "approval_status is distinct from 'rejected' and (employee_id, work_date) in ("
            "select (employee_id, work_date) from {batch} where approval_status is distinct from 'rejected' "
            "group by employee_id, work_date having sum(hours) > 24)"
        ),
        holds="nobody has more than 24 hours on one day, all files and projects together",
        remedy="find the entry that is delivered twice or on the wrong day; until then all of them count as cost",
        column="hours",
    )
    yield rule(
        "time_entry",
        "person_is_employed",
        breaks=(
            "exists (select 1 from raw.employee as e where e.employee_id = b.employee_id "
            "and (b.work_date < e.start_date or b.work_date > e.end_date))"
        ),
        holds="hours fall between the person's first and last day",
        remedy="correct work_date, or start_date and end_date of the employee",
        column="work_date",
        reads=("employee",),
    )
