-- One row per project and month.
select
    p.project_key,
    m.month,
    m.revenue_amount_base as revenue,
    m.cost_of_sales_amount_base as cost,
    m.gross_margin_amount_base as margin,
    m.billed_amount_base as billed,
    m.collected_amount_base as collected,
    m.gross_margin_amount_base_to_date as margin_to_date,
    cast(m.gross_margin_pct_to_date as double) as margin_pct_to_date,
    m.quality_cost_amount_base as quality,
    m.fx_effect_amount_base as fx_effect,
    m.has_open_exceptions
from wh.margin.margin_by_project_month as m
join out.projects as p on m.project_id = p.project_id
order by m.month, p.project_key
