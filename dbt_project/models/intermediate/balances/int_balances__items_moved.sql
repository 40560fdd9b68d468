with items as (

    select * from {{ ref('int_balances__items_opened') }}

),

payments as (

    select * from {{ ref('int_balances__payments_applied') }}

),

moved as (

    select
        item_key,
        'opened' as movement,
        issue_date as moved_on,
        amount,
        {{ money(to_base('amount', 'rate_to_base')) }} as amount_base
    from items

    union all

    select
        {{ surrogate_key(['invoice_id', 'direction', 'counterparty_id']) }} as item_key,
        case when is_in_advance then 'paid_in_advance' else 'paid' end as movement,
        paid_on as moved_on,
        -applied_amount as amount,
        -{{ money(to_base('amount', 'rate_to_base')) }} as amount_base
    from payments
    where is_applied

)

select
    item_key,
    movement,
    moved_on,
    {{ month_of('moved_on') }} as month,
    amount,
    amount_base
from moved
