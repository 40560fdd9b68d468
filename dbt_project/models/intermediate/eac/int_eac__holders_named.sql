with contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

)

select
    'contract_line' as holder_kind,
    contract_line_id as holder_id,
    project_id,
    branch_id,
    currency_code
from contract_lines
where is_project_known

union all

select
    'project' as holder_kind,
    project_id as holder_id,
    project_id,
    cast(null as {{ dbt.type_string() }}) as branch_id,
    currency_code
from projects
