with source as (

    select * from {{ source('raw', 'safety_incident') }}

)

select
    incident_id,
    project_id,
    occurred_on,
    kind,
    days_lost,
    source_file_id,
    source_line
from source
