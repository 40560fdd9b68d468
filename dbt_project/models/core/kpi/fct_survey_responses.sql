with responses as (

    select * from {{ ref('stg_kpi__survey_responses') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

)

select
    responses.response_id,
    responses.customer_id,
    coalesce(aliases.project_id, responses.project_id) as project_id,
    responses.responded_on as responded_date,
    {{ month_of('responses.responded_on') }} as responded_month,
    responses.kind,
    responses.score,
    responses.source_file_id,
    responses.source_line
from responses
left join source_files
    on responses.source_file_id = source_files.source_file_id
left join aliases
    on responses.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by response_id
