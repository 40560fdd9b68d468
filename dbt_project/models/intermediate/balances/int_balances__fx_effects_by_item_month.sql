with items as (

    select * from {{ ref('int_balances__items_opened') }}

),

moved as (

    select * from {{ ref('int_balances__items_moved') }}

),

open_by_month as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

foreign_items as (

    select
        item_key,
        {{ month_of('issue_date') }} as issue_month,
        direction,
        currency_code,
        rate_to_base
    from items
    where currency_code <> '{{ var("base_currency") }}'

),

-- what was paid before the document existed is no monetary item: it keeps the rate of its day (IFRIC 22.8-9), and the
-- document opens with the rest
opened as (

    select
        foreign_items.item_key,
        foreign_items.issue_month as month,
        sum(moved.amount) as added_amount
    from foreign_items
    inner join moved
        on foreign_items.item_key = moved.item_key
    where moved.movement in ('opened', 'paid_in_advance')
    group by
        foreign_items.item_key,
        foreign_items.issue_month

),

settled as (

    select
        moved.item_key,
        moved.month,
        -sum(moved.amount) as settled_amount,
        -- one payment without a rate leaves the month's settlements without a value
        case when count(moved.amount_base) = count(*) then -sum(moved.amount_base) end as settled_amount_base
    from moved
    inner join foreign_items
        on moved.item_key = foreign_items.item_key
    where moved.movement = 'paid'
    group by
        moved.item_key,
        moved.month

),

carried as (

    select
        open_by_month.item_key,
        open_by_month.month,
        open_by_month.open_amount as closing_amount,
        open_by_month.closing_rate_to_base,
        open_by_month.open_amount_base as closing_amount_base
    from open_by_month
    inner join foreign_items
        on open_by_month.item_key = foreign_items.item_key
        and foreign_items.issue_month <= open_by_month.month

),

item_months as (

    select
        item_key,
        month
    from opened

    union

    select
        item_key,
        month
    from settled

    union

    select
        item_key,
        month
    from carried

),

rolled as (

    select
        item_months.item_key,
        item_months.month,
        foreign_items.direction,
        foreign_items.currency_code,
        coalesce(opened.added_amount, 0) as added_amount,
        {{ money('coalesce(opened.added_amount, 0) * foreign_items.rate_to_base') }} as delivered_added_amount_base,
        coalesce(settled.settled_amount, 0) as settled_amount,
        case when settled.item_key is null then 0 else settled.settled_amount_base end as settled_amount_base,
        coalesce(carried.closing_amount, 0) as closing_amount,
        carried.closing_rate_to_base,
        case when carried.item_key is null then 0 else carried.closing_amount_base end as closing_amount_base,
        opened.item_key is not null as is_opened,
        foreign_items.rate_to_base as opening_day_rate
    from item_months
    inner join foreign_items
        on item_months.item_key = foreign_items.item_key
    left join opened
        on item_months.item_key = opened.item_key
        and item_months.month = opened.month
    left join settled
        on item_months.item_key = settled.item_key
        and item_months.month = settled.month
    left join carried
        on item_months.item_key = carried.item_key
        and item_months.month = carried.month

),

-- the row before is the month before, or one at whose end nothing was open
carried_over as (

    select
        item_key,
        month,
        direction,
        currency_code,
        case when direction = 'customer' then 1 else -1 end as sign,
        coalesce(lag(closing_amount) over (partition by item_key order by month), 0) as opening_amount,
        case
            when lag(item_key) over (partition by item_key order by month) is null then 0
            else lag(closing_amount_base) over (partition by item_key order by month)
        end as opening_amount_base,
        added_amount,
        case when added_amount = 0 then 0 else delivered_added_amount_base end as added_amount_base,
        settled_amount,
        settled_amount_base,
        closing_amount,
        closing_amount_base,
        closing_rate_to_base,
        -- at which rate the part that is still open stood before this month's effect
        case
            when is_opened then opening_day_rate
            else lag(closing_rate_to_base) over (partition by item_key order by month)
        end as carrying_rate_to_base
    from rolled

),

effects as (

    select
        item_key,
        month,
        direction,
        currency_code,
        opening_amount,
        added_amount,
        settled_amount,
        closing_amount,
        opening_amount_base,
        added_amount_base,
        settled_amount_base,
        closing_amount_base,
        closing_rate_to_base,
        sign * (closing_amount_base + settled_amount_base - opening_amount_base - added_amount_base)
            as fx_effect_amount_base,
        sign * {{ money('closing_amount * (closing_rate_to_base - carrying_rate_to_base)') }} as effect_on_open_amount_base
    from carried_over

)

select
    item_key,
    month,
    direction,
    currency_code,
    cast(opening_amount as decimal(18, 2)) as opening_amount,
    cast(added_amount as decimal(18, 2)) as added_amount,
    cast(settled_amount as decimal(18, 2)) as settled_amount,
    cast(closing_amount as decimal(18, 2)) as closing_amount,
    closing_rate_to_base,
    cast(opening_amount_base as decimal(18, 2)) as opening_amount_base,
    cast(added_amount_base as decimal(18, 2)) as added_amount_base,
    cast(settled_amount_base as decimal(18, 2)) as settled_amount_base,
    cast(closing_amount_base as decimal(18, 2)) as closing_amount_base,
    -- the cents of rounding stay with whichever of the two there is
    cast(
        case
            when fx_effect_amount_base is null then null
            when settled_amount = 0 then 0
            when closing_amount = 0 then fx_effect_amount_base
            else fx_effect_amount_base - coalesce(effect_on_open_amount_base, fx_effect_amount_base)
        end as decimal(18, 2)
    ) as realised_effect_amount_base,
    cast(
        case
            when fx_effect_amount_base is null then null
            when settled_amount = 0 then fx_effect_amount_base
            when closing_amount = 0 then 0
            else coalesce(effect_on_open_amount_base, fx_effect_amount_base)
        end as decimal(18, 2)
    ) as unrealised_effect_amount_base,
    cast(fx_effect_amount_base as decimal(18, 2)) as fx_effect_amount_base
from effects
where opening_amount <> 0 or added_amount <> 0 or settled_amount <> 0 or closing_amount <> 0
