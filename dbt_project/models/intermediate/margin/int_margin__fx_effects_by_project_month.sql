{#- What currencies did to a project's month: every amount in another currency than the reporting one, at the rate at which it
    is in the margin, less the same at the budget rate. One amount without a budget rate leaves the month's effect unknown. -#}
{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

-- effect on the margin: revenue worth more is good, cost worth more is not
foreign_amounts as (

    select
        projects.project_id,
        revenue.month,
        revenue.month as rate_month,
        projects.currency_code,
        revenue.revenue_amount as amount,
        revenue.revenue_amount_base as amount_base
    from revenue
    inner join projects
        on revenue.project_id = projects.project_id
    where
        projects.currency_code <> {{ base }}
        and (revenue.revenue_amount <> 0 or revenue.revenue_amount_base <> 0)

    union all

    -- a reversal has the budget rate of its accrual
    select
        project_id,
        cost_month as month,
        {{ month_of('coalesce(rate_date, cost_month)') }} as rate_month,
        currency_code,
        -amount as amount,
        -amount_base as amount_base
    from cost_lines
    where
        is_project_known
        and currency_code <> {{ base }}
        and amount_base is not null

),

valued as (

    select
        foreign_amounts.project_id,
        foreign_amounts.month,
        foreign_amounts.currency_code,
        foreign_amounts.amount,
        foreign_amounts.amount_base,
        {{ to_base('foreign_amounts.amount', 'rates_to_base.budget_rate_to_base') }} as amount_at_budget_rate
    from foreign_amounts
    left join rates_to_base
        on foreign_amounts.currency_code = rates_to_base.currency_code
        and foreign_amounts.rate_month = rates_to_base.month

)

select
    project_id,
    month,
    case
        when count(*) = count(amount_at_budget_rate) then {{ money('sum(amount_base) - sum(amount_at_budget_rate)') }}
    end as fx_effect_amount_base,
    count(*) = count(amount_at_budget_rate) as is_complete,
    min(case when amount_at_budget_rate is null then currency_code end) as currency_without_rate,
    sum(case when amount_at_budget_rate is null then abs(amount_base) else 0 end) as amount_base_without_rate
from valued
group by
    project_id,
    month
