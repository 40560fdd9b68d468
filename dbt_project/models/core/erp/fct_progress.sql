with progress as (

    select * from {{ ref('stg_erp__progress') }}

)

select
    progress.project_id,
    progress.wbs_id,
    progress.observed_on as observed_date,
    {{ month_of('progress.observed_on') }} as observed_month,
    progress.percent_complete as progress_pct,
    progress.source_file_id,
    progress.source_line
from progress
order by
    project_id,
    wbs_id,
    observed_date
