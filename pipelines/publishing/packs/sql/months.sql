-- One row per pack and month with figures in the portfolio, empty ones between them included.
with keys as (
    select distinct scope_key from out.scopes
),
figures as (
    select
        s.scope_key,
        f.month,
        sum(f.revenue_amount_base) as revenue,
        sum(f.labour_cost_amount_base) as labour,
        sum(f.subcontract_cost_amount_base) as subcontract,
        sum(f.material_cost_amount_base) as material,
        sum(f.equipment_cost_amount_base) as equipment,
        sum(f.travel_cost_amount_base) as travel,
        sum(f.other_cost_amount_base) as other,
        sum(f.loss_provision_change_amount_base) as loss_provision_change,
        sum(f.cost_of_sales_amount_base) as cost,
        sum(f.gross_margin_amount_base) as margin,
        sum(f.quality_cost_amount_base) as quality,
        sum(f.billed_amount_base) as billed,
        sum(f.collected_amount_base) as collected,
        bool_or(f.has_open_exceptions) as has_open_exceptions
    from wh.margin.margin_by_project_month as f
    join out.scopes as s on f.project_id = s.project_id
    group by s.scope_key, f.month
),
backlog as (
    select
        s.scope_key,
        b.month,
        sum(b.closing_amount_base) as backlog
    from wh.margin.backlog_by_project_month as b
    join out.scopes as s on b.project_id = s.project_id
    group by s.scope_key, b.month
)
select
    k.scope_key,
    m.month,
    f.revenue,
    f.labour,
    f.subcontract,
    f.material,
    f.equipment,
    f.travel,
    f.other,
    f.loss_provision_change,
    f.cost,
    f.margin,
    f.quality,
    f.billed,
    f.collected,
    b.backlog,
    case
        when not m.is_complete then 'incomplete'
        when f.has_open_exceptions then 'open exceptions'
    end as state
from keys as k
cross join out.months as m
left join figures as f on k.scope_key = f.scope_key and m.month = f.month
left join backlog as b on k.scope_key = b.scope_key and m.month = b.month
order by k.scope_key, m.month
