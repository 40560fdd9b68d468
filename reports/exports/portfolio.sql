-- One row per project, month and basis (as it is now; as it was closed, for closed months): the month, the fiscal year up to it,
-- the month before, the same month a year ago, and the plan. Rows without any figure are left out. Backlog and what it was
-- stand at the month's end; cash is what customers paid less what suppliers were paid, which a close does not keep.
with figures as (
    select
        'now' as basis,
        m.project_id,
        m.month,
        m.revenue_amount_base as revenue,
        m.cost_of_sales_amount_base as cost,
        m.gross_margin_amount_base as margin,
        m.collected_amount_base - coalesce(p.paid, 0) as cash
    from wh.margin.margin_by_project_month as m
    left join out.project_payments as p on m.project_id = p.project_id and m.month = p.month
    union all
    select
        'closed' as basis,
        project_id,
        month,
        revenue_amount_base,
        cost_of_sales_amount_base,
        gross_margin_amount_base,
        null
    from wh.margin.margin_by_project_month_as_closed
),
-- a closed month is compared with the months before it as they were closed, where they were, else as they are now
compared as (
    select
        b.basis,
        f.* exclude (basis, cash),
        case when b.basis = 'now' then f.cash end as cash
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
        sum(c.cash) filter (where c.month = s.month) as cash,
        sum(c.revenue) filter (where m.fiscal_year = s.fiscal_year) as year_revenue,
        sum(c.cost) filter (where m.fiscal_year = s.fiscal_year) as year_cost,
        sum(c.margin) filter (where m.fiscal_year = s.fiscal_year) as year_margin,
        sum(c.cash) filter (where m.fiscal_year = s.fiscal_year) as year_cash,
        sum(c.revenue) filter (where c.month = s.month - interval 1 month) as previous_revenue,
        sum(c.cost) filter (where c.month = s.month - interval 1 month) as previous_cost,
        sum(c.margin) filter (where c.month = s.month - interval 1 month) as previous_margin,
        sum(c.cash) filter (where c.month = s.month - interval 1 month) as previous_cash,
        sum(c.revenue) filter (where c.month = s.month - interval 12 month) as last_year_revenue,
        sum(c.cost) filter (where c.month = s.month - interval 12 month) as last_year_cost,
        sum(c.margin) filter (where c.month = s.month - interval 12 month) as last_year_margin,
        sum(c.cash) filter (where c.month = s.month - interval 12 month) as last_year_cash
    from shown as s
    join compared as c on s.basis = c.basis and c.month <= s.month and c.month > s.month - interval 13 month
    left join out.months as m on c.month = m.month
    group by s.basis, s.month, c.project_id
),
backlogs as (
    select 'now' as basis, project_id, month, closing_amount_base as backlog from wh.margin.backlog_by_project_month
    union all
    select 'closed', project_id, month, closing_amount_base from wh.margin.backlog_by_project_month_as_closed
),
compared_backlogs as (
    select
        b.basis,
        k.project_id,
        k.month,
        k.backlog
    from (values ('now'), ('closed')) as b (basis)
    join backlogs as k
        on k.basis = b.basis
        or (b.basis = 'closed' and k.basis = 'now' and k.month not in (select month from wh.ops.closes))
),
joined as (
    select
        s.basis,
        s.month,
        coalesce(f.project_id, n.project_id) as project_id,
        f.* exclude (basis, month, project_id),
        n.revenue as plan_revenue,
        n.cost as plan_cost,
        n.revenue - n.cost as plan_margin,
        n.year_revenue as year_plan_revenue,
        n.year_cost as year_plan_cost,
        n.year_revenue - n.year_cost as year_plan_margin,
        n.later_revenue as plan_backlog
    from shown as s
    join (
        select basis, month, project_id from summed
        union
        select s.basis, p.month, p.project_id
        from out.plan_months as p
        join shown as s on p.month = s.month
    ) as k on s.basis = k.basis and s.month = k.month
    left join summed as f on k.basis = f.basis and k.month = f.month and k.project_id = f.project_id
    left join out.plan_months as n on k.month = n.month and k.project_id = n.project_id
)
select
    j.basis,
    j.month,
    p.project_key,
    p.project_id,
    p.status,
    coalesce(p.is_key_project, false) as is_key,
    j.* exclude (basis, month, project_id),
    b.backlog,
    b1.backlog as previous_backlog,
    b12.backlog as last_year_backlog
from joined as j
join out.projects as p on j.project_id = p.project_id
left join compared_backlogs as b on j.basis = b.basis and j.month = b.month and j.project_id = b.project_id
left join compared_backlogs as b1
    on j.basis = b1.basis and b1.month = j.month - interval 1 month and j.project_id = b1.project_id
left join compared_backlogs as b12
    on j.basis = b12.basis and b12.month = j.month - interval 12 month and j.project_id = b12.project_id
where
    greatest(
        abs(coalesce(j.revenue, 0)),
        abs(coalesce(j.cost, 0)),
        abs(coalesce(j.cash, 0)),
        abs(coalesce(j.year_revenue, 0)),
        abs(coalesce(j.year_cost, 0)),
        abs(coalesce(j.year_cash, 0)),
        abs(coalesce(j.previous_revenue, 0)),
        abs(coalesce(j.previous_cost, 0)),
        abs(coalesce(j.previous_cash, 0)),
        abs(coalesce(j.last_year_revenue, 0)),
        abs(coalesce(j.last_year_cost, 0)),
        abs(coalesce(j.last_year_cash, 0)),
        abs(coalesce(j.plan_revenue, 0)),
        abs(coalesce(j.plan_cost, 0)),
        abs(coalesce(j.year_plan_revenue, 0)),
        abs(coalesce(j.year_plan_cost, 0)),
        abs(coalesce(j.plan_backlog, 0)),
        abs(coalesce(b.backlog, 0)),
        abs(coalesce(b1.backlog, 0)),
        abs(coalesce(b12.backlog, 0))
    ) > 0
order by j.basis, j.month, p.project_key
