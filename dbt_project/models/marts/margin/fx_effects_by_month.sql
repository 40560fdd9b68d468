with effects as (

    select * from {{ ref('int_balances__fx_effects_by_item_month') }}

),

items as (

    select * from {{ ref('int_balances__items_opened') }}

)

select
    effects.item_key as invoice_key,
    effects.month,
    effects.direction,
    items.item_type,
    items.invoice_id,
    items.counterparty_id,
    items.customer_id,
    items.project_id,
    effects.currency_code,
    effects.opening_amount,
    effects.added_amount,
    effects.settled_amount,
    effects.closing_amount,
    effects.opening_amount_base,
    effects.added_amount_base,
    effects.settled_amount_base,
    effects.closing_amount_base,
    effects.realised_effect_amount_base,
    effects.unrealised_effect_amount_base,
    effects.fx_effect_amount_base,
    items.source_file_id,
    items.source_line
from effects
inner join items
    on effects.item_key = items.item_key
