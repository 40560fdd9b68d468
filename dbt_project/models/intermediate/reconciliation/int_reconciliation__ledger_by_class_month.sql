with balances as (

    select * from {{ ref('stg_erp__gl_balances') }}

),

accounts as (

    select * from {{ ref('stg_erp__accounts') }}

),

rates as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

-- movements of the month, all companies; classes that grow in credit are turned, so that everything is above zero
movements as (

    select
        accounts.class as category,
        balances.month,
        case
            when accounts.class in ('revenue', 'payable', 'contract_liability') then -1
            else 1
        end * {{ money(to_base('balances.amount', 'rates.average_rate_to_base')) }} as amount_base
    from balances
    inner join accounts
        on balances.account_code = accounts.account_code
    left join rates
        on balances.currency_code = rates.currency_code
        and balances.month = rates.month
    where accounts.class <> 'out_of_scope'

),

bounds as (

    select
        min(month) as first_month,
        max(month) as last_month
    from movements

)

select
    movements.category,
    movements.month,
    bounds.first_month,
    bounds.last_month,
    case when count(movements.amount_base) = count(*) then sum(movements.amount_base) end as amount_base
from movements
cross join bounds
group by
    movements.category,
    movements.month,
    bounds.first_month,
    bounds.last_month
