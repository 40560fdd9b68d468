-- Counted anew from the time entries: no published hours of fewer people than minimum_group, none of whose costed part has
-- fewer, and no project's month whose withheld rows hide fewer.
{%- set minimum = var('minimum_group') %}
with person_cells as (

    select
        employee_id,
        project_id,
        wbs_id,
        role_id,
        work_month,
        is_billable,
        approval_status,
        sum(hours) as hours,
        count(cost_amount) as costed_entries
    from {{ ref('int_labour__time_entries_costed') }}
    group by
        employee_id,
        project_id,
        wbs_id,
        role_id,
        work_month,
        is_billable,
        approval_status
    having sum(hours) <> 0

),

seen as (

    select
        published.project_id,
        published.month,
        published.hours is not null as is_shown,
        published.wbs_id,
        published.role_id,
        published.is_billable,
        published.approval_status,
        person_cells.employee_id,
        case when person_cells.costed_entries > 0 then person_cells.employee_id end as costed_employee_id
    from {{ ref('fct_time_entries') }} as published
    left join person_cells
        on published.project_id = person_cells.project_id
        and published.month = person_cells.work_month
        and published.approval_status = person_cells.approval_status
        and published.wbs_id is not distinct from person_cells.wbs_id
        and published.role_id is not distinct from person_cells.role_id
        and published.is_billable is not distinct from person_cells.is_billable

),

shown as (

    select
        project_id,
        month,
        'shown' as hours_are,
        count(distinct employee_id) as people,
        count(distinct costed_employee_id) as costed_people
    from seen
    where is_shown
    group by
        project_id,
        month,
        wbs_id,
        role_id,
        is_billable,
        approval_status

),

withheld as (

    select
        project_id,
        month,
        'withheld' as hours_are,
        count(distinct employee_id) as people,
        count(distinct costed_employee_id) as costed_people
    from seen
    where not is_shown
    group by
        project_id,
        month

),

shown_months as (

    select distinct
        project_id,
        month
    from seen
    where is_shown

)

select
    project_id,
    month,
    hours_are,
    people,
    costed_people
from shown
where
    people < {{ minimum }}
    or costed_people between 1 and {{ minimum - 1 }}

union all

select
    withheld.project_id,
    withheld.month,
    withheld.hours_are,
    withheld.people,
    withheld.costed_people
from withheld
inner join shown_months
    on withheld.project_id = shown_months.project_id
    and withheld.month = shown_months.month
where
    withheld.people between 1 and {{ minimum - 1 }}
    or withheld.costed_people between 1 and {{ minimum - 1 }}
