{#- A plan is worth what it was when it was approved, at the budget rate; what the market does later is a currency effect of
    what really happens (docs/decisions.md). -#}
with versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

currencies as (

    select * from {{ ref('int_currency__currencies_in_use') }}

),

monthly_rates as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

daily_rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

)

select
    versions.project_id,
    versions.plan_version_id,
    currencies.currency_code,
    coalesce(monthly_rates.budget_rate_to_base, daily_rates.rate_to_base) as rate_to_base,
    case
        when monthly_rates.budget_rate_to_base is not null then 'budget'
        when daily_rates.rate_to_base is not null then 'daily'
    end as rate_source
from versions
cross join currencies
left join monthly_rates
    on currencies.currency_code = monthly_rates.currency_code
    and {{ month_of('versions.approved_on') }} = monthly_rates.month
left join daily_rates
    on currencies.currency_code = daily_rates.currency_code
    and versions.approved_on = daily_rates.rate_date
