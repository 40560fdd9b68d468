{#- The revenue that goes with the recommended cost. A fixed price does not move with the cost. What is earned by the hour or by
    the invoice comes with the work: what the plan has of it still ahead moves as the cost of that work does. -#}
{%- set fixed_price_methods = ['cost_to_cost', 'labour_hours', 'milestone', 'straight_line'] -%}

with recommended as (

    select * from {{ ref('int_forecast__methods_recommended') }}

),

at_completion as (

    select * from {{ ref('int_margin__at_completion_by_project_month') }}

),

estimates as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_project_month') }}

),

contract_lines as (

    select * from {{ ref('dim_contract_lines') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

priced as (

    select
        project_id,
        count(case when revenue_method in ('{{ fixed_price_methods | join("', '") }}') then 1 end) as lines_fixed,
        count(*) as lines
    from contract_lines
    group by project_id

),

earned as (

    select
        project_id,
        month,
        sum(revenue_amount) over (
            partition by project_id
            order by month
            range between unbounded preceding and current row
        ) as revenue_to_date_amount
    from revenue

),

-- the newest month with revenue at or before each month
earned_to_date as (

    select
        recommended.project_id,
        recommended.month,
        max(earned.month) as earned_month
    from recommended
    inner join earned
        on recommended.project_id = earned.project_id
        and earned.month <= recommended.month
    group by
        recommended.project_id,
        recommended.month

),

planned as (

    select
        recommended.project_id,
        recommended.month,
        recommended.etc_amount,
        estimates.etc_amount as planned_etc_amount,
        coalesce(earned.revenue_to_date_amount, 0) as revenue_to_date_amount,
        coalesce(priced.lines_fixed = priced.lines, false) as is_fixed_price,
        coalesce(priced.lines_fixed, 0) = 0 as is_by_work,
        coalesce(
            at_completion.forecast_revenue_amount,
            -- without a forecast the plan's own revenue stands, at the plan's own rates
            {{ money(divided('at_completion.forecast_revenue_amount_base', 'plan_rates.rate_to_base', 2, scale=12)) }}
        ) as planned_revenue_amount
    from recommended
    inner join at_completion
        on recommended.project_id = at_completion.project_id
        and recommended.month = at_completion.month
    left join estimates
        on recommended.project_id = estimates.project_id
        and recommended.month = estimates.month
    left join priced
        on recommended.project_id = priced.project_id
    left join earned_to_date
        on recommended.project_id = earned_to_date.project_id
        and recommended.month = earned_to_date.month
    left join earned
        on earned_to_date.project_id = earned.project_id
        and earned_to_date.earned_month = earned.month
    left join plan_rates
        on at_completion.project_id = plan_rates.project_id
        and at_completion.forecast_plan_version_id = plan_rates.plan_version_id
        and estimates.currency_code = plan_rates.currency_code

)

select
    project_id,
    month,
    is_fixed_price,
    case
        when not is_by_work or planned_etc_amount <= 0 or etc_amount = planned_etc_amount then planned_revenue_amount
        else
            {{ money(
                'revenue_to_date_amount + '
                ~ divided(
                    'greatest(planned_revenue_amount - revenue_to_date_amount, 0) * greatest(etc_amount, 0)',
                    'planned_etc_amount', 2, scale=4
                )
            ) }}
    end as revenue_amount
from planned
where etc_amount is not null
