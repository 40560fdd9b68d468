-- A month's published costs differ from the unrounded ones behind them by half a cent a row at most, in the reporting
-- currency by a cent (there the running sum is rounded), per currency.
with published as (

    select
        origin,
        cost_month,
        currency_code,
        count(*) as published_rows,
        sum(amount) as amount,
        sum(amount_base) as amount_base
    from {{ ref('fct_cost_lines') }}
    where origin in ('erp', 'time_sheets')
    group by
        origin,
        cost_month,
        currency_code

),

-- summed before they meet: the two come in different scales, and cutting one row by row takes 1 s a million
behind_summed as (

    select
        'erp' as origin,
        cost_month,
        currency_code,
        sum(amount) as amount,
        sum(amount_base) as amount_base
    from {{ ref('int_cost__lines_classified') }}
    where treatment = 'cost'
    group by
        cost_month,
        currency_code

    union all

    select
        'time_sheets' as origin,
        work_month as cost_month,
        currency_code,
        sum(cost_amount) as amount,
        sum(cost_amount_base) as amount_base
    from {{ ref('int_labour__time_entries_costed') }}
    where
        cost_amount is not null
        and '{{ var("labour_cost_source") }}' = 'timesheets'
    group by
        work_month,
        currency_code

)

select
    coalesce(published.origin, behind_summed.origin) as origin,
    coalesce(published.cost_month, behind_summed.cost_month) as cost_month,
    coalesce(published.currency_code, behind_summed.currency_code) as currency_code,
    published.amount,
    behind_summed.amount as amount_behind,
    published.amount_base,
    behind_summed.amount_base as amount_base_behind
from published
full outer join behind_summed
    on published.origin = behind_summed.origin
    and published.cost_month = behind_summed.cost_month
    and published.currency_code = behind_summed.currency_code
where
    published.origin is null
    or behind_summed.origin is null
    or abs(published.amount - behind_summed.amount) > 0.005 * published.published_rows
    or abs(coalesce(published.amount_base, 0) - coalesce(behind_summed.amount_base, 0)) > 0.01 * published.published_rows
