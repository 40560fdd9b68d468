-- One row per complaint about a project, the open ones first, then the newest; 100 at most of a project.
select
    p.project_key,
    f.complaint_id,
    f.severity,
    f.opened_date,
    f.closed_date,
    case when f.closed_date is null then 'open' else 'closed' end as state,
    f.cost_amount_base as cost,
    f.has_corrective_action as has_action
from wh.core.fct_complaints as f
join out.projects as p on f.project_id = p.project_id
qualify
    row_number() over (
        partition by p.project_key
        order by f.closed_date is not null, f.opened_date desc nulls last, f.complaint_id
    ) <= 100
order by p.project_key, f.closed_date is not null, f.opened_date desc nulls last, f.complaint_id
