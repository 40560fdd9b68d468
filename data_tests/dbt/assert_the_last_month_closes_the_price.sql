-- Where the work is done, revenue to date is the price to the cent; and in every month it is the sum of the months.
-- A line with separate changes is left out of the first: its progress is that of what was agreed first.
with line_months as (

    select * from {{ ref('revenue_by_contract_line_month') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

with_separate as (

    select distinct contract_line_id
    from price_changes
    where treatment = 'separate'

),

running as (

    select
        line_months.contract_line_id,
        line_months.month,
        line_months.revenue_method,
        line_months.progress_pct,
        line_months.transaction_price_amount,
        line_months.cost_to_date_amount,
        line_months.eac_amount,
        line_months.revenue_to_date_amount,
        with_separate.contract_line_id is not null as has_separate,
        sum(line_months.revenue_amount) over (
            partition by line_months.contract_line_id order by line_months.month
            rows between unbounded preceding and current row
        ) as sum_of_months
    from line_months
    left join with_separate
        on line_months.contract_line_id = with_separate.contract_line_id

)

select
    contract_line_id,
    month,
    'work is done, price is not recognised' as fault,
    transaction_price_amount as expected_amount,
    revenue_to_date_amount as found_amount
from running
where
    not has_separate
    and (
        (revenue_method = 'straight_line' and progress_pct = 1)
        or (revenue_method = 'cost_to_cost' and progress_pct = 1 and cost_to_date_amount = eac_amount)
        or (revenue_method = 'labour_hours' and progress_pct = 1)
    )
    and revenue_to_date_amount is distinct from transaction_price_amount

union all

select
    contract_line_id,
    month,
    'months do not add up' as fault,
    revenue_to_date_amount as expected_amount,
    sum_of_months as found_amount
from running
where revenue_to_date_amount <> sum_of_months
