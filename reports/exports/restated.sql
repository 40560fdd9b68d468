-- One row per project and closed month whose revenue, cost or margin is another now.
with differences as (
    select
        coalesce(n.project_id, c.project_id) as project_id,
        coalesce(n.month, c.month) as month,
        coalesce(c.gross_margin_amount_base, 0) as margin_closed,
        coalesce(n.gross_margin_amount_base, 0) as margin_now,
        coalesce(n.revenue_amount_base, 0) - coalesce(c.revenue_amount_base, 0) as revenue_change,
        coalesce(n.cost_of_sales_amount_base, 0) - coalesce(c.cost_of_sales_amount_base, 0) as cost_change
    from wh.margin.margin_by_project_month_as_closed as c
    full join (
        select * from wh.margin.margin_by_project_month where month in (select month from wh.ops.closes)
    ) as n on c.project_id = n.project_id and c.month = n.month
),
documents as (
    select
        project_id,
        month,
        count(distinct document_key) as documents,
        string_agg(distinct replace(cause, '_', ' '), ', ' order by replace(cause, '_', ' ')) as causes
    from wh.margin.margin_restatements
    group by project_id, month
)
select
    p.project_key,
    d.month,
    d.revenue_change,
    d.cost_change,
    d.margin_closed,
    d.margin_now,
    d.margin_now - d.margin_closed as margin_change,
    r.documents,
    r.causes
from differences as d
join out.projects as p on d.project_id = p.project_id
left join documents as r on d.project_id = r.project_id and d.month = r.month
where d.revenue_change <> 0 or d.cost_change <> 0
order by abs(d.margin_now - d.margin_closed) desc, d.month desc, p.project_key
