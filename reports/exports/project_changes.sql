-- One row per change request of a project, the undecided ones first, then the newest; 200 at most of a project.
select
    p.project_key,
    f.change_request_id,
    f.title,
    f.status,
    f.requested_date,
    f.decided_date,
    f.price_amount_base as price,
    f.cost_amount_base as cost,
    f.schedule_days,
    f.probability_pct
from wh.core.fct_change_requests as f
join out.projects as p on f.project_id = p.project_id
qualify
    row_number() over (
        partition by p.project_key
        order by f.decided_date is not null, f.requested_date desc nulls last, f.change_request_id
    ) <= 200
order by p.project_key, f.decided_date is not null, f.requested_date desc nulls last, f.change_request_id
