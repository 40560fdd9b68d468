-- One row per pack and project: how its order backlog rolled forward in the month.
select
    s.scope_key,
    s.project_name,
    s.project_id,
    b.opening_amount_base as opening,
    b.bookings_amount_base as bookings,
    b.changes_amount_base as changes,
    -b.revenue_amount_base as revenue,
    b.fx_amount_base as fx,
    b.closing_amount_base as closing,
    b.billed_amount_base as billed
from wh.margin.backlog_by_project_month as b
join out.reported as r on b.month = r.month
join out.scopes as s on b.project_id = s.project_id
order by s.scope_key, s.project_id
