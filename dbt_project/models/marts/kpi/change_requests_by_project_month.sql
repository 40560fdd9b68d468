{#- Moments of a request: the condition under which it counts in the month, and to date, and at which of its two rates. -#}
{%- set moments = {
    'submitted': ('requested_date', 'true', 'requested'),
    'approved': ('decided_date', "status = 'approved'", 'decided'),
    'rejected': ('decided_date', "status = 'rejected'", 'decided'),
    'withdrawn': ('decided_date', "status = 'withdrawn'", 'decided')
} -%}

with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

change_requests as (

    select * from {{ ref('int_registers__change_requests_dated') }}

),

told as (

    select
        project_months.project_id,
        project_months.month,
        project_months.measured_on,
        change_requests.change_request_id,
        change_requests.status,
        change_requests.requested_date,
        change_requests.decided_date,
        change_requests.change_request_id is not null
        and coalesce(change_requests.decided_date > project_months.measured_on, true) as is_pending,
        {{ dbt.datediff('change_requests.requested_date', 'change_requests.decided_date', 'day') }} as cycle_days,
        {{ dbt.datediff('change_requests.requested_date', 'project_months.measured_on', 'day') }} as age_days,
        change_requests.schedule_days,
        change_requests.requested_price_amount_base,
        change_requests.requested_cost_amount_base,
        change_requests.decided_price_amount_base,
        change_requests.decided_cost_amount_base
    from project_months
    left join change_requests
        on project_months.project_id = change_requests.project_id
        and project_months.measured_on >= change_requests.requested_date

),

counted as (

    select
        project_id,
        month,
        {%- for moment, (date, holds, rate) in moments.items() %}
        {%- for suffix, since in [('', ' and ' ~ date ~ ' >= month'), ('_to_date', '')] %}
        {%- set condition = holds ~ ' and ' ~ date ~ ' <= measured_on' ~ since ~ ' and change_request_id is not null' %}
        count(case when {{ condition }} then 1 end) as {{ moment }}_count{{ suffix }},
        {{ known_sum(rate ~ '_price_amount_base', condition) }} as {{ moment }}_price_amount_base{{ suffix }},
        {{ known_sum(rate ~ '_cost_amount_base', condition) }} as {{ moment }}_cost_amount_base{{ suffix }},
        coalesce(sum(case when {{ condition }} then schedule_days end), 0) as {{ moment }}_schedule_days{{ suffix }},
        {%- endfor %}
        {%- endfor %}
        count(case when is_pending then 1 end) as pending_count,
        {{ known_sum('requested_price_amount_base', 'is_pending') }} as pending_price_amount_base,
        {{ known_sum('requested_cost_amount_base', 'is_pending') }} as pending_cost_amount_base,
        coalesce(sum(case when is_pending then schedule_days end), 0) as pending_schedule_days,
        max(case when is_pending then age_days end) as oldest_pending_days,
        {%- set decided = "status in ('approved', 'rejected') and decided_date between month and measured_on" %}
        {{ quantile('case when ' ~ decided ~ ' then cycle_days end', 0.5) }} as cycle_time_days,
        {{ quantile('case when ' ~ decided ~ ' then cycle_days end', 0.9) }} as cycle_time_p90_days
    from told
    group by
        project_id,
        month

)

select
    project_id,
    month,
    {%- for moment in ['submitted', 'approved', 'rejected', 'withdrawn', 'pending'] %}
    {%- for suffix in ['', '_to_date'] if moment != 'pending' or not suffix %}
    cast({{ moment }}_count{{ suffix }} as bigint) as {{ moment }}_count{{ suffix }},
    {{ money(moment ~ '_price_amount_base' ~ suffix) }} as {{ moment }}_price_amount_base{{ suffix }},
    {{ money(moment ~ '_cost_amount_base' ~ suffix) }} as {{ moment }}_cost_amount_base{{ suffix }},
    {{ money(moment ~ '_price_amount_base' ~ suffix ~ ' - ' ~ moment ~ '_cost_amount_base' ~ suffix) }}
        as {{ moment }}_margin_amount_base{{ suffix }},
    cast({{ moment }}_schedule_days{{ suffix }} as bigint) as {{ moment }}_schedule_days{{ suffix }},
    {%- endfor %}
    {%- endfor %}
    cast(oldest_pending_days as bigint) as oldest_pending_days,
    cycle_time_days,
    cycle_time_p90_days
from counted
