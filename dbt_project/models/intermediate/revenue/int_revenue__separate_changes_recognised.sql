with measured as (

    select * from {{ ref('int_revenue__work_measured') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

separate as (

    select
        price_changes.contract_line_id,
        price_changes.price_change_id,
        price_changes.effective_on,
        price_changes.cut_on,
        price_changes.amount,
        price_changes.line_end_date
    from price_changes
    where price_changes.treatment = 'separate'

),

-- the end of the line as it stood on the day of the change
line_ends as (

    select
        separate.contract_line_id,
        separate.price_change_id,
        extensions.line_end_date,
        row_number() over (
            partition by separate.contract_line_id, separate.price_change_id
            order by extensions.effective_on desc, extensions.price_change_id desc
        ) as place
    from separate
    inner join price_changes as extensions
        on separate.contract_line_id = extensions.contract_line_id
        and extensions.effective_on <= separate.effective_on
    where
        extensions.line_end_date is not null
        and extensions.treatment <> 'separate'

),

-- an extension runs from the line's end to its own; what was added without one, from its day to the line's end
spans as (

    select
        separate.contract_line_id,
        separate.price_change_id,
        separate.effective_on,
        separate.amount,
        case
            when separate.line_end_date > coalesce(line_ends.line_end_date, contract_lines.end_date)
                then greatest(separate.cut_on, coalesce(line_ends.line_end_date, contract_lines.end_date))
            else separate.cut_on
        end as after_date,
        coalesce(separate.line_end_date, line_ends.line_end_date, contract_lines.end_date) as end_date
    from separate
    inner join contract_lines
        on separate.contract_line_id = contract_lines.contract_line_id
    left join line_ends
        on separate.contract_line_id = line_ends.contract_line_id
        and separate.price_change_id = line_ends.price_change_id
        and line_ends.place = 1

),

positions as (

    select
        contract_line_id,
        price_change_id,
        effective_on,
        amount,
        end_date,
        {{ position_in_time('after_date') }} as after_position,
        {{ position_in_time('end_date') }} as end_position
    from spans

),

-- a contract of its own: rounded by itself
recognised_changes as (

    select
        measured.contract_line_id,
        measured.moment_on,
        case
            when positions.end_date is null then cast(null as decimal(38, 2))
            when measured.moment_on >= positions.end_date then {{ money('positions.amount') }}
            when positions.end_position <= positions.after_position then {{ money('positions.amount') }}
            else
                cast({{ divided(
                    'positions.amount * greatest(' ~ position_in_time('measured.moment_on') ~ ' - positions.after_position, 0)',
                    'positions.end_position - positions.after_position', 2, scale=6
                ) }} as decimal(38, 2))
        end as revenue_amount
    from measured
    inner join positions
        on measured.contract_line_id = positions.contract_line_id
        and positions.effective_on <= measured.moment_on
    where measured.moment_kind = 'month'

)

select
    contract_line_id,
    moment_on,
    -- one without an end leaves the sum unknown
    case when count(*) = count(revenue_amount) then sum(revenue_amount) end as revenue_to_date_amount
from recognised_changes
group by
    contract_line_id,
    moment_on
