with cells as (

    select * from {{ ref('int_resources__hours_suppressed') }}

)

select
    project_id,
    role_id,
    month,
    cast(case when not is_hours_withheld then hours end as decimal(18, 2)) as hours,
    is_hours_withheld,
    source_file_id,
    source_line
from cells
order by
    project_id,
    role_id,
    month
