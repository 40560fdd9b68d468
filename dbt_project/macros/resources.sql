{#- The months of a resource forecast: from the one after the month of the refresh, `resource_horizon_months` of them. -#}
{% macro months_ahead() -%}
    select cast({{ dbt.dateadd('month', 'offsets.number + 1', month_of('parameters.as_of_date')) }} as date) as month
    from parameters
    cross join offsets
{%- endmacro %}
