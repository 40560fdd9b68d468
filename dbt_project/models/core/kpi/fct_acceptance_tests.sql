with tests as (

    select * from {{ ref('stg_kpi__acceptance_tests') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

)

select
    tests.project_id as delivered_project_id,
    coalesce(aliases.project_id, tests.project_id) as project_id,
    tests.test_id,
    tests.attempt,
    tests.tested_on as tested_date,
    {{ month_of('tests.tested_on') }} as tested_month,
    tests.is_passed,
    tests.defects,
    tests.source_file_id,
    tests.source_line
from tests
left join source_files
    on tests.source_file_id = source_files.source_file_id
left join aliases
    on tests.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
order by
    delivered_project_id,
    test_id,
    attempt
