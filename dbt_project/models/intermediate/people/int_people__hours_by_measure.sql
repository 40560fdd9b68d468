{#- Hours of approved and submitted time by what they were for: absent where the activity says so, else internal where the sheet says
    that it is not billable, else billable. Beside them the published sums that they may be part of: a cell of
    core.fct_time_entries, a project's month in kpi.safety_by_project_month, a file's hours in ops.loads. -#}
with time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

absences as (

    select * from {{ ref('int_people__absences_named') }}

),

cells as (

    select * from {{ ref('int_labour__hours_suppressed') }}

),

projects as (

    select * from {{ ref('int_people__project_hours_suppressed') }}

),

files as (

    select * from {{ ref('int_resources__file_hours_shown') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

measured as (

    select
        time_entries.employee_id,
        time_entries.work_month as month,
        time_entries.project_id,
        time_entries.wbs_id,
        time_entries.role_id,
        time_entries.is_billable,
        time_entries.approval_status,
        files.source_file_id as file,
        case
            when absences.entry_id is not null then 'absent'
            when not time_entries.is_billable then 'internal'
            else 'billable'
        end as measure,
        sum(time_entries.hours) as hours,
        max(case when time_entries.cost_amount is not null then 1 else 0 end) as has_cost
    from time_entries
    left join absences
        on time_entries.entry_id = absences.entry_id
    left join files
        on time_entries.source_file_id = files.source_file_id
        and files.table_name = 'time_entry'
    where time_entries.is_costed
    group by
        time_entries.employee_id,
        time_entries.work_month,
        time_entries.project_id,
        time_entries.wbs_id,
        time_entries.role_id,
        time_entries.is_billable,
        time_entries.approval_status,
        files.source_file_id,
        case
            when absences.entry_id is not null then 'absent'
            when not time_entries.is_billable then 'internal'
            else 'billable'
        end

),

placed as (

    select
        measured.employee_id,
        measured.month,
        measured.measure,
        case
            when not cells.is_hours_withheld
                then {{ surrogate_key([
                    'cells.project_id', 'cells.wbs_id', 'cells.role_id', 'cells.is_billable', 'cells.approval_status'
                ]) }}
        end as cell,
        case when projects.has_withheld_cells and not projects.is_hours_withheld then measured.project_id end as project,
        measured.file,
        measured.hours,
        measured.has_cost
    from measured
    inner join cells
        on measured.project_id = cells.project_id
        and measured.month = cells.work_month
        and measured.approval_status = cells.approval_status
        and measured.wbs_id is not distinct from cells.wbs_id
        and measured.role_id is not distinct from cells.role_id
        and measured.is_billable is not distinct from cells.is_billable
    left join projects
        on measured.project_id = projects.project_id
        and measured.month = projects.month

)

select
    placed.employee_id,
    placed.month,
    placed.measure,
    placed.cell,
    placed.project,
    placed.file,
    case when employees.employee_id is not null then coalesce(employees.role_id, '(none)') end as role,
    case when employees.employee_id is not null then coalesce(employees.cost_centre, '(none)') end as cost_centre,
    case when employees.employee_id is not null then coalesce(employees.market, '(none)') end as market,
    sum(placed.hours) as hours,
    max(placed.has_cost) = 1 as has_cost
from placed
left join employees
    on placed.employee_id = employees.employee_id
group by
    placed.employee_id,
    placed.month,
    placed.measure,
    placed.cell,
    placed.project,
    placed.file,
    case when employees.employee_id is not null then coalesce(employees.role_id, '(none)') end,
    case when employees.employee_id is not null then coalesce(employees.cost_centre, '(none)') end,
    case when employees.employee_id is not null then coalesce(employees.market, '(none)') end
