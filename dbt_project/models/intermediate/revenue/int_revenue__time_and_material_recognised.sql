{%- set base = "'" ~ var('base_currency') ~ "'" -%}

with time_billed as (

    select * from {{ ref('int_revenue__time_billed') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

line_months as (

    select * from {{ ref('int_revenue__line_months_named') }}

),

-- people's time is billed by the hour, so their cost is not billed again; of lines that share a branch the first bills its costs
hourly_lines as (

    select
        contract_line_id,
        project_id,
        branch_id,
        currency_code,
        cost_markup,
        not_to_exceed_amount,
        row_number() over (partition by project_id, branch_id order by contract_line_id) as place
    from contract_lines
    where
        is_project_known
        and revenue_method = 'time_and_material'

),

parts as (

    select
        contract_line_id,
        month,
        currency_code,
        cast(amount as decimal(38, 10)) as amount
    from time_billed
    where amount is not null

    union all

    select
        hourly_lines.contract_line_id,
        cost_lines.cost_month as month,
        cost_lines.currency_code,
        cast(sum(cast(cost_lines.amount as decimal(38, 2)) * (1 + hourly_lines.cost_markup)) as decimal(38, 10)) as amount
    from cost_lines
    inner join branches
        on cost_lines.project_id = branches.project_id
        and coalesce(cost_lines.wbs_id, '') = branches.wbs_id
    inner join hourly_lines
        on branches.project_id = hourly_lines.project_id
        and branches.branch_id = hourly_lines.branch_id
        and hourly_lines.place = 1
    where
        cost_lines.is_billable
        and cost_lines.category <> 'labour'
    group by
        hourly_lines.contract_line_id,
        cost_lines.cost_month,
        cost_lines.currency_code

),

converted as (

    select
        parts.contract_line_id,
        parts.month,
        case
            when parts.currency_code = hourly_lines.currency_code then parts.amount
            else
                cast(
                    {{ divided(
                        'cast(' ~ to_base('cast(parts.amount as decimal(30, 6))', 'own_rates.average_rate_to_base')
                        ~ ' as decimal(38, 6))',
                        'line_rates.average_rate_to_base', 6, scale=12
                    ) }} as decimal(38, 10)
                )
        end as amount
    from parts
    inner join hourly_lines
        on parts.contract_line_id = hourly_lines.contract_line_id
    left join rates_to_base as own_rates
        on parts.currency_code = own_rates.currency_code
        and parts.month = own_rates.month
    left join rates_to_base as line_rates
        on hourly_lines.currency_code = line_rates.currency_code
        and parts.month = line_rates.month

),

monthly as (

    select
        contract_line_id,
        month,
        sum(coalesce(amount, 0)) as amount,
        count(*) - count(amount) as parts_without_rate
    from converted
    group by
        contract_line_id,
        month

),

running as (

    select
        line_months.contract_line_id,
        line_months.month,
        hourly_lines.not_to_exceed_amount,
        sum(coalesce(monthly.amount, 0)) over (
            partition by line_months.contract_line_id order by line_months.month
            rows between unbounded preceding and current row
        ) as amount_to_date,
        coalesce(monthly.parts_without_rate, 0) as parts_without_rate
    from line_months
    inner join hourly_lines
        on line_months.contract_line_id = hourly_lines.contract_line_id
    left join monthly
        on line_months.contract_line_id = monthly.contract_line_id
        and line_months.month = monthly.month

)

select
    contract_line_id,
    month,
    -- what goes over the cap is nobody's to pay
    {{ money('case when amount_to_date > not_to_exceed_amount then not_to_exceed_amount else amount_to_date end') }}
        as revenue_to_date_amount,
    {{ money('case when amount_to_date > not_to_exceed_amount then amount_to_date - not_to_exceed_amount else 0 end') }}
        as above_cap_amount,
    parts_without_rate
from running
