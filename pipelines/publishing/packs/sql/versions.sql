-- One row per pack and project: its margin at completion by version, as known at the end of the month.
select
    s.scope_key,
    s.project_name,
    s.project_id,
    f.as_sold_revenue_amount_base as as_sold_revenue,
    f.as_sold_margin_amount_base as as_sold_margin,
    f.baseline_revenue_amount_base as baseline_revenue,
    f.baseline_margin_amount_base as baseline_margin,
    f.forecast_revenue_amount_base as forecast_revenue,
    f.forecast_margin_amount_base as forecast_margin,
    f.forecast_margin_amount_base - f.as_sold_margin_amount_base as change_from_as_sold,
    f.revenue_amount_base_to_date as revenue_to_date,
    f.gross_margin_amount_base_to_date as margin_to_date
from wh.margin.margin_by_project_month as f
join out.reported as r on f.month = r.month
join out.scopes as s on f.project_id = s.project_id
order by s.scope_key, s.project_id
