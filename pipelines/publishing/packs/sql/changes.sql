-- One row per pack and change request, undecided ones first, then the latest.
select
    s.scope_key,
    s.project_key,
    s.project_name,
    s.project_id,
    f.change_request_id,
    coalesce(f.title, f.change_request_id) as title,
    replace(f.status, '_', ' ') as status,
    f.requested_date,
    f.decided_date,
    f.price_amount_base as price,
    f.cost_amount_base as cost,
    f.price_amount_base - f.cost_amount_base as margin,
    f.schedule_days,
    cast(f.probability_pct as double) as probability_pct
from wh.core.fct_change_requests as f
join out.scopes as s on f.project_id = s.project_id
order by
    s.scope_key,
    case f.status when 'submitted' then 1 when 'draft' then 2 else 3 end,
    f.requested_date desc nulls last,
    s.project_id,
    f.change_request_id
