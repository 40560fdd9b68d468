{#- The order of statuses, worst last; 0: not rated, which is no better and no worse than any other. -#}
{% macro status_rank(status) -%}
    case {{ status }} when 'red' then 3 when 'amber' then 2 when 'green' then 1 else 0 end
{%- endmacro %}

{% macro status_of_rank(rank) -%}
    case {{ rank }} when 3 then 'red' when 2 then 'amber' when 1 then 'green' else 'not_rated' end
{%- endmacro %}

{#- The status of a value: red beyond a red threshold, else amber beyond an amber one, else green; a value on a threshold is
    not beyond it. Null where there is no value or no threshold at all. -#}
{% macro kpi_status(value, thresholds) -%}
    case
        when {{ value }} is null then null
        when {{ value }} < {{ thresholds }}.red_lower or {{ value }} > {{ thresholds }}.red_upper then 'red'
        when {{ value }} < {{ thresholds }}.amber_lower or {{ value }} > {{ thresholds }}.amber_upper then 'amber'
        when
            coalesce(
                {{ thresholds }}.red_lower,
                {{ thresholds }}.red_upper,
                {{ thresholds }}.amber_lower,
                {{ thresholds }}.amber_upper
            ) is not null
            then 'green'
    end
{%- endmacro %}

{#- A decimal as people write it: thousands set apart, no zeros behind, no point without places. -#}
{% macro plain_number(expression) -%}
    {%- set written %}cast({{ expression }} as {{ dbt.type_string() }}){% endset -%}
    case when {{ expression }} < 0 then '-' else '' end
    || {{ in_thousands(dbt.replace(dbt.split_part(written, "'.'", 1), "'-'", "''")) }}
    || case
        when {{ written }} like '%.%' and rtrim({{ dbt.split_part(written, "'.'", 2) }}, '0') <> ''
            then '.' || rtrim({{ dbt.split_part(written, "'.'", 2) }}, '0')
        else ''
    end
{%- endmacro %}

{#- Digits with a comma before every three of them, counted from the right. -#}
{% macro in_thousands(digits) -%}
    {{ return(adapter.dispatch('in_thousands')(digits)) }}
{%- endmacro %}

{% macro duckdb__in_thousands(digits) -%}
    reverse(rtrim(regexp_replace(reverse({{ digits }}), '([0-9][0-9][0-9])', '\1,', 'g'), ','))
{%- endmacro %}

{% macro spark__in_thousands(digits) -%}
    reverse(rtrim(',', regexp_replace(reverse({{ digits }}), '([0-9][0-9][0-9])', '$1,')))
{%- endmacro %}

{#- A part of a ratio in words: hundredths are enough beside the ratio itself. -#}
{% macro plain_part(expression) -%}
    {{ plain_number('cast(round(' ~ expression ~ ', 2) as decimal(28, 2))') }}
{%- endmacro %}

{#- A figure of a KPI in words: fractions as percent, differences of fractions as percentage points. -#}
{% macro kpi_figure(expression, unit) -%}
    case {{ unit }}
        when 'fraction' then {{ plain_number('(' ~ expression ~ ') * 100') }} || ' %'
        when 'pp' then {{ plain_number('(' ~ expression ~ ') * 100') }} || ' pp'
        when 'days' then {{ plain_number(expression) }} || ' days'
        when 'hours' then {{ plain_number(expression) }} || ' hours'
        else {{ plain_number(expression) }}
    end
{%- endmacro %}

{#- Two bounds in words: `<both>`, `<from> a`, `<to> b`. -#}
{% macro bounds_in_words(lower, upper, unit, below, between, above) -%}
    case
        when {{ lower }} is not null and {{ upper }} is not null
            then '{{ below }} ' || {{ kpi_figure(lower, unit) }} || ' {{ between }} ' || {{ kpi_figure(upper, unit) }}
        when {{ lower }} is not null then '{{ below }} ' || {{ kpi_figure(lower, unit) }}
        when {{ upper }} is not null then '{{ above }} ' || {{ kpi_figure(upper, unit) }}
    end
{%- endmacro %}

{#- The levels above the project that KPIs are carried to: kind of group, and the group of a row of dim_projects. -#}
{% macro kpi_groups() -%}
    {{ return([
        ('programme', "coalesce(projects.programme_id, '(none)')"),
        ('customer', "coalesce(projects.customer_id, '(none)')"),
        ('business_group', "coalesce(projects.business_group, '(none)')"),
        ('market', "coalesce(projects.market, '(none)')"),
        ('project_group', "case when projects.is_key_project then 'key projects' else 'other projects' end")
    ]) }}
{%- endmacro %}

{#- The dimensions that a scorecard shows; people have marts of their own, without persons. -#}
{% macro scorecard_dimensions() -%}
    {{ return(['cost', 'scope', 'schedule', 'quality', 'customer', 'safety']) }}
{%- endmacro %}

{#- One row per subject and month with the status and reason of each dimension and of the whole, from int_kpi__dimensions_judged. -#}
{% macro dimensions_beside(subject_type) -%}
    select
        subject_id,
        month,
        {%- for dimension in scorecard_dimensions() %}
        max(case when dimension = '{{ dimension }}' then status end) as {{ dimension }}_status,
        max(case when dimension = '{{ dimension }}' then status_reason end) as {{ dimension }}_status_reason,
        {%- endfor %}
        {{ status_of_rank('max(' ~ status_rank('status') ~ ')') }} as overall_status,
        {%- for status in ['red', 'amber', 'green', 'not_rated'] %}
        {{ dbt.listagg("case when status = '" ~ status ~ "' then dimension end", "', '", 'order by dimension') }} as {{ status }}_dimensions
        {{- ',' if not loop.last }}
        {%- endfor %}
    from dimensions_judged
    where subject_type = '{{ subject_type }}'
    group by
        subject_id,
        month
{%- endmacro %}

{#- The columns of a scorecard that dimensions_beside gives. -#}
{% macro scorecard_statuses(relation) -%}
    {%- for dimension in scorecard_dimensions() %}
    {{ relation }}.{{ dimension }}_status,
    {{ relation }}.{{ dimension }}_status_reason,
    {%- endfor %}
    {{ relation }}.overall_status,
    case
        when {{ relation }}.overall_status = 'not_rated' then 'No dimension is rated.'
        else
            'As the worst dimension. '
            || trim(
                coalesce('Red: ' || {{ relation }}.red_dimensions || '. ', '')
                || coalesce('Amber: ' || {{ relation }}.amber_dimensions || '. ', '')
                || coalesce('Green: ' || {{ relation }}.green_dimensions || '. ', '')
                || coalesce('Not rated: ' || {{ relation }}.not_rated_dimensions || '.', '')
            )
    end as overall_status_reason,
{%- endmacro %}

{#- The margin beside a scorecard. -#}
{% macro scorecard_margin(relation) -%}
    {%- for column in ['gross_margin_amount_base', 'gross_margin_pct', 'gross_margin_amount_base_to_date', 'gross_margin_pct_to_date'] %}
    {{ relation }}.{{ column }},
    {%- endfor %}
{%- endmacro %}

{#- A scorecard above the project: statuses of the summed figures, the projects behind each, the margin beside. `column`: the
    name of the group in dim_projects and in the margin mart. -#}
{% macro scorecard_rolled_up(subject_type, column, margin_mart) -%}
with dimensions_judged as (

    select * from {{ ref('int_kpi__dimensions_judged') }}

),

margin as (

    select * from {{ ref(margin_mart) }}

),

project_scorecards as (

    select * from {{ ref('scorecard_by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

statuses as (

    {{ dimensions_beside(subject_type) }}

),

members as (

    select
        {{ dict(kpi_groups())[subject_type] }} as subject_id,
        project_scorecards.project_id,
        project_scorecards.month,
        {%- for dimension in scorecard_dimensions() + ['overall'] %}
        project_scorecards.{{ dimension }}_status,
        {%- endfor %}
        project_scorecards.is_commentary_missing
    from project_scorecards
    inner join projects
        on project_scorecards.project_id = projects.project_id

),

behind as (

    select
        subject_id,
        month,
        count(*) as projects,
        {%- for status in ['red', 'amber', 'green', 'not_rated'] %}
        sum(case when overall_status = '{{ status }}' then 1 else 0 end) as {{ status }}_projects,
        {%- endfor %}
        {%- for dimension in scorecard_dimensions() + ['overall'] %}
        trim(
            {%- for status in ['red', 'amber'] %}
            coalesce(
                '{{ status | capitalize }}: '
                || {{ dbt.listagg(
                    'case when ' ~ dimension ~ "_status = '" ~ status ~ "' then project_id end", "', '", 'order by project_id'
                ) }} || '. ',
                ''
            )
            ||
            {%- endfor %}
            cast(sum(case when {{ dimension }}_status = 'green' then 1 else 0 end) as {{ dbt.type_string() }}) || ' green, '
            || cast(sum(case when {{ dimension }}_status = 'not_rated' then 1 else 0 end) as {{ dbt.type_string() }})
            || ' not rated.'
        ) as {{ dimension }}_projects,
        {%- endfor %}
        {{ dbt.listagg('case when is_commentary_missing then project_id end', "', '", 'order by project_id') }}
            as commentary_missing_projects
    from members
    group by
        subject_id,
        month

)

select
    statuses.subject_id as {{ column }},
    statuses.month,
    {{- scorecard_statuses('statuses') }}
    {{- scorecard_margin('margin') }}
    cast(coalesce(behind.projects, 0) as integer) as projects,
    {%- for status in ['red', 'amber', 'green', 'not_rated'] %}
    cast(coalesce(behind.{{ status }}_projects, 0) as integer) as {{ status }}_projects,
    {%- endfor %}
    {%- for dimension in scorecard_dimensions() + ['overall'] %}
    behind.{{ dimension }}_projects,
    {%- endfor %}
    behind.commentary_missing_projects
from statuses
left join margin
    on statuses.subject_id = margin.{{ column }}
    and statuses.month = margin.month
left join behind
    on statuses.subject_id = behind.subject_id
    and statuses.month = behind.month
order by
    {{ column }},
    month
{%- endmacro %}
