with items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

unbilled as (

    select * from {{ ref('int_balances__unbilled_work_aged') }}

),

without_rate as (

    select
        case when direction = 'customer' then 'receivable' else 'payable' end as subject,
        currency_code,
        project_id,
        month,
        open_amount as amount
    from items
    where open_amount_base is null

    union all

    select
        'unbilled_work' as subject,
        currency_code,
        project_id,
        month,
        unbilled_amount as amount
    from unbilled
    where unbilled_amount_base is null

)

select
    'missing_closing_rate' as rule,
    'error' as severity,
    subject,
    'currency' as entity_type,
    currency_code as entity,
    project_id,
    month,
    cast(null as date) as occurred_on,
    'No closing rate and no daily rate from ' || currency_code || ' to {{ var("base_currency") }} stands at the end of '
    || substring(cast(month as {{ dbt.type_string() }}), 1, 7)
    || '; what is open then has no amount in the reporting currency, and its currency effect is not known. '
    || 'Deliver the exchange rate.' as message,
    sum(amount) as amount_at_stake,
    currency_code as unit
from without_rate
group by
    subject,
    currency_code,
    project_id,
    month
