with prices as (

    select * from {{ ref('stg_erp__contract_prices') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

treated as (

    select
        prices.contract_line_id,
        prices.price_change_id,
        prices.effective_on,
        prices.amount,
        prices.kind,
        prices.line_end_date,
        case
            when
                prices.kind = 'original'
                or contract_lines.revenue_method not in ('cost_to_cost', 'labour_hours', 'straight_line')
                then 'cumulative_catch_up'
            -- what was added under one line has no cost of its own: its revenue comes with the work that is left, as that
            -- of the rest does
            when prices.treatment = 'separate' and contract_lines.revenue_method <> 'straight_line' then 'prospective'
            else prices.treatment
        end as treatment,
        -- new terms open with their day; those of a month's last day open after it: a month ends on the terms of its work
        case
            when prices.effective_on = {{ month_end_of('prices.effective_on') }} then prices.effective_on
            else {{ day_before('prices.effective_on') }}
        end as cut_on
    from prices
    inner join contract_lines
        on prices.contract_line_id = contract_lines.contract_line_id

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
