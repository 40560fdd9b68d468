with contract_lines as (

    select * from {{ ref('stg_erp__contract_lines') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

named as (

    select
        contract_lines.contract_line_id,
        contract_lines.contract_id,
        coalesce(aliases.project_id, contract_lines.project_id) as project_id,
        projects.project_id is not null as is_project_known,
        coalesce(contract_lines.wbs_id, '') as branch_id,
        contract_lines.revenue_method,
        contract_lines.currency_code,
        contract_lines.start_date,
        contract_lines.end_date,
        contract_lines.not_to_exceed_amount,
        contract_lines.cost_markup,
        contract_lines.retention_pct
    from contract_lines
    left join source_files
        on contract_lines.source_file_id = source_files.source_file_id
    left join aliases
        on contract_lines.project_id = aliases.alias
        and coalesce(source_files.source_system, '*') = aliases.source_system
    left join projects
        on coalesce(aliases.project_id, contract_lines.project_id) = projects.project_id

)

select
    contract_line_id,
    contract_id,
    project_id,
    is_project_known,
    branch_id,
    revenue_method,
    currency_code,
    start_date,
    end_date,
    not_to_exceed_amount,
    cost_markup,
    retention_pct
from named
