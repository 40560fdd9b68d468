{#- What each version says of revenue, of each kind of cost and of the loss provision, in each of its currencies: what has
    happened at the rates of the books, what is planned at the rates of the plan. -#}
{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with versions as (

    select * from {{ ref('int_margin__versions_named') }}

),

plans_stated as (

    select * from {{ ref('int_margin__plans_stated') }}

),

plan_amounts as (

    select * from {{ ref('int_plans__amounts_by_version') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_project_month') }}

),

at_completion as (

    select * from {{ ref('int_margin__at_completion_by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

monthly_costs as (

    select
        project_id,
        cost_month as month,
        case category when 'uninstalled_material' then 'material' else category end as measure,
        currency_code,
        sum(amount) as amount,
        sum(amount_base) as amount_base
    from cost_lines
    where
        is_project_known
        -- what has no rate is in no margin
        and amount_base is not null
    group by
        project_id,
        cost_month,
        case category when 'uninstalled_material' then 'material' else category end,
        currency_code

),

parts as (

    -- plans, whole
    select
        versions.project_id,
        versions.version,
        plans_stated.measure,
        plans_stated.currency_code,
        plans_stated.amount,
        plans_stated.amount_base,
        false as is_unknown
    from versions
    inner join plans_stated
        on versions.project_id = plans_stated.project_id
        and versions.plan_version_id = plans_stated.plan_version_id
    where versions.version in ('as_sold', 'baseline')

    union all

    -- cost that has happened
    select
        versions.project_id,
        versions.version,
        monthly_costs.measure,
        monthly_costs.currency_code,
        monthly_costs.amount,
        monthly_costs.amount_base,
        false as is_unknown
    from versions
    inner join monthly_costs
        on versions.project_id = monthly_costs.project_id
        and monthly_costs.month <= versions.month

    union all

    -- cost that is still to come
    select
        versions.project_id,
        versions.version,
        plan_amounts.measure,
        plan_amounts.currency_code,
        sum(plan_amounts.amount) as amount,
        {{ money('sum(' ~ to_base('plan_amounts.amount', 'plan_rates.rate_to_base') ~ ')') }} as amount_base,
        count(*) > count(plan_rates.rate_to_base) as is_unknown
    from versions
    inner join plan_amounts
        on versions.project_id = plan_amounts.project_id
        and versions.plan_version_id = plan_amounts.plan_version_id
        and plan_amounts.month > versions.month
        and plan_amounts.measure <> 'revenue'
    left join plan_rates
        on plan_amounts.project_id = plan_rates.project_id
        and plan_amounts.plan_version_id = plan_rates.plan_version_id
        and plan_amounts.currency_code = plan_rates.currency_code
    where versions.version in ('previous_forecast', 'forecast')
    group by
        versions.project_id,
        versions.version,
        plan_amounts.measure,
        plan_amounts.currency_code

    union all

    -- revenue at completion as the margin mart has it for the month of the forecast
    select
        versions.project_id,
        versions.version,
        'revenue' as measure,
        projects.currency_code,
        at_completion.forecast_revenue_amount as amount,
        at_completion.forecast_revenue_amount_base as amount_base,
        at_completion.forecast_revenue_amount_base is null as is_unknown
    from versions
    inner join projects
        on versions.project_id = projects.project_id
    left join at_completion
        on versions.project_id = at_completion.project_id
        and versions.month = at_completion.month
        and versions.plan_version_id = at_completion.forecast_plan_version_id
    where versions.version in ('previous_forecast', 'forecast')

    union all

    select
        versions.project_id,
        versions.version,
        'revenue' as measure,
        projects.currency_code,
        revenue.revenue_amount as amount,
        revenue.revenue_amount_base as amount_base,
        false as is_unknown
    from versions
    inner join projects
        on versions.project_id = projects.project_id
    inner join revenue
        on versions.project_id = revenue.project_id
        and revenue.month <= versions.month
    where
        versions.version = 'actual'
        and (revenue.revenue_amount <> 0 or revenue.revenue_amount_base <> 0)

    union all

    select
        versions.project_id,
        versions.version,
        'loss_provision' as measure,
        {{ base }} as currency_code,
        revenue.loss_provision_change_amount_base as amount,
        revenue.loss_provision_change_amount_base as amount_base,
        false as is_unknown
    from versions
    inner join revenue
        on versions.project_id = revenue.project_id
        and revenue.month <= versions.month
    where
        versions.version = 'actual'
        and revenue.loss_provision_change_amount_base <> 0

)

-- an amount that is unknown in its currency keeps its worth: no currency effect of it is told
select
    project_id,
    version,
    measure,
    currency_code,
    case when count(*) = count(amount) then cast(sum(amount) as decimal(38, 6)) end as amount,
    case
        when count(*) = count(amount_base) and max(case when is_unknown then 1 else 0 end) = 0
            then {{ money('sum(amount_base)') }}
    end as amount_base
from parts
group by
    project_id,
    version,
    measure,
    currency_code
