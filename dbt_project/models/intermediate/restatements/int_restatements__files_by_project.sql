{#- What a project's estimate, price and progress follow from, and how a delivered row names its project. -#}
{%- set tables = [
    'stg_erp__plan_versions', 'stg_erp__plan_lines', 'stg_erp__progress', 'stg_erp__contract_lines',
    'stg_erp__cost_lines', 'stg_kpi__milestones', 'stg_kpi__complaints', 'stg_timesheets__time_entries'
] -%}

with closes as (

    select * from {{ source('ledger', 'closes') }}

),

loads as (

    select * from {{ source('ledger', 'loads') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

contract_prices as (

    select * from {{ ref('stg_erp__contract_prices') }}

),

contract_lines as (

    select * from {{ ref('stg_erp__contract_lines') }}

),

late_loads as (

    select distinct
        closes.month,
        loads.source_file_id,
        loads.file_name
    from closes
    inner join loads
        on loads.load_number > closes.last_load_number
    where loads.status = 'loaded'

),

late_files as (

    select distinct source_file_id
    from late_loads

),

touched as (
    {% for table in tables %}
    select distinct
        rows_in_force.project_id,
        rows_in_force.source_file_id
    from {{ ref(table) }} as rows_in_force
    inner join late_files
        on rows_in_force.source_file_id = late_files.source_file_id

    union
    {% endfor %}
    select distinct
        contract_lines.project_id,
        contract_prices.source_file_id
    from contract_prices
    inner join contract_lines
        on contract_prices.contract_line_id = contract_lines.contract_line_id
    inner join late_files
        on contract_prices.source_file_id = late_files.source_file_id

),

named as (

    select distinct
        late_loads.month,
        coalesce(aliases.project_id, touched.project_id) as project_id,
        late_loads.source_file_id,
        late_loads.file_name
    from touched
    inner join late_loads
        on touched.source_file_id = late_loads.source_file_id
    left join aliases
        on touched.project_id = aliases.alias

)

select
    month,
    project_id,
    case when count(*) = 1 then max(source_file_id) end as source_file_id,
    {{ dbt.listagg('file_name', "', '", 'order by file_name') }} as file_name
from named
group by
    month,
    project_id
