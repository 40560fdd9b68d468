with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

reports as (

    select * from {{ ref('int_registers__milestone_reports') }}

),

-- the report that was the newest at the month's end
known as (

    select
        project_months.project_id,
        project_months.month,
        project_months.measured_on,
        reports.delivered_project_id,
        reports.milestone_id,
        reports.milestone_name,
        reports.original_date,
        coalesce(reports.baseline_date, reports.original_date) as baseline_date,
        coalesce(reports.forecast_date, reports.baseline_date, reports.original_date) as expected_date,
        case when reports.actual_date <= project_months.measured_on then reports.actual_date end as actual_date
    from project_months
    inner join reports
        on project_months.project_id = reports.project_id
        and project_months.measured_on >= reports.known_from
        and project_months.measured_on <= coalesce(reports.known_to, project_months.measured_on)

),

-- due by the original date, whenever it was first told
due_milestones as (

    select
        project_months.project_id,
        project_months.month,
        project_months.measured_on,
        latest.original_date,
        latest.original_date >= project_months.month as is_due,
        coalesce(latest.actual_date <= latest.original_date, false) as is_hit,
        {{ dbt.datediff(
            'latest.original_date',
            'case when latest.actual_date <= project_months.measured_on then latest.actual_date
                else greatest(coalesce(known.expected_date, project_months.measured_on), project_months.measured_on) end',
            'day'
        ) }} as slip_days
    from project_months
    inner join reports as latest
        on project_months.project_id = latest.project_id
        and project_months.measured_on >= latest.original_date
        and latest.is_latest
    left join known
        on latest.delivered_project_id = known.delivered_project_id
        and latest.milestone_id = known.milestone_id
        and project_months.project_id = known.project_id
        and project_months.month = known.month

),

judged as (

    select
        project_id,
        month,
        count(case when is_due then 1 end) as due,
        count(case when is_due and is_hit then 1 end) as hit,
        sum(case when is_due then slip_days end) as slip_days,
        count(*) as due_to_date,
        count(case when is_hit then 1 end) as hit_to_date,
        sum(slip_days) as slip_days_to_date
    from due_milestones
    group by
        project_id,
        month

),

moved as (

    select
        project_id,
        month,
        count(case when baseline_date <> original_date then 1 end) as rebaselined,
        count(case when baseline_date <> original_date and baseline_date between month and measured_on then 1 end)
            as rebaselined_due,
        count(
            case
                when
                    baseline_date <> original_date
                    and baseline_date between month and measured_on
                    and actual_date <= baseline_date
                    then 1
            end
        ) as rebaselined_hit
    from known
    group by
        project_id,
        month

),

ahead as (

    select
        project_id,
        month,
        milestone_id,
        milestone_name,
        expected_date,
        original_date,
        row_number() over (
            partition by project_id, month
            order by expected_date nulls last, milestone_id, delivered_project_id
        ) as place
    from known
    where actual_date is null

)

select
    project_months.project_id,
    project_months.month,
    cast(coalesce(judged.due, 0) as bigint) as due,
    cast(coalesce(judged.hit, 0) as bigint) as hit,
    cast({{ divided('judged.hit', 'judged.due', 6) }} as decimal(18, 6)) as hit_rate_pct,
    cast({{ divided('judged.slip_days', 'judged.due', 2) }} as decimal(18, 2)) as average_slip_days,
    cast(coalesce(judged.due_to_date, 0) as bigint) as due_to_date,
    cast(coalesce(judged.hit_to_date, 0) as bigint) as hit_to_date,
    cast({{ divided('judged.hit_to_date', 'judged.due_to_date', 6) }} as decimal(18, 6)) as hit_rate_pct_to_date,
    cast({{ divided('judged.slip_days_to_date', 'judged.due_to_date', 2) }} as decimal(18, 2)) as average_slip_days_to_date,
    cast(coalesce(moved.rebaselined, 0) as bigint) as rebaselined,
    cast(coalesce(moved.rebaselined_due, 0) as bigint) as rebaselined_due,
    cast(coalesce(moved.rebaselined_hit, 0) as bigint) as rebaselined_hit,
    ahead.milestone_id as next_milestone_id,
    ahead.milestone_name as next_milestone,
    ahead.expected_date as next_milestone_date,
    ahead.original_date as next_milestone_original_date
from project_months
left join judged
    on project_months.project_id = judged.project_id
    and project_months.month = judged.month
left join moved
    on project_months.project_id = moved.project_id
    and project_months.month = moved.month
left join ahead
    on project_months.project_id = ahead.project_id
    and project_months.month = ahead.month
    and ahead.place = 1
