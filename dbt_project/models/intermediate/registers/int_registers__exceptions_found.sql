{#- States of the registers that contradict themselves, and what the marts assume about each. -#}
with change_requests as (

    select * from {{ ref('int_registers__change_requests_dated') }}

),

risks as (

    select * from {{ ref('fct_risks') }}

),

milestones as (

    select * from {{ ref('int_registers__milestone_reports') }}

),

complaints as (

    select * from {{ ref('fct_complaints') }}

),

acceptance_tests as (

    select * from {{ ref('fct_acceptance_tests') }}

),

incidents as (

    select * from {{ ref('fct_safety_incidents') }}

),

worked as (

    select * from {{ ref('int_people__project_hours_suppressed') }}

),

hours as (

    select * from {{ ref('int_people__hours_by_measure') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

later_attempts as (

    select
        delivered_project_id,
        project_id,
        test_id,
        min(attempt) as first_attempt,
        min(tested_date) as first_date,
        min(tested_month) as first_month
    from acceptance_tests
    group by
        delivered_project_id,
        project_id,
        test_id

),

cases as (

    select
        project_id,
        occurred_month,
        count(*) as recordable_cases
    from incidents
    where kind in ('medical_treatment', 'lost_time', 'fatality')
    group by
        project_id,
        occurred_month

)

select
    'change_request_decided_without_date' as rule,
    'warning' as severity,
    'change_request' as subject,
    'change request' as entity_type,
    change_requests.delivered_project_id || '/' || change_requests.change_request_id as entity,
    projects.project_id,
    {{ month_of('change_requests.requested_date') }} as month,
    change_requests.requested_date as occurred_on,
    'Change request is ' || change_requests.status || ' and has no day of the decision; it counts as decided on the day of the request.'
    || ' Deliver decided_on.' as message,
    change_requests.decided_price_amount_base as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from change_requests
left join projects
    on change_requests.project_id = projects.project_id
where
    change_requests.status in ('approved', 'rejected', 'withdrawn')
    and change_requests.delivered_decided_date is null

union all

select
    'change_request_decided_before_request' as rule,
    'warning' as severity,
    'change_request' as subject,
    'change request' as entity_type,
    change_requests.delivered_project_id || '/' || change_requests.change_request_id as entity,
    projects.project_id,
    {{ month_of('change_requests.requested_date') }} as month,
    change_requests.requested_date as occurred_on,
    'Change request was decided on ' || cast(change_requests.delivered_decided_date as {{ dbt.type_string() }})
    || ', before it was requested; it counts as decided on the day of the request. Correct one of the two days.' as message,
    change_requests.decided_price_amount_base as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from change_requests
left join projects
    on change_requests.project_id = projects.project_id
where change_requests.delivered_decided_date < change_requests.requested_date

union all

select
    'change_request_decided_and_open' as rule,
    'warning' as severity,
    'change_request' as subject,
    'change request' as entity_type,
    change_requests.delivered_project_id || '/' || change_requests.change_request_id as entity,
    projects.project_id,
    {{ month_of('change_requests.requested_date') }} as month,
    change_requests.requested_date as occurred_on,
    'Change request has a day of the decision and is still submitted; it counts as pending. Deliver its status.' as message,
    change_requests.requested_price_amount_base as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from change_requests
left join projects
    on change_requests.project_id = projects.project_id
where
    change_requests.status = 'submitted'
    and change_requests.delivered_decided_date is not null

union all

select
    'risk_over_without_date' as rule,
    'warning' as severity,
    'risk' as subject,
    'risk' as entity_type,
    risks.delivered_project_id || '/' || risks.risk_id as entity,
    projects.project_id,
    risks.raised_month as month,
    risks.raised_date as occurred_on,
    'Risk is ' || risks.status || ' and has no day of it; it is open in no month. Deliver closed_on.' as message,
    abs(risks.emv_amount_base) as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from risks
left join projects
    on risks.project_id = projects.project_id
where
    risks.status in ('closed', 'occurred')
    and risks.closed_date is null

union all

select
    'risk_over_before_it_was_raised' as rule,
    'warning' as severity,
    'risk' as subject,
    'risk' as entity_type,
    risks.delivered_project_id || '/' || risks.risk_id as entity,
    projects.project_id,
    risks.raised_month as month,
    risks.raised_date as occurred_on,
    'Risk was over on ' || cast(risks.closed_date as {{ dbt.type_string() }})
    || ', before it was raised; it is open in no month. Correct one of the two days.' as message,
    abs(risks.emv_amount_base) as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from risks
left join projects
    on risks.project_id = projects.project_id
where risks.closed_date < risks.raised_date

union all

select
    'risk_over_and_open' as rule,
    'warning' as severity,
    'risk' as subject,
    'risk' as entity_type,
    risks.delivered_project_id || '/' || risks.risk_id as entity,
    projects.project_id,
    risks.raised_month as month,
    risks.raised_date as occurred_on,
    'Risk has a day of closing and is still open; it counts as open. Deliver its status.' as message,
    abs(risks.emv_amount_base) as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from risks
left join projects
    on risks.project_id = projects.project_id
where
    risks.status = 'open'
    and risks.closed_date is not null

union all

select
    'milestone_without_baseline' as rule,
    'warning' as severity,
    'milestone' as subject,
    'milestone' as entity_type,
    milestones.delivered_project_id || '/' || milestones.milestone_id as entity,
    projects.project_id,
    {{ month_of('milestones.known_from') }} as month,
    milestones.known_from as occurred_on,
    'No report of the milestone has a baseline date; it is due in no month and in no hit rate. Deliver baseline_date.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    cast(null as {{ dbt.type_string() }}) as unit
from milestones
left join projects
    on milestones.project_id = projects.project_id
where
    milestones.is_latest
    and milestones.original_date is null

union all

select
    'complaint_closed_before_it_was_opened' as rule,
    'warning' as severity,
    'complaint' as subject,
    'complaint' as entity_type,
    complaints.complaint_id as entity,
    projects.project_id,
    complaints.opened_month as month,
    complaints.opened_date as occurred_on,
    'Complaint was closed on ' || cast(complaints.closed_date as {{ dbt.type_string() }})
    || ', before it was opened; it counts as closed on the day of opening. Correct one of the two days.' as message,
    complaints.cost_amount_base as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from complaints
left join projects
    on complaints.project_id = projects.project_id
where complaints.closed_date < complaints.opened_date

union all

select
    'first_attempt_missing' as rule,
    'notice' as severity,
    'acceptance_test' as subject,
    'acceptance test' as entity_type,
    later_attempts.delivered_project_id || '/' || later_attempts.test_id as entity,
    projects.project_id,
    later_attempts.first_month as month,
    later_attempts.first_date as occurred_on,
    'Attempts of the test begin with number ' || cast(later_attempts.first_attempt as {{ dbt.type_string() }})
    || '; it is in no first time right. Deliver attempt 1.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    cast(null as {{ dbt.type_string() }}) as unit
from later_attempts
left join projects
    on later_attempts.project_id = projects.project_id
where later_attempts.first_attempt <> 1

union all

select
    'incidents_without_hours' as rule,
    'warning' as severity,
    'safety_incident' as subject,
    'project' as entity_type,
    cases.project_id as entity,
    projects.project_id,
    cases.occurred_month as month,
    cast(null as date) as occurred_on,
    'Recordable cases and no hours of the month; its incident rates are empty. Cases: ' || cast(cases.recordable_cases as {{ dbt.type_string() }})
    || '. Deliver the time sheets.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    cast(null as {{ dbt.type_string() }}) as unit
from cases
left join worked
    on cases.project_id = worked.project_id
    and cases.occurred_month = worked.month
left join projects
    on cases.project_id = projects.project_id
where coalesce(worked.hours, 0) = 0

union all

select distinct
    'time_of_unknown_person' as rule,
    'warning' as severity,
    'time_entry' as subject,
    'firm' as entity_type,
    'time sheets' as entity,
    cast(null as {{ dbt.type_string() }}) as project_id,
    hours.month,
    cast(null as date) as occurred_on,
    'Time of people whom no employee file has delivered; it is in no utilisation. Deliver the people.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    cast(null as {{ dbt.type_string() }}) as unit
from hours
where
    hours.role is null
    and hours.hours <> 0
