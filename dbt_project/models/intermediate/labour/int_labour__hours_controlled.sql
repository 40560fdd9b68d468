{#- Whether a month's hours of the whole firm may go out: people enough behind the total, and behind what is left of it
    when the published hours of the month's cells are subtracted; for costed and uncosted hours alike. -#}
{%- set minimum = var('minimum_group') -%}

with time_entries as (

    select * from {{ ref('stg_timesheets__time_entries') }}

),

cells as (

    select * from {{ ref('int_labour__hours_suppressed') }}

),

person_months as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

delivered as (

    select
        {{ month_of('work_date') }} as work_month,
        count(*) as time_entries,
        sum(hours) as hours
    from time_entries
    group by {{ month_of('work_date') }}

),

held as (

    select
        work_month,
        sum(case when approval_status in ('approved', 'submitted') then time_entries else 0 end) as time_entries,
        sum(case when approval_status in ('approved', 'submitted') then hours else 0 end) as hours,
        sum(case when approval_status in ('approved', 'submitted') then 0 else time_entries end) as excluded_time_entries,
        sum(case when approval_status in ('approved', 'submitted') then 0 else hours end) as excluded_hours
    from cells
    group by work_month

),

-- people behind a part (costed or not) of a month, all of them and those behind its withheld cells
people_by_part as (

    select
        person_months.work_month,
        person_months.approval_status in ('approved', 'submitted') as is_costed,
        count(distinct person_months.employee_id) as people,
        count(distinct case when cells.is_hours_withheld then person_months.employee_id end) as people_withheld,
        count(distinct case when cells.is_hours_withheld and person_months.has_cost then person_months.employee_id end)
            as people_withheld_with_cost
    from person_months
    inner join cells
        on person_months.project_id = cells.project_id
        and person_months.work_month = cells.work_month
        and person_months.approval_status = cells.approval_status
        and person_months.wbs_id is not distinct from cells.wbs_id
        and person_months.role_id is not distinct from cells.role_id
        and person_months.is_billable is not distinct from cells.is_billable
    where person_months.hours <> 0
    group by
        person_months.work_month,
        person_months.approval_status in ('approved', 'submitted')

),

judged as (

    select
        work_month,
        max(
            case
                when people < {{ minimum }} then 1
                when people_withheld between 1 and {{ minimum - 1 }} then 1
                when people_withheld_with_cost between 1 and {{ minimum - 1 }} then 1
                else 0
            end
        ) = 1 as is_withheld
    from people_by_part
    group by work_month

)

select
    delivered.work_month,
    delivered.time_entries as delivered_time_entries,
    coalesce(held.time_entries, 0) as held_time_entries,
    coalesce(held.excluded_time_entries, 0) as excluded_time_entries,
    delivered.hours as delivered_hours,
    coalesce(held.hours, 0) as held_hours,
    coalesce(held.excluded_hours, 0) as excluded_hours,
    coalesce(judged.is_withheld, true) as is_withheld
from delivered
left join held
    on delivered.work_month = held.work_month
left join judged
    on delivered.work_month = judged.work_month
