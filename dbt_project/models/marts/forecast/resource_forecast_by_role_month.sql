with months_ahead as (

    select * from {{ ref('int_resources__months_ahead_by_role') }}

),

-- hours are rounded first, so that the gap is the difference of what is shown
shown as (

    select
        role_id,
        month,
        is_hours_withheld,
        case when not is_hours_withheld then cast(planned_hours as decimal(18, 2)) end as planned_hours,
        case when not is_hours_withheld then cast(capacity_hours as decimal(18, 2)) end as capacity_hours,
        rate_base
    from months_ahead

)

select
    role_id,
    month,
    planned_hours,
    capacity_hours,
    cast(capacity_hours - planned_hours as decimal(18, 2)) as gap_hours,
    {{ money('cast(planned_hours as decimal(38, 2)) * rate_base') }} as cost_amount_base,
    {{ money('cast(greatest(planned_hours - capacity_hours, 0) as decimal(38, 2))'
        ~ ' * case when planned_hours is not null then rate_base end') }}
        as gap_cost_amount_base,
    is_hours_withheld
from shown
order by
    role_id,
    month
