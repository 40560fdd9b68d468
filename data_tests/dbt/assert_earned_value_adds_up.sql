-- Elements add up to their project; its cost is the cost of its facts in the contract currency, where that is its own; and the
-- estimate bottom-up is the EAC that margin and revenue stand on.
with by_project as (

    select * from {{ ref('earned_value_by_project_month') }}

),

by_wbs as (

    select * from {{ ref('earned_value_by_wbs_month') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

estimates as (

    select * from {{ ref('eac_by_project_month_method') }}

),

project_costs as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

summed as (

    select
        project_id,
        month,
        sum(bac_amount) as bac_amount,
        sum(pv_amount) as pv_amount,
        sum(ev_amount) as ev_amount,
        sum(ac_amount) as ac_amount
    from by_wbs
    group by
        project_id,
        month

),

-- rounded line by line, labour by running sums besides, so only as near as a cent a line
spent as (

    select
        by_project.project_id,
        by_project.month,
        sum(cost_lines.amount) as amount,
        count(*) as lines,
        max(case when cost_lines.currency_code <> by_project.currency_code then 1 else 0 end) as foreign_lines
    from by_project
    inner join cost_lines
        on by_project.project_id = cost_lines.project_id
        and cost_lines.cost_month <= by_project.month
    where cost_lines.amount is not null
    group by
        by_project.project_id,
        by_project.month

)

select
    by_project.project_id,
    by_project.month,
    'elements do not add up' as fault
from by_project
inner join summed
    on by_project.project_id = summed.project_id
    and by_project.month = summed.month
where
    by_project.ac_amount <> summed.ac_amount
    or by_project.bac_amount <> summed.bac_amount
    or by_project.pv_amount <> summed.pv_amount
    or by_project.ev_amount <> summed.ev_amount

union all

select
    by_project.project_id,
    by_project.month,
    'cost is not the cost of the facts' as fault
from by_project
left join spent
    on by_project.project_id = spent.project_id
    and by_project.month = spent.month
where
    coalesce(spent.foreign_lines, 0) = 0
    and by_project.is_cost_complete
    and abs(by_project.ac_amount - coalesce(spent.amount, 0)) > 0.01 * coalesce(spent.lines, 0)

union all

select
    estimates.project_id,
    estimates.month,
    'the estimate is not the one of margin and revenue' as fault
from estimates
inner join project_costs
    on estimates.project_id = project_costs.project_id
    and estimates.month = project_costs.month
where
    estimates.method = 'bottom_up'
    and estimates.eac_amount <> project_costs.eac_amount
