-- One row per project and month whose revenue or cost is another than in the publication before, the largest change of margin
-- first. `previous_margin` is made by export.py: empty for a first publication.
with current as (
    select
        project_id,
        month,
        revenue_amount_base as revenue,
        cost_of_sales_amount_base as cost
    from wh.margin.margin_by_project_month
),
differences as (
    select
        coalesce(c.project_id, b.project_id) as project_id,
        coalesce(c.month, b.month) as month,
        coalesce(b.revenue, 0) as revenue_before,
        coalesce(c.revenue, 0) as revenue_now,
        coalesce(b.cost, 0) as cost_before,
        coalesce(c.cost, 0) as cost_now
    from current as c
    full join previous_margin as b on c.project_id = b.project_id and c.month = b.month
    where exists (select 1 from previous_margin)
)
select
    p.project_key,
    coalesce(p.project_name, d.project_id) as project_name,
    d.month,
    d.revenue_before,
    d.revenue_now,
    d.cost_before,
    d.cost_now,
    d.revenue_before - d.cost_before as margin_before,
    d.revenue_now - d.cost_now as margin_now,
    (d.revenue_now - d.cost_now) - (d.revenue_before - d.cost_before) as margin_change
from differences as d
left join out.projects as p on d.project_id = p.project_id
where d.revenue_before <> d.revenue_now or d.cost_before <> d.cost_now
order by abs((d.revenue_now - d.cost_now) - (d.revenue_before - d.cost_before)) desc, d.month desc, d.project_id
