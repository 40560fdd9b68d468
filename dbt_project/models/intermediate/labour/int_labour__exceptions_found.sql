{#- Hours at stake go out under the same rule as all hours: enough people behind them, and no withheld cell in the
    project's month from which they could be told apart. Costs stay, and where they do no entries are counted: a
    number of days beside a cost comes close to a rate. -#}
{%- set minimum = var('minimum_group') -%}
{%- set base = var('base_currency') -%}

with time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

cells as (

    select * from {{ ref('int_labour__hours_suppressed') }}

),

loads as (

    select * from {{ source('ledger', 'loads') }}

),

source_systems as (

    select distinct
        source_file_id,
        coalesce(source_system, 'canonical files') as source_system
    from loads
    where table_name = 'time_entry'

),

months_with_withheld_hours as (

    select distinct
        project_id,
        work_month
    from cells
    where is_hours_withheld

),

without_rate as (

    select
        'missing_cost_rate' as rule,
        'error' as severity,
        project_id,
        is_project_known,
        role_id,
        work_month,
        count(*) as time_entries,
        count(distinct employee_id) as people,
        sum(hours) as hours
    from time_entries
    where
        no_cost_reason = 'no_cost_rate'
        and '{{ var("labour_cost_source") }}' = 'timesheets'
    group by
        project_id,
        is_project_known,
        role_id,
        work_month

),

not_approved as (

    select
        'unapproved_time' as rule,
        'warning' as severity,
        project_id,
        is_project_known,
        cast(null as {{ dbt.type_string() }}) as role_id,
        work_month,
        count(*) as time_entries,
        count(distinct employee_id) as people,
        sum(hours) as hours
    from time_entries
    where approval_status = 'draft'
    group by
        project_id,
        is_project_known,
        work_month

),

unknown_projects as (

    select
        'unknown_project' as rule,
        'error' as severity,
        project_id,
        is_project_known,
        cast(null as {{ dbt.type_string() }}) as role_id,
        work_month,
        count(*) as time_entries,
        count(distinct employee_id) as people,
        sum(hours) as hours
    from time_entries
    where not is_project_known
    group by
        project_id,
        is_project_known,
        work_month

),

time_by_system as (

    select
        time_entries.project_id,
        time_entries.is_project_known,
        time_entries.employee_id,
        time_entries.work_month,
        time_entries.work_date,
        time_entries.hours,
        source_systems.source_system,
        count(*) as time_entries
    from time_entries
    inner join source_systems
        on time_entries.source_file_id = source_systems.source_file_id
    where time_entries.hours <> 0
    group by
        time_entries.project_id,
        time_entries.is_project_known,
        time_entries.employee_id,
        time_entries.work_month,
        time_entries.work_date,
        time_entries.hours,
        source_systems.source_system

),

time_of_two_systems as (

    select
        project_id,
        is_project_known,
        employee_id,
        work_month,
        sum(time_entries) - max(time_entries) as time_entries,
        hours * (sum(time_entries) - max(time_entries)) as hours
    from time_by_system
    group by
        project_id,
        is_project_known,
        employee_id,
        work_month,
        work_date,
        hours
    having count(*) > 1

),

told_twice as (

    select
        'time_from_two_systems' as rule,
        'warning' as severity,
        project_id,
        is_project_known,
        cast(null as {{ dbt.type_string() }}) as role_id,
        work_month,
        sum(time_entries) as time_entries,
        count(distinct employee_id) as people,
        sum(hours) as hours
    from time_of_two_systems
    group by
        project_id,
        is_project_known,
        work_month

),

in_hours as (

    select
        rule,
        severity,
        project_id,
        is_project_known,
        role_id,
        work_month,
        time_entries,
        people,
        hours
    from told_twice

    union all

    select
        rule,
        severity,
        project_id,
        is_project_known,
        role_id,
        work_month,
        time_entries,
        people,
        hours
    from without_rate

    union all

    select
        rule,
        severity,
        project_id,
        is_project_known,
        role_id,
        work_month,
        time_entries,
        people,
        hours
    from not_approved

    union all

    select
        rule,
        severity,
        project_id,
        is_project_known,
        role_id,
        work_month,
        time_entries,
        people,
        hours
    from unknown_projects

),

contradicted as (

    select
        project_id,
        is_project_known,
        role_id,
        work_month,
        sum(cost_amount_base) as cost_amount_base
    from time_entries
    where
        is_rate_contradicted
        and is_costed
        and '{{ var("labour_cost_source") }}' = 'timesheets'
    group by
        project_id,
        is_project_known,
        role_id,
        work_month

)

select
    in_hours.rule,
    in_hours.severity,
    'time_entry' as subject,
    'project' as entity_type,
    in_hours.project_id as entity,
    case when in_hours.is_project_known then in_hours.project_id end as project_id,
    in_hours.role_id,
    in_hours.work_month as month,
    cast(null as date) as occurred_on,
    case
        when in_hours.rule = 'missing_cost_rate'
            then
                coalesce('Time of role ' || in_hours.role_id, 'Time of people without a role')
                || ' falls on days without a cost rate; its cost is in no figure (time entries: '
        when in_hours.rule = 'unapproved_time' then 'Time is still a draft and has no cost yet (time entries: '
        when in_hours.rule = 'time_from_two_systems'
            then
                'The same hours of the same people and days come from two systems; if it is the same work it counts twice'
                || ' (time entries: '
        else 'Time names a project that no file has delivered; it is in no project''s figures.'
    end
    || case when in_hours.rule = 'unknown_project' then '' else cast(in_hours.time_entries as {{ dbt.type_string() }}) end
    || case
        when in_hours.rule = 'missing_cost_rate'
            then '). Deliver a cost_rate of the role or the person that covers the days.'
        when in_hours.rule = 'unapproved_time' then '). Have it approved and deliver it again.'
        when in_hours.rule = 'time_from_two_systems' then '). Deliver a person''s time from one of them.'
        else ' Deliver the project, or a project_alias for this name.'
    end
    || case
        when in_hours.people < {{ minimum }} or months_with_withheld_hours.project_id is not null
            then ' The hours are withheld: too few people.'
        else ''
    end as message,
    case
        when in_hours.people >= {{ minimum }} and months_with_withheld_hours.project_id is null
            then in_hours.hours
    end as amount_at_stake,
    'h' as unit
from in_hours
left join months_with_withheld_hours
    on in_hours.project_id = months_with_withheld_hours.project_id
    and in_hours.work_month = months_with_withheld_hours.work_month

union all

select
    'overlapping_cost_rates' as rule,
    'warning' as severity,
    'cost_rate' as subject,
    'project' as entity_type,
    project_id as entity,
    case when is_project_known then project_id end as project_id,
    role_id,
    work_month as month,
    cast(null as date) as occurred_on,
    coalesce('Time of role ' || role_id, 'Time of people without a role')
    || ' falls on days with two different rates in force; the one that began last was taken.'
    || ' End the earlier rate (valid_to) on the day before the later one begins.' as message,
    cost_amount_base as amount_at_stake,
    '{{ base }}' as unit
from contradicted
