with costs as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

horizon as (

    {{ cash_horizon() }}

),

-- the estimate to complete in force, as revenue and margin have it
estimates as (

    select
        costs.project_id,
        costs.currency_code,
        costs.plan_version_id,
        costs.etc_amount,
        row_number() over (partition by costs.project_id order by costs.month desc) as place
    from costs
    cross join horizon
    where costs.month <= horizon.as_of_month

),

cells as (

    select
        estimates.project_id,
        case when plan_lines.category = 'labour' then 'payroll' else 'supplier' end as kind,
        plan_lines.month,
        sum(
            {{ exchanged('plan_lines.amount', 'plan_lines.currency_code', 'line_rates.rate_to_base',
                'estimates.currency_code', 'project_rates.rate_to_base') }}
        ) as amount
    from estimates
    inner join plan_lines
        on estimates.project_id = plan_lines.project_id
        and estimates.plan_version_id = plan_lines.plan_version_id
        and plan_lines.category not in ('revenue', 'management_reserve')
    left join plan_rates as line_rates
        on plan_lines.project_id = line_rates.project_id
        and plan_lines.plan_version_id = line_rates.plan_version_id
        and plan_lines.currency_code = line_rates.currency_code
    left join plan_rates as project_rates
        on plan_lines.project_id = project_rates.project_id
        and plan_lines.plan_version_id = project_rates.plan_version_id
        and estimates.currency_code = project_rates.currency_code
    where estimates.place = 1
    group by
        estimates.project_id,
        case when plan_lines.category = 'labour' then 'payroll' else 'supplier' end,
        plan_lines.month

),

totals as (

    select
        cells.project_id,
        greatest(sum(case when cells.month >= horizon.first_month then cells.amount else 0 end), 0) as ahead_amount,
        greatest(sum(case when cells.kind = 'payroll' then cells.amount else 0 end), 0) as payroll_amount,
        greatest(sum(cells.amount), 0) as all_amount
    from cells
    cross join horizon
    group by cells.project_id

),

-- what the estimate holds beyond the months ahead is late, and comes first: labour its share of the whole plan
lates as (

    select
        estimates.project_id,
        greatest(estimates.etc_amount - coalesce(totals.ahead_amount, 0), 0) as amount,
        cast({{ divided('cast(greatest(estimates.etc_amount - coalesce(totals.ahead_amount, 0), 0) as decimal(38, 2))'
            ~ ' * cast(totals.payroll_amount as decimal(18, 2))', 'totals.all_amount', 2) }} as decimal(18, 2)) as payroll_amount
    from estimates
    left join totals
        on estimates.project_id = totals.project_id
    where
        estimates.place = 1
        and estimates.etc_amount > 0

),

weights as (

    select
        cells.project_id,
        cells.kind,
        least(cells.month, horizon.last_month) as month,
        cells.amount as weight
    from cells
    cross join horizon
    where cells.month >= horizon.first_month

    union all

    select
        lates.project_id,
        'payroll' as kind,
        horizon.first_month as month,
        coalesce(lates.payroll_amount, 0) as weight
    from lates
    cross join horizon

    union all

    select
        lates.project_id,
        'supplier' as kind,
        horizon.first_month as month,
        lates.amount - coalesce(lates.payroll_amount, 0) as weight
    from lates
    cross join horizon

),

summed as (

    select
        project_id,
        kind,
        month,
        sum(weight) as weight
    from weights
    group by
        project_id,
        kind,
        month

),

running as (

    select
        project_id,
        kind,
        month,
        cast(sum(weight) over (
            partition by project_id order by month, kind rows between unbounded preceding and current row
        ) as decimal(18, 2)) as weight_to_here,
        cast(sum(weight) over (partition by project_id) as decimal(18, 2)) as weight_in_all
    from summed

),

-- months that hold more than the estimate are cut in proportion; the running sum is rounded
to_here as (

    select
        estimates.project_id,
        estimates.currency_code,
        running.kind,
        running.month,
        cast({{ divided('cast(estimates.etc_amount as decimal(38, 2)) * running.weight_to_here', 'running.weight_in_all', 2) }}
            as decimal(18, 2)) as amount_to_here
    from estimates
    inner join running
        on estimates.project_id = running.project_id
    where
        estimates.place = 1
        and estimates.etc_amount > 0

),

parted as (

    select
        project_id,
        currency_code,
        kind,
        month,
        amount_to_here - lag(amount_to_here, 1, 0) over (partition by project_id order by month, kind) as amount
    from to_here

)

select
    parted.project_id,
    parted.currency_code,
    parted.kind,
    parted.month,
    cast(parted.amount as decimal(18, 2)) as amount
from parted
inner join projects
    on parted.project_id = projects.project_id
    and projects.status not in ('cancelled', 'closed')
where parted.amount <> 0
