{#- People without hours do not hide anybody: who nets to zero in a cell is not counted. -#}
{%- set minimum = var('minimum_group') -%}

with person_months as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

cells as (

    select
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        work_month,
        is_billable,
        approval_status,
        sum(hours) as hours,
        sum(time_entries) as time_entries,
        count(distinct case when hours <> 0 then employee_id end) as people,
        count(distinct case when hours <> 0 and has_cost then employee_id end) as people_with_cost,
        min(first_source_file_id) as first_source_file_id,
        max(last_source_file_id) as last_source_file_id,
        min(first_source_line) as first_source_line,
        max(last_source_line) as last_source_line
    from person_months
    group by
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        work_month,
        is_billable,
        approval_status

),

-- too few people behind the hours; or behind the part of them that has a cost, which is published beside them
judged as (

    select
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        work_month,
        is_billable,
        approval_status,
        hours,
        time_entries,
        people,
        people_with_cost,
        people < {{ minimum }} or people_with_cost between 1 and {{ minimum - 1 }} as is_small,
        first_source_file_id,
        last_source_file_id,
        first_source_line,
        last_source_line
    from cells

),

-- the people of a project's small cells together: too few of them, and the project's month less its other cells would
-- give them away; then every cell of that month is withheld
behind_small_cells as (

    select
        judged.project_id,
        judged.work_month,
        count(distinct case when person_months.hours <> 0 then person_months.employee_id end) as people,
        count(distinct case when person_months.hours <> 0 and person_months.has_cost then person_months.employee_id end)
            as people_with_cost
    from judged
    inner join person_months
        on judged.project_id = person_months.project_id
        and judged.work_month = person_months.work_month
        and judged.approval_status = person_months.approval_status
        and judged.wbs_id is not distinct from person_months.wbs_id
        and judged.role_id is not distinct from person_months.role_id
        and judged.is_billable is not distinct from person_months.is_billable
    where judged.is_small
    group by
        judged.project_id,
        judged.work_month

)

select
    judged.project_id,
    judged.is_project_known,
    judged.wbs_id,
    judged.role_id,
    judged.work_month,
    judged.is_billable,
    judged.approval_status,
    judged.hours,
    judged.time_entries,
    judged.people,
    judged.people_with_cost,
    judged.is_small
    or coalesce(
        behind_small_cells.people < {{ minimum }}
        or behind_small_cells.people_with_cost between 1 and {{ minimum - 1 }},
        false
    ) as is_hours_withheld,
    case when judged.first_source_file_id = judged.last_source_file_id then judged.first_source_file_id end
        as source_file_id,
    case
        when
            judged.first_source_file_id = judged.last_source_file_id
            and judged.first_source_line = judged.last_source_line
            then judged.first_source_line
    end as source_line
from judged
left join behind_small_cells
    on judged.project_id = behind_small_cells.project_id
    and judged.work_month = behind_small_cells.work_month
