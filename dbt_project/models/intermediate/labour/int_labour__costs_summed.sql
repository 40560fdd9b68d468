with time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

cells as (

    select
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        work_month,
        currency_code,
        is_quality_cost,
        sum(cost_amount) as cost_amount,
        sum(cost_amount_base) as cost_amount_base,
        count(*) as time_entries,
        count(cost_amount_base) as time_entries_in_base,
        min(source_file_id) as first_source_file_id,
        max(source_file_id) as last_source_file_id,
        min(source_line) as first_source_line,
        max(source_line) as last_source_line
    from time_entries
    where cost_amount is not null
    group by
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        work_month,
        currency_code,
        is_quality_cost

),

-- time that should have a cost and has none makes every line of its cell incomplete
without_rate as (

    select
        project_id,
        wbs_id,
        role_id,
        work_month,
        count(*) as time_entries
    from time_entries
    where no_cost_reason = 'no_cost_rate'
    group by
        project_id,
        wbs_id,
        role_id,
        work_month

)

select
    cells.project_id,
    cells.is_project_known,
    cells.wbs_id,
    cells.role_id,
    cells.work_month,
    cells.currency_code,
    cells.is_quality_cost,
    cells.cost_amount,
    cast(cells.cost_amount_base as decimal(38, 18)) as cost_amount_base,
    cells.time_entries,
    cells.time_entries = cells.time_entries_in_base and without_rate.project_id is null as is_complete,
    case when cells.first_source_file_id = cells.last_source_file_id then cells.first_source_file_id end
        as source_file_id,
    case
        when
            cells.first_source_file_id = cells.last_source_file_id
            and cells.first_source_line = cells.last_source_line
            then cells.first_source_line
    end as source_line
from cells
left join without_rate
    on cells.project_id = without_rate.project_id
    and cells.wbs_id is not distinct from without_rate.wbs_id
    and cells.role_id is not distinct from without_rate.role_id
    and cells.work_month = without_rate.work_month
