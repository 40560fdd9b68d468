-- One row per project, month and basis (as it is now; as it was closed, for closed months): the month, the fiscal year up to it,
-- the month before and the same month a year ago.
with figures as (
    select 'now' as basis, project_id, month, revenue_amount_base, cost_of_sales_amount_base, gross_margin_amount_base
    from wh.margin.margin_by_project_month
    union all
    select 'closed', project_id, month, revenue_amount_base, cost_of_sales_amount_base, gross_margin_amount_base
    from wh.margin.margin_by_project_month_as_closed
),
-- a closed month is compared with the months before it as they were closed, where they were, else as they are now
compared as (
    select
        b.basis,
        f.project_id,
        f.month,
        f.revenue_amount_base as revenue,
        f.cost_of_sales_amount_base as cost,
        f.gross_margin_amount_base as margin
    from (values ('now'), ('closed')) as b (basis)
    join figures as f
        on f.basis = b.basis
        or (b.basis = 'closed' and f.basis = 'now' and f.month not in (select month from wh.ops.closes))
),
shown as (
    select 'now' as basis, month, fiscal_year from out.months
    union all
    select 'closed', m.month, m.fiscal_year
    from out.months as m
    where m.month in (select month from wh.ops.closes)
),
summed as (
    select
        s.basis,
        s.month,
        c.project_id,
        sum(c.revenue) filter (where c.month = s.month) as revenue,
        sum(c.cost) filter (where c.month = s.month) as cost,
        sum(c.margin) filter (where c.month = s.month) as margin,
        sum(c.revenue) filter (where m.fiscal_year = s.fiscal_year) as year_revenue,
        sum(c.cost) filter (where m.fiscal_year = s.fiscal_year) as year_cost,
        sum(c.margin) filter (where m.fiscal_year = s.fiscal_year) as year_margin,
        sum(c.revenue) filter (where c.month = s.month - interval 1 month) as previous_revenue,
        sum(c.cost) filter (where c.month = s.month - interval 1 month) as previous_cost,
        sum(c.margin) filter (where c.month = s.month - interval 1 month) as previous_margin,
        sum(c.revenue) filter (where c.month = s.month - interval 12 month) as last_year_revenue,
        sum(c.cost) filter (where c.month = s.month - interval 12 month) as last_year_cost,
        sum(c.margin) filter (where c.month = s.month - interval 12 month) as last_year_margin
    from shown as s
    join compared as c on s.basis = c.basis and c.month <= s.month and c.month > s.month - interval 13 month
    left join out.months as m on c.month = m.month
    group by s.basis, s.month, c.project_id
)
select
    s.basis,
    s.month,
    p.project_key,
    p.project_name,
    p.project_id,
    p.customer_name,
    p.status,
    s.* exclude (basis, month, project_id),
    '/projects/' || p.project_key || '/' as link
from summed as s
join out.projects as p on s.project_id = p.project_id
order by s.basis, s.month, p.project_key
