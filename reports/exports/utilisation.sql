-- One row per level (role, cost centre, market), group and month: hours as they are published; none where too few people stand behind them.
with groups as (
    select 'role' as level, role_id as name, * exclude (role_id) from wh.kpi.utilisation_by_role_month
    union all by name
    select 'cost centre' as level, cost_centre as name, * exclude (cost_centre) from wh.kpi.utilisation_by_cost_centre_month
    union all by name
    select 'market' as level, market as name, * exclude (market) from wh.kpi.utilisation_by_market_month
)
select
    g.month,
    g.level,
    coalesce(g.name, 'not given') as name,
    g.capacity_hours,
    g.billable_hours,
    g.internal_hours,
    g.absent_hours,
    g.bench_hours,
    g.billable_utilisation_pct,
    g.total_utilisation_pct,
    g.realisation_pct,
    case when g.has_withheld_hours then 'some hours withheld: too few people' end as note
from groups as g
join out.months as m on g.month = m.month
order by g.month, g.level, name
