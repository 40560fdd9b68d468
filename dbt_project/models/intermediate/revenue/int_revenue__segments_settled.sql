with recursive changes as (

    select * from {{ ref('int_contracts__prospective_changes_grouped') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

measured as (

    select * from {{ ref('int_revenue__work_measured') }}

),

-- a credit of the same day is for what has been delivered: it counts at once and in full (IFRS 15.90(a), Example 5B)
credits as (

    select
        changes.contract_line_id,
        changes.segment_number,
        {{ money('sum(price_changes.amount)') }} as credit_amount
    from changes
    inner join price_changes
        on changes.contract_line_id = price_changes.contract_line_id
        and price_changes.effective_on between changes.opened_on and changes.last_opened_on
    where price_changes.treatment = 'cumulative_catch_up'
    group by
        changes.contract_line_id,
        changes.segment_number

),

opened as (

    select
        changes.contract_line_id,
        changes.segment_number,
        changes.opened_on,
        coalesce(credits.credit_amount, 0) as credit_amount,
        measured.price_amount,
        measured.cost_to_date_amount,
        coalesce(measured.work_done, 0) as work_done,
        measured.work_total,
        coalesce(measured.material_done, 0) as material_done,
        coalesce(measured.material_total, 0) as material_total
    from changes
    left join credits
        on changes.contract_line_id = credits.contract_line_id
        and changes.segment_number = credits.segment_number
    left join measured
        on changes.contract_line_id = measured.contract_line_id
        and changes.cut_on = measured.moment_on
        and measured.moment_kind = 'change'

),

-- each segment settles what the one before had recognised, material apart (IFRS 15.21(a): as if the contract ended and a new
-- one began)
settled as (

    select
        contract_line_id,
        cast(0 as bigint) as segment_number,
        cast(null as date) as opened_on,
        cast(0 as decimal(38, 2)) as settled_amount,
        cast(0 as decimal(38, 2)) as credit_amount,
        cast(0 as decimal(24, 4)) as work_done_before
    from opened
    where segment_number = 1

    union all

    select
        opened.contract_line_id,
        opened.segment_number,
        opened.opened_on,
        cast(
            coalesce({{ recognised(
                'opened.price_amount', 'settled.settled_amount', 'opened.work_done', 'settled.work_done_before',
                'opened.work_total', 'opened.material_done', 'opened.material_total', 'opened.cost_to_date_amount'
            ) }}, 0)
            - opened.material_done
            + opened.credit_amount as decimal(38, 2)
        ) as settled_amount,
        cast(opened.credit_amount as decimal(38, 2)) as credit_amount,
        cast(opened.work_done as decimal(24, 4)) as work_done_before
    from settled
    inner join opened
        on settled.contract_line_id = opened.contract_line_id
        and settled.segment_number + 1 = opened.segment_number

)

select
    contract_line_id,
    segment_number,
    opened_on,
    settled_amount,
    credit_amount,
    work_done_before
from settled
where segment_number > 0
