-- One row per project with a schedule: how far its dates can be trusted.
select
    p.project_key,
    t.schedule_trust as trust,
    t.schedule_trust_reason as reason,
    t.status_date,
    t.passed_checks,
    t.failed_checks,
    t.not_rated_checks,
    t.computed_finish_date
from wh.forecast.schedule_trust_by_project as t
join out.projects as p on t.project_id = p.project_id
order by p.project_key
