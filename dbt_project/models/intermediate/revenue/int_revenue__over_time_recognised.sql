with measured as (

    select * from {{ ref('int_revenue__work_measured') }}

),

segments as (

    select * from {{ ref('int_revenue__segments_settled') }}

),

separate_changes as (

    select * from {{ ref('int_revenue__separate_changes_recognised') }}

),

in_segments as (

    select
        measured.contract_line_id,
        measured.month,
        measured.moment_on,
        measured.price_amount,
        measured.whole_price_amount,
        measured.cost_to_date_amount,
        measured.work_done,
        measured.work_total,
        measured.material_done,
        measured.material_total,
        segments.opened_on,
        coalesce(segments.settled_amount, 0) as settled_amount,
        coalesce(segments.credit_amount, 0) as credit_amount,
        coalesce(segments.work_done_before, 0) as work_done_before,
        row_number() over (
            partition by measured.contract_line_id, measured.moment_on
            order by segments.segment_number desc
        ) as place
    from measured
    left join segments
        on measured.contract_line_id = segments.contract_line_id
        and segments.opened_on <= measured.moment_on
    where measured.moment_kind = 'month'

),

with_month_before as (

    select
        contract_line_id,
        month,
        moment_on,
        price_amount,
        whole_price_amount,
        cost_to_date_amount,
        work_done,
        work_total,
        material_done,
        material_total,
        opened_on,
        settled_amount,
        credit_amount,
        work_done_before,
        lag(moment_on) over (partition by contract_line_id order by month) as moment_before_on,
        lag(work_done, 1, 0) over (partition by contract_line_id order by month) as work_done_month_before,
        lag(material_done, 1, 0) over (partition by contract_line_id order by month) as material_done_month_before
    from in_segments
    where place = 1

),

recognised as (

    select
        contract_line_id,
        month,
        moment_on,
        whole_price_amount,
        work_done,
        work_total,
        credit_amount,
        price_amount is not null and coalesce(work_total, 0) <= 0 as is_cost_recovered,
        coalesce(opened_on > moment_before_on, opened_on is not null) as is_segment_new,
        {{ recognised(
            'price_amount', 'settled_amount', 'work_done', 'work_done_before', 'work_total',
            'material_done', 'material_total', 'cost_to_date_amount'
        ) }} as main_amount,
        -- the work of the months before, on the terms and estimates of this one
        case
            when coalesce(work_total, 0) > 0
                then {{ recognised(
                    'price_amount', 'settled_amount', 'work_done_month_before', 'work_done_before', 'work_total',
                    'material_done_month_before', 'material_total', 'cost_to_date_amount'
                ) }}
        end as earlier_work_amount
    from with_month_before

),

-- revenue to the end of the month before, as it was recognised then
before_and_after as (

    select
        contract_line_id,
        month,
        moment_on,
        whole_price_amount,
        work_done,
        work_total,
        credit_amount,
        is_cost_recovered,
        is_segment_new,
        main_amount,
        earlier_work_amount,
        coalesce(lag(main_amount) over (partition by contract_line_id order by month), 0) as main_amount_before
    from recognised

)

select
    before_and_after.contract_line_id,
    before_and_after.month,
    before_and_after.whole_price_amount as transaction_price_amount,
    before_and_after.is_cost_recovered,
    cast(
        case
            when before_and_after.work_total > 0
                then
                    {{ divided('least(before_and_after.work_done, before_and_after.work_total)',
                        'before_and_after.work_total', 12) }}
        end as decimal(18, 12)
    ) as progress_pct,
    -- separate changes only: nothing to wait for
    case
        when separate_changes.contract_line_id is null then before_and_after.main_amount
        else before_and_after.main_amount + separate_changes.revenue_to_date_amount
    end as revenue_to_date_amount,
    case
        when before_and_after.main_amount is null then cast(null as decimal(18, 2))
        -- new terms leave what was settled alone; a credit of their day does not
        when before_and_after.is_segment_new then before_and_after.credit_amount
        when before_and_after.earlier_work_amount is null then 0
        else before_and_after.earlier_work_amount - before_and_after.main_amount_before
    end as catch_up_amount
from before_and_after
left join separate_changes
    on before_and_after.contract_line_id = separate_changes.contract_line_id
    and before_and_after.moment_on = separate_changes.moment_on
