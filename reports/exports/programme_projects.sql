-- One row per programme, month, basis (as it is now; as it was closed) and project: the month, to date, and at completion as forecast.
with figures as (
    select 'now' as basis, * from wh.margin.margin_by_project_month
    union all by name
    select 'closed' as basis, * from wh.margin.margin_by_project_month_as_closed
)
select
    g.programme_key,
    f.month,
    f.basis,
    p.project_name,
    p.status,
    s.overall_status,
    f.revenue_amount_base as revenue,
    f.gross_margin_amount_base as margin,
    f.revenue_amount_base_to_date as revenue_to_date,
    f.gross_margin_amount_base_to_date as margin_to_date,
    f.gross_margin_pct_to_date as margin_pct_to_date,
    f.forecast_revenue_amount_base as forecast_revenue,
    f.forecast_margin_amount_base as forecast_margin,
    f.forecast_margin_pct,
    p.project_id,
    '/projects/' || p.project_key || '/' as link
from figures as f
join out.projects as p on f.project_id = p.project_id
join out.programmes as g on p.programme_id = g.programme_id
join out.months as m on f.month = m.month
left join wh.kpi.scorecard_by_project_month as s on f.project_id = s.project_id and f.month = s.month
order by g.programme_key, f.month, f.basis, f.revenue_amount_base_to_date desc nulls last, p.project_key
