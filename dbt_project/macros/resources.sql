{#- Days from Monday to Friday between two days, both included; 0 where the second is before the first. Public holidays are in no
    table. 1 January 1900 was a Monday. -#}
{% macro weekdays_from_to(first, last) -%}
    greatest({{ weekdays_up_to(last) }} - {{ weekdays_up_to(day_before(first)) }}, 0)
{%- endmacro %}

{% macro weekdays_up_to(expression) -%}
    {%- set days = dbt.datediff("cast('1900-01-01' as date)", expression, 'day') -%}
    cast(floor(({{ days }}) / 7) * 5 + least(({{ days }}) % 7 + 1, 5) as bigint)
{%- endmacro %}

{#- The months of a resource forecast: from the one after the month of the refresh, `resource_horizon_months` of them. -#}
{% macro months_ahead() -%}
    select cast({{ dbt.dateadd('month', 'offsets.number + 1', month_of('parameters.as_of_date')) }} as date) as month
    from parameters
    cross join offsets
{%- endmacro %}
