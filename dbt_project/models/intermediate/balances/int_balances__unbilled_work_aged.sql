{#- Days, both included, of each bucket but the last. -#}
{%- set bounds = [30, 60, 90, 180] -%}

with positions as (

    select * from {{ ref('int_balances__contract_positions_by_month') }}

),

contract_lines as (

    select * from {{ ref('dim_contract_lines') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

rates as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- whoever manages the contract's projects, by role
owners as (

    select
        contract_lines.contract_id,
        min(projects.project_id) as project_id,
        count(distinct projects.project_id) as projects,
        min(projects.project_manager) as owner,
        count(distinct projects.project_manager) as managers
    from contract_lines
    inner join projects
        on contract_lines.project_id = projects.project_id
    group by contract_lines.contract_id

),

unbilled as (

    select
        positions.contract_id,
        positions.month,
        positions.currency_code,
        positions.billed_to_date_amount,
        case
            when parameters.as_of_date between months.month and months.month_end_date then parameters.as_of_date
            else months.month_end_date
        end as balance_date
    from positions
    inner join months
        on positions.month = months.month
    cross join parameters
    where positions.revenue_to_date_amount > positions.billed_to_date_amount

),

-- the revenue of each month up to the balance that later reversals left standing: a reversal takes the newest first
standing as (

    select
        unbilled.contract_id,
        unbilled.month,
        unbilled.currency_code,
        unbilled.billed_to_date_amount,
        unbilled.balance_date,
        earned.month as earned_month,
        min(earned.revenue_to_date_amount) over (
            partition by unbilled.contract_id, unbilled.currency_code, unbilled.month
            order by earned.month desc
            rows between unbounded preceding and current row
        ) as standing_to_date_amount
    from unbilled
    inner join positions as earned
        on unbilled.contract_id = earned.contract_id
        and unbilled.currency_code = earned.currency_code
        and earned.month <= unbilled.month

),

-- billings settle the oldest revenue first: what stands beyond them is unbilled
beyond as (

    select
        contract_id,
        month,
        currency_code,
        balance_date,
        earned_month,
        greatest(standing_to_date_amount - billed_to_date_amount, 0) as beyond_to_date_amount
    from standing

),

layers as (

    select
        beyond.contract_id,
        beyond.month,
        beyond.currency_code,
        beyond.beyond_to_date_amount - lag(beyond.beyond_to_date_amount, 1, 0) over (
            partition by beyond.contract_id, beyond.currency_code, beyond.month
            order by beyond.earned_month
        ) as unbilled_amount,
        -- revenue is as old as the end of its month
        greatest({{ dbt.datediff('months.month_end_date', 'beyond.balance_date', 'day') }}, 0) as age_days
    from beyond
    inner join months
        on beyond.earned_month = months.month

),

bucketed as (

    select
        contract_id,
        month,
        currency_code,
        {{ ageing_bucket('age_days', bounds) }} as bucket,
        {{ ageing_place('age_days', bounds) }} as bucket_number,
        max(case when unbilled_amount <> 0 then age_days end) as oldest_age_days,
        sum(unbilled_amount) as unbilled_amount
    from layers
    group by
        contract_id,
        month,
        currency_code,
        {{ ageing_bucket('age_days', bounds) }},
        {{ ageing_place('age_days', bounds) }}

),

-- converted as a whole and spread, so that the buckets of a contract sum to its contract asset to the cent
running as (

    select
        contract_id,
        month,
        currency_code,
        bucket,
        bucket_number,
        oldest_age_days,
        unbilled_amount,
        sum(unbilled_amount) over (
            partition by contract_id, currency_code, month
            order by bucket_number
            rows between unbounded preceding and current row
        ) as running_amount
    from bucketed

),

valued as (

    select
        running.contract_id,
        running.month,
        running.bucket,
        running.currency_code,
        running.oldest_age_days,
        {{ money('running.unbilled_amount') }} as unbilled_amount,
        {{ money(to_base('running.running_amount', 'rates.closing_rate_to_base')) }}
        - {{ money(to_base('running.running_amount - running.unbilled_amount', 'rates.closing_rate_to_base')) }}
            as unbilled_amount_base
    from running
    left join rates
        on running.currency_code = rates.currency_code
        and running.month = rates.month
    where running.unbilled_amount <> 0

),

-- a contract in several currencies is one contract all the same: it stands in the reporting currency
currencies as (

    select
        contract_id,
        count(distinct currency_code) as currencies
    from positions
    group by contract_id

),

contracts as (

    select
        valued.contract_id,
        valued.month,
        valued.bucket,
        case when max(currencies.currencies) = 1 then min(valued.currency_code) else '{{ var("base_currency") }}' end
            as currency_code,
        max(valued.oldest_age_days) as oldest_age_days,
        case when count(*) = count(valued.unbilled_amount_base) then sum(valued.unbilled_amount_base) end
            as unbilled_amount_base,
        case
            when max(currencies.currencies) = 1 then sum(valued.unbilled_amount)
            when count(*) = count(valued.unbilled_amount_base) then sum(valued.unbilled_amount_base)
        end as unbilled_amount
    from valued
    inner join currencies
        on valued.contract_id = currencies.contract_id
    group by
        valued.contract_id,
        valued.month,
        valued.bucket

)

select
    contracts.contract_id,
    contracts.month,
    contracts.bucket,
    case when owners.projects = 1 then owners.project_id end as project_id,
    case when owners.managers > 1 then owners.owner || ' and others' else owners.owner end as owner,
    contracts.currency_code,
    cast(contracts.oldest_age_days as integer) as oldest_age_days,
    {{ money('contracts.unbilled_amount') }} as unbilled_amount,
    {{ money('contracts.unbilled_amount_base') }} as unbilled_amount_base
from contracts
left join owners
    on contracts.contract_id = owners.contract_id
