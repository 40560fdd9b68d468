with time_sheet_costs as (

    select * from {{ ref('int_labour__costs_summed') }}

),

cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

posted_costs as (

    select
        project_id,
        is_project_known,
        wbs_id,
        cost_month,
        currency_code,
        is_quality_cost,
        sum(amount) as amount,
        sum(amount_base) as amount_base,
        count(*) as source_rows,
        count(amount_base) as source_rows_in_base,
        min(source_file_id) as first_source_file_id,
        max(source_file_id) as last_source_file_id,
        min(source_line) as first_source_line,
        max(source_line) as last_source_line
    from cost_lines
    where category = 'labour'
    group by
        project_id,
        is_project_known,
        wbs_id,
        cost_month,
        currency_code,
        is_quality_cost

)

select
    'time_sheets' as origin,
    '{{ var("labour_cost_source") }}' = 'timesheets' as is_in_cost,
    project_id,
    is_project_known,
    wbs_id,
    role_id,
    work_month as cost_month,
    cast(cost_amount as decimal(38, 12)) as amount,
    currency_code,
    is_quality_cost,
    cost_amount_base as amount_base,
    is_complete,
    time_entries as source_rows,
    source_file_id,
    source_line
from time_sheet_costs

union all

select
    'erp' as origin,
    '{{ var("labour_cost_source") }}' = 'erp' as is_in_cost,
    project_id,
    is_project_known,
    wbs_id,
    cast(null as {{ dbt.type_string() }}) as role_id,
    cost_month,
    cast(amount as decimal(38, 12)) as amount,
    currency_code,
    is_quality_cost,
    amount_base,
    source_rows = source_rows_in_base as is_complete,
    source_rows,
    case when first_source_file_id = last_source_file_id then first_source_file_id end as source_file_id,
    case
        when first_source_file_id = last_source_file_id and first_source_line = last_source_line
            then first_source_line
    end as source_line
from posted_costs
