{#- What each baseline says of each of its WBS elements, month by month and to date, in the contract currency. -#}
{%- set not_a_cost = ['revenue', 'management_reserve'] -%}

with plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

versions as (

    select * from {{ ref('int_eac__plan_versions_dated') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

rates_to_base as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

summed as (

    select
        plan_lines.project_id,
        plan_lines.plan_version_id,
        coalesce(plan_lines.wbs_id, '') as wbs_id,
        plan_lines.month,
        plan_lines.currency_code,
        sum(plan_lines.amount) as amount
    from plan_lines
    inner join versions
        on plan_lines.project_id = versions.project_id
        and plan_lines.plan_version_id = versions.plan_version_id
    where
        versions.kind = 'baseline'
        and plan_lines.category not in ('{{ not_a_cost | join("', '") }}')
    group by
        plan_lines.project_id,
        plan_lines.plan_version_id,
        coalesce(plan_lines.wbs_id, ''),
        plan_lines.month,
        plan_lines.currency_code

),

-- a plan keeps the rates of its approval
converted as (

    select
        summed.project_id,
        summed.plan_version_id,
        summed.wbs_id,
        summed.month,
        case
            when summed.currency_code = projects.currency_code then cast(summed.amount as decimal(38, 6))
            else
                cast(
                    {{ divided(
                        'cast(' ~ to_base('summed.amount', 'plan_rates.rate_to_base') ~ ' as decimal(38, 6))',
                        'project_rates.rate_to_base', 6, scale=12
                    ) }} as decimal(38, 6)
                )
        end as amount
    from summed
    inner join projects
        on summed.project_id = projects.project_id
    left join rates_to_base as plan_rates
        on summed.project_id = plan_rates.project_id
        and summed.plan_version_id = plan_rates.plan_version_id
        and summed.currency_code = plan_rates.currency_code
    left join rates_to_base as project_rates
        on summed.project_id = project_rates.project_id
        and summed.plan_version_id = project_rates.plan_version_id
        and projects.currency_code = project_rates.currency_code

),

monthly as (

    select
        project_id,
        plan_version_id,
        wbs_id,
        month,
        -- whole or empty: a sum that lacks a currency is no plan
        case when count(*) = count(amount) then sum(amount) end as amount,
        count(*) - count(amount) as rows_without_amount
    from converted
    group by
        project_id,
        plan_version_id,
        wbs_id,
        month

),

running as (

    select
        project_id,
        plan_version_id,
        wbs_id,
        month,
        {{ money(
            'sum(coalesce(amount, 0)) over (partition by project_id, plan_version_id, wbs_id order by month'
            ~ ' rows between unbounded preceding and current row)'
        ) }} as amount_to_date,
        rows_without_amount
    from monthly

)

-- rounded to date, so that the last month closes the budget
select
    project_id,
    plan_version_id,
    wbs_id,
    month,
    lead(month) over (
        partition by project_id, plan_version_id, wbs_id
        order by month
    ) as next_month,
    cast(
        amount_to_date - coalesce(
            lag(amount_to_date) over (
                partition by project_id, plan_version_id, wbs_id
                order by month
            ),
            0
        ) as decimal(18, 2)
    ) as amount,
    amount_to_date,
    last_value(amount_to_date) over (
        partition by project_id, plan_version_id, wbs_id
        order by month
        rows between unbounded preceding and unbounded following
    ) as amount_at_completion,
    rows_without_amount
from running
