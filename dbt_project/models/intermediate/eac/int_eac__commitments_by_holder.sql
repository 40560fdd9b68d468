{#- Open orders of the branch that a contract line pays for, or of the whole project, in the holder's currency at the rate of
    the order's day. -#}
with commitments as (

    select * from {{ ref('int_eac__commitments_dated') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

holders as (

    select * from {{ ref('int_eac__holders_named') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

held as (

    select
        holders.holder_kind,
        holders.holder_id,
        holders.currency_code = commitments.order_currency_code as is_own_currency,
        commitments.purchase_order_id,
        commitments.open_from,
        commitments.open_to,
        commitments.order_amount,
        {{ to_base('commitments.order_amount', 'commitments.order_rate_to_base') }} as amount_base,
        rates.rate_to_base as holder_rate_to_base
    from commitments
    left join branches
        on commitments.project_id = branches.project_id
        and commitments.wbs_id = branches.wbs_id
    inner join holders
        on commitments.project_id = holders.project_id
        and (holders.holder_kind = 'project' or branches.branch_id = holders.branch_id)
    left join rates
        on holders.currency_code = rates.currency_code
        and commitments.ordered_on = rates.rate_date

),

converted as (

    select
        holder_kind,
        holder_id,
        purchase_order_id,
        open_from,
        open_to,
        case
            when is_own_currency then cast(order_amount as decimal(38, 6))
            else
                cast({{ divided('cast(amount_base as decimal(38, 6))', 'holder_rate_to_base', 6, scale=12) }} as decimal(38, 6))
        end as amount,
        cast(amount_base as decimal(38, 6)) as amount_base
    from held

)

select
    holder_kind,
    holder_id,
    purchase_order_id,
    open_from,
    open_to,
    sum(amount) as open_amount,
    sum(amount_base) as open_amount_base,
    -- no rate: the order is in no estimate, and an exception names it
    count(*) - count(amount) as rows_without_amount
from converted
group by
    holder_kind,
    holder_id,
    purchase_order_id,
    open_from,
    open_to
