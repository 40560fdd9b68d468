{#- What medians are taken over, item by item, so that those of a programme are over the items of all its projects. -#}
with change_requests as (

    select * from {{ ref('fct_change_requests') }}

),

complaints as (

    select * from {{ ref('fct_complaints') }}

)

select
    'change_cycle_days' as kpi_code,
    project_id,
    change_request_id as item_id,
    decided_month as month,
    {{ dbt.datediff('requested_date', 'decided_date', 'day') }} as measure
from change_requests
where
    status in ('approved', 'rejected')
    and decided_date >= requested_date

union all

select
    'complaint_closure_days' as kpi_code,
    project_id,
    complaint_id as item_id,
    {{ month_of('closed_date') }} as month,
    {{ working_days_between('opened_date', 'closed_date') }} as measure
from complaints
where closed_date >= opened_date
