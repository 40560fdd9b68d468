{#- Margin at completion as the plans in force at the end of each month say it. As sold and baseline: the plan itself. Forecast:
    cost is the one EAC (int_eac__costs_by_project_month). Revenue is the transaction price in force where every contract
    line has a fixed price; else revenue to date and what the forecast says of the months after. -#}
{%- set fixed_price_methods = ['cost_to_cost', 'labour_hours', 'milestone', 'straight_line'] -%}

with project_months as (

    select * from {{ ref('int_margin__project_months') }}

),

versions as (

    select * from {{ ref('int_eac__plan_versions_dated') }}

),

plan_totals as (

    select * from {{ ref('int_margin__plan_totals') }}

),

plan_amounts as (

    select * from {{ ref('int_plans__amounts_by_version') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

eac as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_project_month') }}

),

prices as (

    select * from {{ ref('int_margin__prices_by_project') }}

),

contract_lines as (

    select * from {{ ref('dim_contract_lines') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

in_force as (

    select
        project_months.project_id,
        project_months.month,
        plan_totals.kind,
        plan_totals.revenue_amount_base,
        plan_totals.cost_amount_base
    from project_months
    inner join versions
        on project_months.project_id = versions.project_id
        and project_months.measured_on between versions.approved_on and versions.in_force_to
    inner join plan_totals
        on versions.project_id = plan_totals.project_id
        and versions.plan_version_id = plan_totals.plan_version_id

),

plans_in_force as (

    select
        project_id,
        month,
        max(case when kind = 'as_sold' then revenue_amount_base end) as as_sold_revenue_amount_base,
        max(case when kind = 'as_sold' then cost_amount_base end) as as_sold_cost_amount_base,
        max(case when kind = 'baseline' then revenue_amount_base end) as baseline_revenue_amount_base,
        max(case when kind = 'baseline' then cost_amount_base end) as baseline_cost_amount_base
    from in_force
    group by
        project_id,
        month

),

-- the plan that the EAC stands on, with what one unit of the project's currency is worth in it
estimated as (

    select
        project_months.project_id,
        project_months.month,
        project_months.measured_on,
        project_months.is_open,
        projects.currency_code,
        eac.plan_version_id,
        eac.plan_kind,
        eac.eac_amount_base,
        plan_rates.rate_to_base
    from project_months
    inner join projects
        on project_months.project_id = projects.project_id
    inner join eac
        on project_months.project_id = eac.project_id
        and project_months.month = eac.month
    left join plan_rates
        on eac.project_id = plan_rates.project_id
        and eac.plan_version_id = plan_rates.plan_version_id
        and projects.currency_code = plan_rates.currency_code
    where eac.plan_version_id is not null

),

earned as (

    select
        estimated.project_id,
        estimated.month,
        sum(revenue.revenue_amount) as amount_to_date,
        sum(revenue.revenue_amount_base) as amount_base_to_date,
        sum(case when revenue.month = estimated.month then revenue.revenue_amount else 0 end) as amount_within
    from estimated
    inner join revenue
        on estimated.project_id = revenue.project_id
        and revenue.month <= estimated.month
    group by
        estimated.project_id,
        estimated.month

),

fixed_price_projects as (

    select project_id
    from contract_lines
    group by project_id
    having
        count(*) = count(case when revenue_method in ('{{ fixed_price_methods | join("', '") }}') then 1 end)

),

-- in the project's currency, at the rates of the plan
priced as (

    select
        estimated.project_id,
        estimated.month,
        case
            when count(*) = count(price_rates.rate_to_base)
                then
                    sum(
                        case
                            when prices.currency_code = estimated.currency_code then cast(prices.amount as decimal(38, 6))
                            else
                                {{ divided('prices.amount * price_rates.rate_to_base', 'estimated.rate_to_base', 6, scale=12) }}
                        end
                    )
        end as price_amount
    from estimated
    inner join fixed_price_projects
        on estimated.project_id = fixed_price_projects.project_id
    inner join prices
        on estimated.project_id = prices.project_id
        and prices.effective_on <= estimated.measured_on
    left join plan_rates as price_rates
        on estimated.project_id = price_rates.project_id
        and estimated.plan_version_id = price_rates.plan_version_id
        and prices.currency_code = price_rates.currency_code
    group by
        estimated.project_id,
        estimated.month

),

planned as (

    select
        estimated.project_id,
        estimated.month,
        sum(
            case when plan_amounts.month > estimated.month then {{ to_base('plan_amounts.amount', 'line_rates.rate_to_base') }} else 0 end
        ) as amount_base_after,
        sum(
            case when plan_amounts.month = estimated.month then {{ to_base('plan_amounts.amount', 'line_rates.rate_to_base') }} else 0 end
        ) as amount_base_within,
        count(*) = count(line_rates.rate_to_base) as is_complete
    from estimated
    inner join plan_amounts
        on estimated.project_id = plan_amounts.project_id
        and estimated.plan_version_id = plan_amounts.plan_version_id
        and plan_amounts.measure = 'revenue'
    left join plan_rates as line_rates
        on plan_amounts.project_id = line_rates.project_id
        and plan_amounts.plan_version_id = line_rates.plan_version_id
        and plan_amounts.currency_code = line_rates.currency_code
    group by
        estimated.project_id,
        estimated.month

),

-- revenue that is still to come, in the project's currency
ahead as (

    select
        estimated.project_id,
        estimated.month,
        estimated.plan_version_id,
        estimated.plan_kind,
        estimated.eac_amount_base,
        estimated.rate_to_base,
        coalesce(earned.amount_to_date, 0) as revenue_to_date_amount,
        coalesce(earned.amount_base_to_date, 0) as revenue_to_date_amount_base,
        case
            when priced.project_id is not null then priced.price_amount - coalesce(earned.amount_to_date, 0)
            when estimated.plan_kind = 'forecast' and planned.is_complete
                then
                    {{ divided('planned.amount_base_after', 'estimated.rate_to_base', 6, scale=12) }}
                    + case
                        when estimated.is_open
                            then
                                greatest(
                                    {{ divided('planned.amount_base_within', 'estimated.rate_to_base', 6, scale=12) }}
                                    - coalesce(earned.amount_within, 0),
                                    0
                                )
                        else 0
                    end
        end as amount_ahead,
        -- without a forecast the plan's own revenue stands
        priced.project_id is null and estimated.plan_kind <> 'forecast' as is_revenue_of_plan
    from estimated
    left join earned
        on estimated.project_id = earned.project_id
        and estimated.month = earned.month
    left join priced
        on estimated.project_id = priced.project_id
        and estimated.month = priced.month
    left join planned
        on estimated.project_id = planned.project_id
        and estimated.month = planned.month

),

forecasts as (

    select
        ahead.project_id,
        ahead.month,
        ahead.plan_version_id,
        ahead.plan_kind,
        {{ money('ahead.revenue_to_date_amount + ahead.amount_ahead') }} as revenue_amount,
        case
            when ahead.is_revenue_of_plan then plan_totals.revenue_amount_base
            else {{ money('ahead.revenue_to_date_amount_base + ' ~ to_base('ahead.amount_ahead', 'ahead.rate_to_base')) }}
        end as revenue_amount_base,
        ahead.eac_amount_base as cost_amount_base
    from ahead
    left join plan_totals
        on ahead.project_id = plan_totals.project_id
        and ahead.plan_version_id = plan_totals.plan_version_id

)

select
    project_months.project_id,
    project_months.month,
    plans_in_force.as_sold_revenue_amount_base,
    plans_in_force.as_sold_cost_amount_base,
    plans_in_force.baseline_revenue_amount_base,
    plans_in_force.baseline_cost_amount_base,
    forecasts.plan_version_id as forecast_plan_version_id,
    forecasts.plan_kind as forecast_plan_kind,
    forecasts.revenue_amount as forecast_revenue_amount,
    forecasts.revenue_amount_base as forecast_revenue_amount_base,
    forecasts.cost_amount_base as forecast_cost_amount_base
from project_months
left join plans_in_force
    on project_months.project_id = plans_in_force.project_id
    and project_months.month = plans_in_force.month
left join forecasts
    on project_months.project_id = forecasts.project_id
    and project_months.month = forecasts.month
