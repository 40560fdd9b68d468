-- One row per pack and period: the month, the one before, the same a year ago, the fiscal year up to the month, and the same
-- months of the year before. Backlog is that at the end of the period.
with periods as (
    select 'month' as period, month as first_month, month as last_month from out.reported
    union all
    select 'previous', previous_month, previous_month from out.reported
    union all
    select 'last_year', last_year_month, last_year_month from out.reported
    union all
    select 'year', year_month, month from out.reported
    union all
    select 'year_before', year_before_month, last_year_month from out.reported
),
keys as (
    select distinct scope_key from out.scopes
),
figures as (
    select
        s.scope_key,
        p.period,
        sum(f.revenue_amount_base) as revenue,
        sum(f.cost_of_sales_amount_base) as cost,
        sum(f.gross_margin_amount_base) as margin,
        sum(f.quality_cost_amount_base) as quality,
        sum(f.fx_effect_amount_base) as fx_effect,
        sum(f.billed_amount_base) as billed,
        sum(f.collected_amount_base) as collected
    from periods as p
    join wh.margin.margin_by_project_month as f on f.month between p.first_month and p.last_month
    join out.scopes as s on f.project_id = s.project_id
    group by s.scope_key, p.period
),
backlog as (
    select
        s.scope_key,
        p.period,
        sum(b.closing_amount_base) as backlog
    from periods as p
    join wh.margin.backlog_by_project_month as b on p.last_month = b.month
    join out.scopes as s on b.project_id = s.project_id
    group by s.scope_key, p.period
)
select
    k.scope_key,
    p.period,
    p.first_month,
    p.last_month,
    f.revenue,
    f.cost,
    f.margin,
    b.backlog,
    f.collected,
    f.billed,
    f.quality,
    f.fx_effect
from keys as k
cross join periods as p
left join figures as f on k.scope_key = f.scope_key and p.period = f.period
left join backlog as b on k.scope_key = b.scope_key and p.period = b.period
order by k.scope_key, p.period
