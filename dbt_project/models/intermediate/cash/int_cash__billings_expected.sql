with lines as (

    select * from {{ ref('int_cash__lines_to_bill') }}

),

milestones as (

    select * from {{ ref('int_revenue__milestones_attributed') }}

),

revenue_planned as (

    select * from {{ ref('int_cash__revenue_planned') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

horizon as (

    {{ cash_horizon() }}

),

offsets as (

    {{ numbers(var('cash_horizon_months') - 1) }}

),

-- milestones bill in the order in which they come; what is billed already is taken off the first of them
milestones_dated as (

    select
        lines.contract_line_id,
        lines.open_amount,
        lines.billed_amount,
        case
            when milestones.actual_date is not null then horizon.first_month
            else {{ cash_month('coalesce(milestones.expected_date, lines.end_date)') }}
        end as month,
        milestones.revenue_amount,
        sum(milestones.revenue_amount) over (
            partition by lines.contract_line_id
            order by
                coalesce(milestones.actual_date, milestones.expected_date, lines.end_date),
                milestones.delivered_project_id,
                milestones.milestone_id
            rows between unbounded preceding and current row
        ) as amount_to_here
    from lines
    inner join milestones
        on lines.contract_line_id = milestones.contract_line_id
        and milestones.revenue_amount > 0
    cross join horizon
    where
        not lines.is_by_work
        and lines.open_amount > 0

),

milestone_parts as (

    select
        contract_line_id,
        open_amount,
        month,
        greatest(
            least(amount_to_here - billed_amount, revenue_amount, open_amount),
            0
        ) as amount
    from milestones_dated

),

milestone_months as (

    select
        contract_line_id,
        month,
        cast(sum(amount) as decimal(18, 2)) as weight
    from milestone_parts
    group by
        contract_line_id,
        month

),

-- what of a price no milestone bills comes with the last of them
milestone_rests as (

    select
        milestone_months.contract_line_id,
        max(milestone_months.month) as month,
        cast(lines.open_amount - sum(milestone_months.weight) as decimal(18, 2)) as weight
    from milestone_months
    inner join lines
        on milestone_months.contract_line_id = lines.contract_line_id
    group by
        milestone_months.contract_line_id,
        lines.open_amount
    having sum(milestone_months.weight) < lines.open_amount

),

-- lines that no milestone bills: by the revenue that the plan phases, else evenly up to their end
spread_lines as (

    select
        lines.contract_line_id,
        lines.project_id,
        lines.plan_scope,
        lines.is_by_work,
        case
            when lines.end_date is null then horizon.first_month
            else {{ cash_month('lines.end_date') }}
        end as end_month
    from lines
    left join milestone_months
        on lines.contract_line_id = milestone_months.contract_line_id
    cross join horizon
    where milestone_months.contract_line_id is null

),

weights as (

    select
        contract_line_id,
        month,
        weight,
        'milestones' as basis
    from milestone_months
    where weight > 0

    union all

    select
        contract_line_id,
        month,
        weight,
        'milestones' as basis
    from milestone_rests

    union all

    select
        spread_lines.contract_line_id,
        revenue_planned.month,
        revenue_planned.amount as weight,
        'plan' as basis
    from spread_lines
    inner join revenue_planned
        on spread_lines.project_id = revenue_planned.project_id
        and spread_lines.plan_scope = revenue_planned.plan_scope

    union all

    select
        spread_lines.contract_line_id,
        cast({{ dbt.dateadd('month', 'offsets.number', 'horizon.first_month') }} as date) as month,
        cast(1 as decimal(18, 2)) as weight,
        'evenly' as basis
    from spread_lines
    cross join horizon
    inner join offsets
        on cast({{ dbt.dateadd('month', 'offsets.number', 'horizon.first_month') }} as date) <= spread_lines.end_month
    where spread_lines.plan_scope is null

),

weights_by_month as (

    select
        contract_line_id,
        month,
        min(basis) as basis,
        sum(weight) as weight
    from weights
    group by
        contract_line_id,
        month

),

running as (

    select
        contract_line_id,
        month,
        basis,
        cast(sum(weight) over (
            partition by contract_line_id order by month rows between unbounded preceding and current row
        ) as decimal(18, 2)) as weight_to_here,
        cast(sum(weight) over (partition by contract_line_id) as decimal(18, 2)) as weight_in_all
    from weights_by_month

),

-- the running sum is rounded, so that the months add up to what is to be billed
to_here as (

    select
        lines.contract_line_id,
        running.month,
        running.basis,
        cast(
            {{ divided('cast(case when lines.is_by_work then lines.ahead_amount else lines.open_amount end as decimal(38, 2))'
                ~ ' * running.weight_to_here', 'running.weight_in_all', 2) }} as decimal(18, 2)
        ) as amount_to_here
    from lines
    inner join running
        on lines.contract_line_id = running.contract_line_id

),

phased as (

    select
        contract_line_id,
        month,
        basis,
        amount_to_here - lag(amount_to_here, 1, 0) over (partition by contract_line_id order by month) as amount
    from to_here

    union all

    -- work that is done is billed next
    select
        lines.contract_line_id,
        horizon.first_month as month,
        'work done' as basis,
        lines.open_amount as amount
    from lines
    cross join horizon
    where lines.is_by_work

)

select
    lines.contract_line_id,
    lines.project_id,
    lines.customer_id,
    lines.currency_code,
    lines.retention_pct,
    lines.end_date,
    phased.month,
    phased.basis,
    cast(phased.amount as decimal(18, 2)) as amount
from phased
inner join lines
    on phased.contract_line_id = lines.contract_line_id
where phased.amount <> 0
