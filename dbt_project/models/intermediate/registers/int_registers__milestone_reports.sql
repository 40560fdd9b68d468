{#- Every report of a milestone and the days on which it was the newest. The original date is that of the first report with a
    baseline: a later baseline never makes a late milestone punctual. The day on which it was reached is a fact, whenever it was
    reported. -#}
with current_reports as (

    select * from {{ ref('stg_kpi__milestones') }}

),

replaced_reports as (

    select * from {{ source('history', 'milestone') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

reports as (

    select
        project_id,
        milestone_id,
        milestone_name,
        baseline_date,
        forecast_date,
        actual_date,
        reported_on,
        source_file_id,
        cast(null as timestamp) as superseded_at
    from current_reports

    union all

    select
        project_id,
        milestone_id,
        milestone_name,
        baseline_date,
        forecast_date,
        actual_date,
        reported_on,
        source_file_id,
        cast(superseded_at as timestamp) as superseded_at
    from replaced_reports

),

-- of two reports of one day the one delivered later counts; a report that is newer by its own day than the one in force has been
-- corrected by it
placed as (

    select
        reports.project_id,
        reports.milestone_id,
        reports.milestone_name,
        reports.baseline_date,
        reports.forecast_date,
        reports.reported_on,
        reports.source_file_id,
        current_reports.actual_date,
        row_number() over (
            partition by reports.project_id, reports.milestone_id, reports.reported_on
            order by reports.superseded_at desc nulls first
        ) as place
    from reports
    inner join current_reports
        on reports.project_id = current_reports.project_id
        and reports.milestone_id = current_reports.milestone_id
        and (reports.reported_on < current_reports.reported_on or reports.superseded_at is null)

)

select
    placed.project_id as delivered_project_id,
    coalesce(aliases.project_id, placed.project_id) as project_id,
    placed.milestone_id,
    placed.milestone_name,
    placed.reported_on as known_from,
    cast(
        {{ dbt.dateadd('day', -1, 'lead(placed.reported_on) over (
            partition by placed.project_id, placed.milestone_id order by placed.reported_on)') }} as date
    ) as known_to,
    lead(placed.reported_on) over (
        partition by placed.project_id, placed.milestone_id order by placed.reported_on
    ) is null as is_latest,
    first_value(placed.baseline_date) over (
        partition by placed.project_id, placed.milestone_id
        order by case when placed.baseline_date is null then 1 else 0 end, placed.reported_on
    ) as original_date,
    placed.baseline_date,
    placed.forecast_date,
    placed.actual_date
from placed
left join source_files
    on placed.source_file_id = source_files.source_file_id
left join aliases
    on placed.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
where placed.place = 1
