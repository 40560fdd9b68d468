with moments as (

    select * from {{ ref('int_eac__moments_measured') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

changes as (

    select * from {{ ref('int_contracts__prospective_changes_grouped') }}

),

lines_at_moments as (

    select
        contract_lines.contract_line_id,
        contract_lines.revenue_method,
        contract_lines.start_date,
        contract_lines.end_date,
        moments.moment_kind,
        moments.moment_on,
        moments.month,
        -- terms that count: in force on the day; at a change, those before it
        case
            when moments.moment_kind = 'change' then {{ day_before('changes.opened_on') }}
            else moments.moment_on
        end as terms_on,
        moments.cost_to_date_amount,
        moments.uninstalled_cost_to_date_amount,
        moments.quality_cost_to_date_amount,
        moments.eac_amount,
        moments.uninstalled_eac_amount,
        moments.is_plan_empty,
        moments.hours_to_date,
        moments.eac_hours
    from moments
    inner join contract_lines
        on moments.holder_id = contract_lines.contract_line_id
    left join changes
        on moments.moment_kind = 'change'
        and moments.holder_id = changes.contract_line_id
        and moments.moment_on = changes.cut_on
    where
        moments.holder_kind = 'contract_line'
        and contract_lines.revenue_method in ('cost_to_cost', 'labour_hours', 'straight_line')

),

-- price and end of the line as the terms say; a separate change has its own price and its own end
priced as (

    select
        lines_at_moments.contract_line_id,
        lines_at_moments.moment_kind,
        lines_at_moments.moment_on,
        {{ money("sum(case when price_changes.treatment <> 'separate' then price_changes.amount end)") }} as price_amount,
        {{ money('sum(price_changes.amount)') }} as whole_price_amount
    from lines_at_moments
    inner join price_changes
        on lines_at_moments.contract_line_id = price_changes.contract_line_id
        and price_changes.effective_on <= lines_at_moments.terms_on
    group by
        lines_at_moments.contract_line_id,
        lines_at_moments.moment_kind,
        lines_at_moments.moment_on

),

extended as (

    select
        lines_at_moments.contract_line_id,
        lines_at_moments.moment_kind,
        lines_at_moments.moment_on,
        price_changes.line_end_date,
        row_number() over (
            partition by
                lines_at_moments.contract_line_id,
                lines_at_moments.moment_kind,
                lines_at_moments.moment_on
            order by price_changes.effective_on desc, price_changes.price_change_id desc
        ) as place
    from lines_at_moments
    inner join price_changes
        on lines_at_moments.contract_line_id = price_changes.contract_line_id
        and price_changes.effective_on <= lines_at_moments.terms_on
    where
        price_changes.line_end_date is not null
        and price_changes.treatment <> 'separate'

),

ended as (

    select
        lines_at_moments.contract_line_id,
        lines_at_moments.revenue_method,
        lines_at_moments.moment_kind,
        lines_at_moments.moment_on,
        lines_at_moments.month,
        lines_at_moments.start_date,
        coalesce(extended.line_end_date, lines_at_moments.end_date) as end_date,
        priced.price_amount,
        priced.whole_price_amount,
        lines_at_moments.cost_to_date_amount,
        lines_at_moments.uninstalled_cost_to_date_amount,
        lines_at_moments.quality_cost_to_date_amount,
        lines_at_moments.eac_amount,
        lines_at_moments.uninstalled_eac_amount,
        lines_at_moments.is_plan_empty,
        lines_at_moments.hours_to_date,
        lines_at_moments.eac_hours
    from lines_at_moments
    left join priced
        on lines_at_moments.contract_line_id = priced.contract_line_id
        and lines_at_moments.moment_kind = priced.moment_kind
        and lines_at_moments.moment_on = priced.moment_on
    left join extended
        on lines_at_moments.contract_line_id = extended.contract_line_id
        and lines_at_moments.moment_kind = extended.moment_kind
        and lines_at_moments.moment_on = extended.moment_on
        and extended.place = 1

),

measured as (

    select
        contract_line_id,
        revenue_method,
        moment_kind,
        moment_on,
        month,
        end_date,
        price_amount,
        whole_price_amount,
        -- cost recovery is for work that is measured, not for time
        case when revenue_method <> 'straight_line' then cost_to_date_amount end as cost_to_date_amount,
        -- work done again is no progress, on either side (IFRS 15.B19(a))
        case revenue_method
            when 'cost_to_cost'
                then
                    cast(
                        cost_to_date_amount - uninstalled_cost_to_date_amount - quality_cost_to_date_amount
                        as decimal(24, 4)
                    )
            when 'labour_hours' then hours_to_date
            else
                cast(
                    {{ position_in_time('moment_on') }} - {{ position_in_time(day_before('start_date')) }}
                    as decimal(24, 4)
                )
        end as work_done,
        -- what has been spent is no estimate of what will be
        case
            when revenue_method = 'cost_to_cost' and is_plan_empty then cast(0 as decimal(24, 4))
            when revenue_method = 'cost_to_cost'
                then cast(eac_amount - uninstalled_eac_amount - quality_cost_to_date_amount as decimal(24, 4))
            when revenue_method = 'labour_hours' then eac_hours
            else
                cast(
                    {{ position_in_time('end_date') }} - {{ position_in_time(day_before('start_date')) }}
                    as decimal(24, 4)
                )
        end as work_total,
        case when revenue_method = 'cost_to_cost' then uninstalled_cost_to_date_amount else 0 end as material_done,
        case when revenue_method = 'cost_to_cost' then coalesce(uninstalled_eac_amount, 0) else 0 end as material_total
    from ended

)

select
    contract_line_id,
    revenue_method,
    moment_kind,
    moment_on,
    month,
    end_date,
    price_amount,
    whole_price_amount,
    cost_to_date_amount,
    -- before the start nothing is done, and a credit does not undo work
    greatest(work_done, 0) as work_done,
    work_total,
    cast(material_done as decimal(18, 2)) as material_done,
    cast(material_total as decimal(18, 2)) as material_total
from measured
