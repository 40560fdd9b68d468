with effects as (

    select * from {{ ref('int_balances__fx_effects_by_item_month') }}

),

items as (

    select * from {{ ref('int_balances__items_opened') }}

)

select
    items.project_id,
    effects.month,
    sum(effects.realised_effect_amount_base) as realised_effect_amount_base,
    sum(effects.unrealised_effect_amount_base) as unrealised_effect_amount_base,
    sum(effects.fx_effect_amount_base) as fx_effect_amount_base
from effects
inner join items
    on effects.item_key = items.item_key
where items.project_id is not null
group by
    items.project_id,
    effects.month
