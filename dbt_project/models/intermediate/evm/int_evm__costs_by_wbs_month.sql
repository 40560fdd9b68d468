{#- Cost by WBS element as it is in the cost of the project (int_eac__costs_by_holder_month), to date, in the contract currency. -#}
{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

summed as (

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id,
        cost_month as month,
        currency_code,
        sum(amount) as amount,
        sum(amount_base) as amount_base
    from cost_lines
    where is_project_known
    group by
        project_id,
        coalesce(wbs_id, ''),
        cost_month,
        currency_code

),

-- another currency comes through the reporting currency, at the month's average (IAS 21.22)
converted as (

    select
        summed.project_id,
        summed.wbs_id,
        summed.month,
        case
            when projects.currency_code = {{ base }} then cast(summed.amount_base as decimal(38, 6))
            when summed.currency_code = projects.currency_code then cast(summed.amount as decimal(38, 6))
            else
                cast(
                    {{ divided('summed.amount_base', 'rates_to_base.average_rate_to_base', 6, scale=12) }}
                    as decimal(38, 6)
                )
        end as amount
    from summed
    inner join projects
        on summed.project_id = projects.project_id
    left join rates_to_base
        on projects.currency_code = rates_to_base.currency_code
        and summed.month = rates_to_base.month

),

monthly as (

    select
        project_id,
        wbs_id,
        month,
        cast(sum(coalesce(amount, 0)) as decimal(38, 6)) as amount
    from converted
    group by
        project_id,
        wbs_id,
        month

)

select
    project_id,
    wbs_id,
    month,
    lead(month) over (
        partition by project_id, wbs_id
        order by month
    ) as next_month,
    {{ money(
        'sum(amount) over (partition by project_id, wbs_id order by month rows between unbounded preceding and current row)'
    ) }} as amount_to_date
from monthly
