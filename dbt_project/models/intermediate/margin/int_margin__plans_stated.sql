{#- What a plan says the project will earn and cost, in each of its currencies. A plan without lines of revenue is sold at the
    price: as sold at the original one, later at the price in force on the day of approval. -#}
with plan_amounts as (

    select * from {{ ref('int_plans__amounts_by_version') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

prices as (

    select * from {{ ref('int_margin__prices_by_project') }}

),

rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

with_revenue as (

    select distinct
        project_id,
        plan_version_id
    from plan_amounts
    where measure = 'revenue'

),

stated as (

    select
        plan_amounts.project_id,
        plan_amounts.plan_version_id,
        plan_amounts.measure,
        plan_amounts.currency_code,
        sum(plan_amounts.amount) as amount
    from plan_amounts
    group by
        plan_amounts.project_id,
        plan_amounts.plan_version_id,
        plan_amounts.measure,
        plan_amounts.currency_code

    union all

    select
        versions.project_id,
        versions.plan_version_id,
        'revenue' as measure,
        prices.currency_code,
        sum(case when versions.kind = 'as_sold' then prices.original_amount else prices.amount end) as amount
    from versions
    inner join prices
        on versions.project_id = prices.project_id
        and (versions.kind = 'as_sold' or prices.effective_on <= versions.approved_on)
    left join with_revenue
        on versions.project_id = with_revenue.project_id
        and versions.plan_version_id = with_revenue.plan_version_id
    where
        with_revenue.plan_version_id is null
        and versions.kind <> 'forecast'
    group by
        versions.project_id,
        versions.plan_version_id,
        prices.currency_code

)

select
    versions.kind,
    stated.project_id,
    stated.plan_version_id,
    stated.measure,
    stated.currency_code,
    cast(stated.amount as decimal(38, 6)) as amount,
    {{ money(to_base('stated.amount', 'rates.rate_to_base')) }} as amount_base
from stated
inner join versions
    on stated.project_id = versions.project_id
    and stated.plan_version_id = versions.plan_version_id
left join rates
    on stated.project_id = rates.project_id
    and stated.plan_version_id = rates.plan_version_id
    and stated.currency_code = rates.currency_code
