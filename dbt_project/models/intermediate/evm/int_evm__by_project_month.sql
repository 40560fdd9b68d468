{#- Earned schedule (Lipke): the time at which the baseline in force had planned what is earned by now, read off its whole
    curve. Indices are exact quotients of twelve places, made from amounts and never from each other. -#}
with months as (

    select * from {{ ref('int_evm__months_named') }}

),

by_wbs as (

    select * from {{ ref('int_evm__by_wbs_month') }}

),

baselines as (

    select * from {{ ref('int_evm__baselines_by_wbs_month') }}

),

project_costs as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

summed as (

    select
        project_id,
        month,
        max(ev_source) as ev_source,
        sum(bac_amount) as bac_amount,
        sum(pv_amount) as pv_amount,
        sum(ev_amount) as ev_amount,
        sum(case when is_level_of_effort then bac_amount else 0 end) as loe_bac_amount
    from by_wbs
    group by
        project_id,
        month

),

stated as (

    select
        months.project_id,
        months.month,
        months.measured_on,
        months.currency_code,
        months.plan_version_id,
        months.plan_first_month,
        months.is_plan_known,
        coalesce(summed.ev_source, 'none') as ev_source,
        case when months.is_plan_known then summed.bac_amount end as bac_amount,
        case when months.is_plan_known then summed.pv_amount end as pv_amount,
        summed.ev_amount,
        project_costs.cost_to_date_amount as ac_amount,
        project_costs.cost_to_date_amount_base as ac_amount_base,
        project_costs.is_complete as is_cost_complete,
        summed.loe_bac_amount,
        -- months since the baseline's first one, the month included
        greatest(
            cast({{ dbt.datediff('months.plan_first_month', 'months.month', 'month') }} as integer) + 1,
            0
        ) as months_passed,
        coalesce(summed.bac_amount > 0 and summed.ev_amount >= summed.bac_amount, false) as is_complete
    from months
    inner join project_costs
        on months.project_id = project_costs.project_id
        and months.month = project_costs.month
    left join summed
        on months.project_id = summed.project_id
        and months.month = summed.month

),

placed as (

    select
        project_id,
        month,
        is_complete,
        months_passed,
        row_number() over (
            partition by project_id
            order by month
        ) as place
    from stated

),

-- the clock stops in the month in which all was earned
clocks as (

    select
        project_id,
        month,
        greatest(
            months_passed
            - case
                when is_complete
                    then
                        place - 1 - coalesce(
                            max(case when not is_complete then place end) over (
                                partition by project_id
                                order by month
                                rows between unbounded preceding and current row
                            ),
                            0
                        )
                else 0
            end,
            0
        ) as at_months
    from placed

),

curve_months as (

    select
        project_id,
        plan_version_id,
        month,
        sum(amount) as amount,
        min(month) over (partition by project_id, plan_version_id) as first_month
    from baselines
    group by
        project_id,
        plan_version_id,
        month

),

running as (

    select
        project_id,
        plan_version_id,
        cast({{ dbt.datediff('first_month', 'month', 'month') }} as integer) + 1 as period,
        cast(
            sum(amount) over (
                partition by project_id, plan_version_id
                order by month
                rows between unbounded preceding and current row
            ) as decimal(18, 2)
        ) as pv_amount,
        cast(sum(amount) over (partition by project_id, plan_version_id) as decimal(18, 2)) as bac_amount
    from curve_months

),

curves as (

    select
        project_id,
        plan_version_id,
        0 as period,
        cast(0 as decimal(18, 2)) as pv_amount,
        max(bac_amount) as bac_amount
    from running
    group by
        project_id,
        plan_version_id

    union all

    select
        project_id,
        plan_version_id,
        period,
        pv_amount,
        bac_amount
    from running

),

points as (

    select
        project_id,
        plan_version_id,
        period,
        pv_amount,
        bac_amount,
        lead(period) over (partition by project_id, plan_version_id order by period) as next_period,
        lead(pv_amount) over (partition by project_id, plan_version_id order by period) as next_pv_amount
    from curves

),

durations as (

    select
        project_id,
        plan_version_id,
        min(period) as pd_months
    from curves
    where
        pv_amount >= bac_amount
        and period > 0
    group by
        project_id,
        plan_version_id

),

-- the last point of the curve that has been earned
reached as (

    select
        stated.project_id,
        stated.month,
        max(points.period) as period
    from stated
    inner join points
        on stated.project_id = points.project_id
        and stated.plan_version_id = points.plan_version_id
        and points.pv_amount <= stated.ev_amount
    where stated.is_plan_known
    group by
        stated.project_id,
        stated.month

),

scheduled as (

    select
        stated.project_id,
        stated.month,
        durations.pd_months,
        cast(
            case
                when stated.ev_amount is null or not stated.bac_amount > 0 then null
                when stated.ev_amount <= 0 then 0
                when stated.ev_amount >= stated.bac_amount then durations.pd_months
                else
                    least(
                        -- a month without a plan is flat: its later end counts
                        points.next_period - 1
                        + {{ amount_ratio('stated.ev_amount - points.pv_amount', 'points.next_pv_amount - points.pv_amount') }},
                        durations.pd_months
                    )
            end as decimal(38, 12)
        ) as es_months
    from stated
    left join durations
        on stated.project_id = durations.project_id
        and stated.plan_version_id = durations.plan_version_id
    left join reached
        on stated.project_id = reached.project_id
        and stated.month = reached.month
    left join points
        on stated.project_id = points.project_id
        and stated.plan_version_id = points.plan_version_id
        and reached.period = points.period
    where stated.is_plan_known

)

select
    stated.project_id,
    stated.month,
    stated.measured_on,
    stated.currency_code,
    stated.plan_version_id,
    stated.plan_first_month,
    stated.is_plan_known,
    stated.ev_source,
    {{ money('stated.bac_amount') }} as bac_amount,
    {{ money('stated.pv_amount') }} as pv_amount,
    {{ money('stated.ev_amount') }} as ev_amount,
    stated.ac_amount,
    stated.ac_amount_base,
    stated.is_cost_complete,
    {{ money('stated.loe_bac_amount') }} as loe_bac_amount,
    stated.is_complete,
    cast(
        case when stated.ac_amount > 0 then {{ amount_ratio('stated.ev_amount', 'stated.ac_amount') }} end as decimal(38, 12)
    ) as cpi,
    cast(
        case when stated.pv_amount > 0 then {{ amount_ratio('stated.ev_amount', 'stated.pv_amount') }} end as decimal(38, 12)
    ) as spi,
    {{ amount_ratio('stated.loe_bac_amount', 'stated.bac_amount') }} as loe_share_pct,
    case when scheduled.es_months is not null then cast(clocks.at_months as integer) end as at_months,
    cast(scheduled.pd_months as integer) as pd_months,
    scheduled.es_months,
    cast({{ divided('scheduled.es_months', 'clocks.at_months', 12, scale=12) }} as decimal(38, 12)) as spi_t,
    -- AT + (PD - ES) / SPI(t)
    cast({{ divided('scheduled.pd_months * clocks.at_months', 'scheduled.es_months', 12, scale=12) }} as decimal(38, 12))
        as ieac_t_months
from stated
inner join clocks
    on stated.project_id = clocks.project_id
    and stated.month = clocks.month
left join scheduled
    on stated.project_id = scheduled.project_id
    and stated.month = scheduled.month
