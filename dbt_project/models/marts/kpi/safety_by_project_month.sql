{#- Rates by frequency of a base: cases x base / hours. -#}
{%- set base = var('safety_rate_base_hours') -%}
{%- set frequency_base = var('safety_frequency_base_hours') -%}
{%- set measures = ['incidents', 'near_misses', 'first_aids', 'recordable_cases', 'lost_time_cases', 'fatalities', 'days_lost'] -%}

with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

incidents as (

    select * from {{ ref('fct_safety_incidents') }}

),

worked as (

    select * from {{ ref('int_people__project_hours_suppressed') }}

),

withheld as (

    select * from {{ ref('int_people__groups_withheld') }}

),

counted as (

    select
        project_months.project_id,
        project_months.month,
        count(incidents.incident_id) as incidents,
        count(case when incidents.kind = 'near_miss' then 1 end) as near_misses,
        count(case when incidents.kind = 'first_aid' then 1 end) as first_aids,
        count(case when incidents.kind in ('medical_treatment', 'lost_time', 'fatality') then 1 end) as recordable_cases,
        count(case when incidents.kind in ('lost_time', 'fatality') then 1 end) as lost_time_cases,
        count(case when incidents.kind = 'fatality' then 1 end) as fatalities,
        coalesce(sum(incidents.days_lost), 0) as days_lost
    from project_months
    left join incidents
        on project_months.project_id = incidents.project_id
        and incidents.occurred_date between project_months.month and project_months.measured_on
    group by
        project_months.project_id,
        project_months.month

),

judged as (

    select
        worked.project_id,
        worked.month,
        worked.hours,
        worked.is_hours_withheld or withheld.group_name is not null as is_hours_withheld
    from worked
    left join withheld
        on worked.project_id = withheld.group_name
        and worked.month = withheld.month
        and withheld.cut = 'project'

),

-- a month in which nobody worked has no hours; one whose hours are withheld has none that may be told
exposed as (

    select
        counted.project_id,
        counted.month,
        {%- for measure in measures %}
        counted.{{ measure }},
        {%- endfor %}
        coalesce(judged.is_hours_withheld, false) as is_hours_withheld,
        case when not coalesce(judged.is_hours_withheld, false) then coalesce(judged.hours, 0) end as hours
    from counted
    left join judged
        on counted.project_id = judged.project_id
        and counted.month = judged.month

),

-- the last twelve months, without those whose hours are withheld: their hours are in no sum, nor are their cases
rolled as (

    select
        project_id,
        month,
        {%- for measure in measures %}
        {{ measure }},
        {%- endfor %}
        is_hours_withheld,
        hours,
        {%- set window %}over (partition by project_id order by month rows between 11 preceding and current row){% endset %}
        count(hours) {{ window }} as months_covered_12_months,
        coalesce(sum(hours) {{ window }}, 0) as hours_12_months,
        {%- for measure in ['recordable_cases', 'lost_time_cases', 'days_lost'] %}
        coalesce(sum(case when hours is not null then {{ measure }} end) {{ window }}, 0) as {{ measure }}_12_months
        {{- ',' if not loop.last }}
        {%- endfor %}
    from exposed

)

select
    project_id,
    month,
    cast(hours as decimal(18, 2)) as hours,
    is_hours_withheld,
    {%- for measure in measures %}
    cast({{ measure }} as bigint) as {{ measure }},
    {%- endfor %}
    cast({{ base }} as bigint) as rate_base_hours,
    cast({{ frequency_base }} as bigint) as frequency_base_hours,
    {%- for suffix in ['', '_12_months'] %}
    {%- for rate, cases, hours_base in [
        ('trir', 'recordable_cases', base), ('ltir', 'lost_time_cases', base), ('severity_rate', 'days_lost', base),
        ('trifr', 'recordable_cases', frequency_base), ('ltifr', 'lost_time_cases', frequency_base)
    ] %}
    cast({{ divided(cases ~ suffix ~ ' * ' ~ hours_base, 'hours' ~ suffix, 6) }} as decimal(18, 6)) as {{ rate }}{{ suffix }},
    {%- endfor %}
    {%- endfor %}
    cast(recordable_cases_12_months as bigint) as recordable_cases_12_months,
    cast(lost_time_cases_12_months as bigint) as lost_time_cases_12_months,
    cast(hours_12_months as decimal(18, 2)) as hours_12_months,
    cast(months_covered_12_months as bigint) as months_covered_12_months
from rolled
