with amounts as (

    select * from {{ ref('int_revenue__amounts_by_contract_line_month') }}

),

positions as (

    select * from {{ ref('int_revenue__positions_by_contract_month') }}

),

layers as (

    select * from {{ ref('int_revenue__layers_billed') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

-- revenue of a contract in its order, month by month and line by line
earned as (

    select
        contract_line_id,
        contract_id,
        currency_code,
        month,
        coalesce(revenue_amount, 0) as amount,
        sum(coalesce(revenue_amount, 0)) over (
            partition by contract_id, currency_code
            order by month, contract_line_id
            rows between unbounded preceding and current row
        ) as earned_to_date_amount
    from amounts
    where revenue_method <> 'as_invoiced'

),

-- from where to where the row uses what has been billed by the end of its month; the credit notes of the month go first
placed as (

    select
        earned.contract_line_id,
        earned.contract_id,
        earned.currency_code,
        earned.month,
        earned.amount,
        {{ money('least(greatest(earned.earned_to_date_amount - earned.amount + positions.credits_to_date_amount, 0),'
            ~ ' positions.layers_to_date_amount)') }} as used_from,
        {{ money('least(greatest(earned.earned_to_date_amount + positions.credits_to_date_amount, 0),'
            ~ ' positions.layers_to_date_amount)') }} as used_to
    from earned
    inner join positions
        on earned.contract_id = positions.contract_id
        and earned.currency_code = positions.currency_code
        and earned.month = positions.month

),

points as (

    select
        contract_id,
        currency_code,
        used_from as point
    from placed

    union

    select
        contract_id,
        currency_code,
        used_to as point
    from placed

),

-- what the layers up to a point are worth
valued_points as (

    select
        points.contract_id,
        points.currency_code,
        points.point,
        {{ money('layers.value_start + coalesce('
            ~ divided('cast(points.point - layers.layer_start as decimal(38, 2)) * layers.layer_amount_base', 'layers.layer_amount', 2)
            ~ ', 0)') }} as point_value
    from points
    inner join layers
        on points.contract_id = layers.contract_id
        and points.currency_code = layers.currency_code
        and points.point > layers.layer_start
        and points.point <= layers.layer_end

),

-- rows that use a layer whose worth nobody knows
without_rate as (

    select distinct
        placed.contract_line_id,
        placed.month
    from placed
    inner join layers
        on placed.contract_id = layers.contract_id
        and placed.currency_code = layers.currency_code
        and layers.layer_start < greatest(placed.used_from, placed.used_to)
        and layers.layer_end > least(placed.used_from, placed.used_to)
    where layers.layer_amount_base is null

),

converted as (

    select
        placed.contract_line_id,
        placed.month,
        case
            when without_rate.contract_line_id is not null then cast(null as decimal(18, 2))
            when placed.amount = placed.used_to - placed.used_from
                then coalesce(ends.point_value, 0) - coalesce(starts.point_value, 0)
            else
                coalesce(ends.point_value, 0) - coalesce(starts.point_value, 0)
                + {{ money(to_base('placed.amount - (placed.used_to - placed.used_from)',
                    'rates_to_base.average_rate_to_base')) }}
        end as amount_base
    from placed
    left join valued_points as starts
        on placed.contract_id = starts.contract_id
        and placed.currency_code = starts.currency_code
        and placed.used_from = starts.point
    left join valued_points as ends
        on placed.contract_id = ends.contract_id
        and placed.currency_code = ends.currency_code
        and placed.used_to = ends.point
    left join without_rate
        on placed.contract_line_id = without_rate.contract_line_id
        and placed.month = without_rate.month
    left join rates_to_base
        on placed.currency_code = rates_to_base.currency_code
        and placed.month = rates_to_base.month

)

select
    amounts.contract_line_id,
    amounts.month,
    case
        when amounts.revenue_amount is null then cast(null as decimal(18, 2))
        when amounts.revenue_method = 'as_invoiced' then {{ money('amounts.invoiced_amount_base') }}
        else {{ money('converted.amount_base') }}
    end as revenue_amount_base
from amounts
left join converted
    on amounts.contract_line_id = converted.contract_line_id
    and amounts.month = converted.month
