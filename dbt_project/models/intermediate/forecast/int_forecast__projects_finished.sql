{#- What was cancelled did not cost what the whole work costs. -#}
with projects as (

    select * from {{ ref('dim_projects') }}

)

select
    project_id,
    business_group,
    project_manager,
    {{ month_of('actual_end_date') }} as ended_month
from projects
where
    actual_end_date is not null
    and status <> 'cancelled'
