-- Where a bridge tells the effect of hours from that of rates, enough people have booked the hours behind either side.
{% set minimum = var('minimum_group') %}

with told as (

    select distinct
        project_id,
        from_version,
        to_version,
        -- actuals of a forecast end with the month of its approval
        case when from_version in ('previous_forecast', 'forecast') then {{ month_of('from_date') }} end as from_month,
        case when to_version in ('previous_forecast', 'forecast', 'actual') then {{ month_of('to_date') }} end as to_month
    from {{ ref('margin_bridge') }}
    where driver = 'rate'

),

booked as (

    select distinct
        project_id,
        employee_id,
        work_month
    from {{ ref('int_labour__time_entries_costed') }}
    where
        cost_amount is not null
        and hours <> 0

),

counted as (

    select
        told.project_id,
        told.from_version,
        told.to_version,
        count(distinct case when booked.work_month <= told.from_month then booked.employee_id end) as people_from,
        count(distinct case when booked.work_month <= told.to_month then booked.employee_id end) as people_to
    from told
    inner join booked
        on told.project_id = booked.project_id
    group by
        told.project_id,
        told.from_version,
        told.to_version

)

select
    project_id,
    from_version,
    to_version,
    people_from,
    people_to
from counted
where
    people_from between 1 and {{ minimum - 1 }}
    or people_to between 1 and {{ minimum - 1 }}
