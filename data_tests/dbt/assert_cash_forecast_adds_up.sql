-- Billings are what is to be billed; collections are what is open and what will be billed; the mart is its movements.
with movements as (

    select * from {{ ref('int_cash__movements_expected') }}

),

lines as (

    select * from {{ ref('int_cash__lines_to_bill') }}

),

items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

forecast as (

    select * from {{ ref('cash_forecast_by_project_month') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

parts as (

    select
        'billings' as measure,
        project_id,
        currency_code,
        amount as found_amount,
        0 as expected_amount
    from movements
    where kind = 'billing'

    union all

    select
        'billings' as measure,
        project_id,
        currency_code,
        0 as found_amount,
        coalesce(open_amount, 0) + coalesce(ahead_amount, 0) as expected_amount
    from lines

    union all

    select
        'collections' as measure,
        project_id,
        currency_code,
        case when kind = 'billing' then 0 else amount end as found_amount,
        case when kind = 'billing' then amount else 0 end as expected_amount
    from movements
    where kind in ('billing', 'collection', 'retention')

    union all

    select
        'collections' as measure,
        items.project_id,
        items.currency_code,
        0 as found_amount,
        items.open_amount as expected_amount
    from items
    cross join parameters
    where
        items.direction = 'customer'
        and items.month = {{ month_of('parameters.as_of_date') }}

    union all

    select
        'net of the mart' as measure,
        project_id,
        project_currency_code as currency_code,
        0 as found_amount,
        case when kind in ('collection', 'retention') then project_amount when kind = 'billing' then 0 else -project_amount end
            as expected_amount
    from movements
    where project_id is not null

    union all

    select
        'net of the mart' as measure,
        project_id,
        currency_code,
        collections_amount - supplier_payments_amount - payroll_amount as found_amount,
        0 as expected_amount
    from forecast

)

select
    measure,
    project_id,
    currency_code,
    sum(expected_amount) as expected_amount,
    sum(found_amount) as found_amount
from parts
group by
    measure,
    project_id,
    currency_code
having
    sum(expected_amount) <> sum(found_amount)
    -- a movement without a rate leaves its month of the mart empty, and is an exception
    and (measure <> 'net of the mart' or count(*) = count(expected_amount))
