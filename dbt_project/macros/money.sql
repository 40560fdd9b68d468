{#- A published amount: two decimals, rounded last and half away from zero (DuckDB and Spark both do so in a cast). -#}
{% macro money(expression) -%}
    cast({{ expression }} as decimal(18, 2))
{%- endmacro %}

{#- The first day of the month of a date, as a date. -#}
{% macro month_of(expression) -%}
    cast({{ dbt.date_trunc('month', expression) }} as date)
{%- endmacro %}
