with hours as (

    select * from {{ ref('int_labour__hours_suppressed') }}

)

select
    project_id,
    is_project_known,
    wbs_id,
    role_id,
    work_month as month,
    is_billable,
    approval_status,
    cast(case when not is_hours_withheld then hours end as decimal(18, 2)) as hours,
    is_hours_withheld,
    source_file_id,
    source_line
from hours
