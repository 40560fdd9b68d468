-- One row per project and month that had a plan at its end: what the plan says of the month, of the fiscal year up to it, and
-- of the revenue after it. The plan is the baseline in force at the month's end, else the plan as sold; a plan that lacks
-- revenue, or a rate for any of its amounts, says nothing. Management reserve is left out.
with lines as (
    select
        project_id,
        plan_version_id,
        version_kind,
        in_force_from_date,
        coalesce(in_force_to_date, date '9999-12-31') as in_force_to_date,
        month,
        case when category = 'uninstalled_material' then 'material' else category end as category,
        plan_amount_base as amount
    from wh.core.fct_plan_lines
    where version_kind in ('baseline', 'as_sold') and category <> 'management_reserve'
),
versions as (
    select
        project_id,
        plan_version_id,
        any_value(version_kind) as version_kind,
        any_value(in_force_from_date) as in_force_from_date,
        any_value(in_force_to_date) as in_force_to_date,
        count(*) = count(amount) and bool_or(category = 'revenue') and bool_or(category <> 'revenue') as is_whole
    from lines
    group by project_id, plan_version_id
),
months as (
    select
        project_id,
        plan_version_id,
        month,
        coalesce(sum(amount) filter (where category = 'revenue'), 0) as revenue,
        coalesce(sum(amount) filter (where category <> 'revenue'), 0) as cost,
        coalesce(sum(amount) filter (where category = 'labour'), 0) as labour,
        coalesce(sum(amount) filter (where category = 'subcontract'), 0) as subcontract,
        coalesce(sum(amount) filter (where category = 'material'), 0) as material,
        coalesce(sum(amount) filter (where category = 'equipment'), 0) as equipment,
        coalesce(sum(amount) filter (where category = 'travel'), 0) as travel,
        coalesce(sum(amount) filter (where category = 'other'), 0) as other
    from lines
    group by project_id, plan_version_id, month
),
chosen as (
    select
        m.month,
        m.fiscal_year,
        v.project_id,
        v.plan_version_id
    from out.months as m
    join versions as v on last_day(m.month) between v.in_force_from_date and v.in_force_to_date
    qualify
        row_number() over (
            partition by m.month, v.project_id
            order by v.version_kind = 'baseline' desc, v.in_force_from_date desc, v.plan_version_id desc
        ) = 1
        and v.is_whole
)
select
    c.month,
    c.project_id,
    c.plan_version_id,
    coalesce(sum(p.revenue) filter (where p.month = c.month), 0) as revenue,
    coalesce(sum(p.cost) filter (where p.month = c.month), 0) as cost,
    coalesce(sum(p.labour) filter (where p.month = c.month), 0) as labour,
    coalesce(sum(p.subcontract) filter (where p.month = c.month), 0) as subcontract,
    coalesce(sum(p.material) filter (where p.month = c.month), 0) as material,
    coalesce(sum(p.equipment) filter (where p.month = c.month), 0) as equipment,
    coalesce(sum(p.travel) filter (where p.month = c.month), 0) as travel,
    coalesce(sum(p.other) filter (where p.month = c.month), 0) as other,
    coalesce(sum(p.revenue) filter (where d.fiscal_year = c.fiscal_year and p.month <= c.month), 0) as year_revenue,
    coalesce(sum(p.cost) filter (where d.fiscal_year = c.fiscal_year and p.month <= c.month), 0) as year_cost,
    coalesce(sum(p.revenue) filter (where p.month > c.month), 0) as later_revenue
from chosen as c
join months as p on c.project_id = p.project_id and c.plan_version_id = p.plan_version_id
left join wh.core.dim_months as d on p.month = d.month
group by c.month, c.project_id, c.plan_version_id
order by c.month, c.project_id
