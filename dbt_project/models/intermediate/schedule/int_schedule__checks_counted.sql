{#- The days by which the critical path test delays a task: pipelines/schedule/computed.py. -#}
{%- set delay = 600 -%}
{%- set counted = {
    1: ('tasks_without_logic', 'open_tasks', 'no unfinished task'),
    2: ('leads', 'links', 'no link'),
    3: ('lags', 'links', 'no link'),
    4: ('fs_links', 'links', 'no link'),
    5: ('hard_constraints', 'open_tasks', 'no unfinished task'),
    6: ('high_floats', 'open_tasks', 'no unfinished task'),
    7: ('negative_floats', 'open_tasks', 'no unfinished task'),
    8: ('long_tasks', 'open_tasks', 'no unfinished task'),
    9: ('invalid_dates', 'detail_tasks', 'no task'),
    10: ('work_without_resource', 'open_work', 'no unfinished work'),
    11: ('missed_tasks', 'due_tasks', 'nothing was to be finished by the status date'),
    12: ('moved_days', 'delayed_days', 'no unfinished work to delay'),
    13: ('critical_path_days + finish_float_days', 'critical_path_days', 'no working day is left'),
    14: ('finished_tasks', 'due_tasks', 'nothing was to be finished by the status date')
} -%}
{%- set of_float = [6, 7, 12, 13] -%}

with schedules as (

    select * from {{ ref('int_schedule__schedules_measured') }}

),

-- a project with several schedules is judged by the sums of all of them; where one cannot be computed, none is
measured as (

    select
        project_id,
        max(status_date) as status_date,
        {%- for column in [
            'open_tasks', 'detail_tasks', 'tasks_without_logic', 'hard_constraints', 'high_floats', 'negative_floats',
            'long_tasks', 'invalid_dates', 'open_work', 'work_without_resource', 'due_tasks', 'missed_tasks',
            'finished_tasks', 'links', 'leads', 'lags', 'fs_links'
        ] %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        sum(moved_days) as moved_days,
        sum(case when moved_days is not null then {{ delay }} else 0 end) as delayed_days,
        sum(greatest(critical_path_days, 0)) as critical_path_days,
        sum(case when critical_path_days > 0 then finish_float_days else 0 end) as finish_float_days,
        max(unusable_reason) as unusable_reason
    from schedules
    group by project_id

),

checks as (
    {% for check in schedule_checks() %}
    {%- set numerator, denominator, nothing = counted[check.number] %}
    select
        project_id,
        status_date,
        {{ check.number }} as check_number,
        '{{ check.name }}' as check_name,
        cast({% if check.number in of_float %}case when unusable_reason is null then {{ numerator }} end
            {%- else %}{{ numerator }}{% endif %} as decimal(18, 4)) as numerator,
        cast({{ denominator }} as decimal(18, 4)) as denominator,
        cast({{ check.threshold }} as decimal(18, 6)) as threshold,
        '{{ check.passes }}' as passes_when,
        case
            {%- if check.number in of_float %}
            when unusable_reason = 'no_links' then 'no link between two of its tasks'
            when unusable_reason = 'loop' then 'its links run in a circle'
            when unusable_reason = 'no_duration' then 'an unfinished task has no duration'
            {%- endif %}
            when coalesce({{ denominator }}, 0) = 0 then '{{ nothing }}'
        end as not_rated_reason
    from measured
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    project_id,
    status_date,
    check_number,
    check_name,
    numerator,
    denominator,
    cast(case when not_rated_reason is null then {{ divided('numerator', 'denominator', 6) }} end as decimal(18, 6)) as value,
    threshold,
    passes_when,
    not_rated_reason
from checks
