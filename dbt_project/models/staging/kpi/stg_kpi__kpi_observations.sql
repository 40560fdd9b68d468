with source as (

    select * from {{ source('raw', 'kpi_observation') }}

)

select
    project_id,
    kpi_code,
    observed_on,
    value,
    target,
    unit,
    source,
    source_file_id,
    source_line
from source
