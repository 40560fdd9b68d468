{#- Working days, Monday to Friday, from 1 January 1900 (a Monday) to a date, both included. Public holidays are not known to any
    table. -#}
{% macro working_days_until(expression) -%}
    {%- set days = dbt.datediff("cast('1900-01-01' as date)", expression, 'day') -%}
    cast(
        floor({{ days }} / 7) * 5 + least(({{ days }}) % 7 + 1, 5) as bigint
    )
{%- endmacro %}

{#- Working days after a date up to another, which is included: 0 on the same day, 1 from Friday to Monday. -#}
{% macro working_days_between(first, last) -%}
    ({{ working_days_until(last) }} - {{ working_days_until(first) }})
{%- endmacro %}
