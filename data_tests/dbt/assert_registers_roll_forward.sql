-- What was submitted to date has been decided or is pending; what is told to date is what the months told; complaints opened
-- less closed are open.
{%- set moments = ['submitted', 'approved', 'rejected', 'withdrawn'] %}
with change_requests as (

    select * from {{ ref('change_requests_by_project_month') }}

),

milestones as (

    select * from {{ ref('milestone_performance_by_project_month') }}

),

customers as (

    select * from {{ ref('customer_health_by_month') }}

),

running_requests as (

    select
        project_id,
        month,
        submitted_count_to_date - approved_count_to_date - rejected_count_to_date - withdrawn_count_to_date - pending_count
            as undecided,
        {%- for moment in moments %}
        {{ moment }}_count_to_date - sum({{ moment }}_count) over (
            partition by project_id order by month rows between unbounded preceding and current row
        ) as {{ moment }}_left
        {{- ',' if not loop.last }}
        {%- endfor %}
    from change_requests

),

running_milestones as (

    select
        project_id,
        month,
        due_to_date - sum(due) over (
            partition by project_id order by month rows between unbounded preceding and current row
        ) as due_left,
        hit_to_date - sum(hit) over (
            partition by project_id order by month rows between unbounded preceding and current row
        ) as hit_left
    from milestones

),

running_complaints as (

    select
        customer_id,
        month,
        complaints_open - sum(complaints_opened - complaints_closed) over (
            partition by customer_id order by month rows between unbounded preceding and current row
        ) as open_left
    from customers

)

select
    'change requests' as register,
    project_id as entity,
    month
from running_requests
where
    undecided <> 0
    {%- for moment in moments %}
    or {{ moment }}_left <> 0
    {%- endfor %}

union all

select
    'milestones' as register,
    project_id as entity,
    month
from running_milestones
where
    due_left <> 0
    or hit_left <> 0

union all

select
    'complaints' as register,
    customer_id as entity,
    month
from running_complaints
where open_left <> 0
