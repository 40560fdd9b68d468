with prices as (

    select * from {{ ref('stg_erp__contract_prices') }}

),

obligations as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

-- what is said of a change that is an obligation of its own is said of that
named as (

    select
        coalesce(apart.contract_line_id, prices.contract_line_id) as contract_line_id,
        apart.contract_line_id is not null as is_apart,
        prices.price_change_id,
        prices.effective_on,
        prices.amount,
        prices.kind,
        prices.treatment,
        prices.line_end_date
    from prices
    left join obligations as apart
        on prices.contract_line_id = apart.delivered_line_id
        and prices.change_request_id = apart.change_request_id
        and prices.effective_on >= apart.start_date

),

treated as (

    select
        named.contract_line_id,
        named.price_change_id,
        named.effective_on,
        named.amount,
        named.kind,
        named.line_end_date,
        case
            when
                named.kind = 'original'
                or (named.treatment = 'separate' and named.is_apart)
                or obligations.revenue_method not in ('cost_to_cost', 'labour_hours', 'straight_line')
                then 'cumulative_catch_up'
            -- what was added and cannot be told apart has no cost of its own: its revenue comes with the work that is left,
            -- as that of the rest does
            when named.treatment = 'separate' and obligations.revenue_method <> 'straight_line' then 'prospective'
            else named.treatment
        end as treatment,
        -- new terms open with their day; those of a month's last day open after it: a month ends on the terms of its work
        case
            when named.effective_on = {{ month_end_of('named.effective_on') }} then named.effective_on
            else {{ day_before('named.effective_on') }}
        end as cut_on
    from named
    inner join obligations
        on named.contract_line_id = obligations.contract_line_id

)

select
    contract_line_id,
    price_change_id,
    effective_on,
    amount,
    kind,
    line_end_date,
    treatment,
    cut_on
from treated
