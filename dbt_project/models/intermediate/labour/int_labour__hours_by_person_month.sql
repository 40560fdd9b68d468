with time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

)

select
    employee_id,
    project_id,
    is_project_known,
    wbs_id,
    role_id,
    work_month,
    is_billable,
    approval_status,
    sum(hours) as hours,
    max(case when cost_amount is not null then 1 else 0 end) = 1 as has_cost,
    count(*) as time_entries,
    min(source_file_id) as first_source_file_id,
    max(source_file_id) as last_source_file_id,
    min(source_line) as first_source_line,
    max(source_line) as last_source_line
from time_entries
group by
    employee_id,
    project_id,
    is_project_known,
    wbs_id,
    role_id,
    work_month,
    is_billable,
    approval_status
