{#- Rows `number` = 0, 1, … `last`, both included; `last` is a literal. -#}
{% macro numbers(last) -%}
    {%- for number in range(last + 1) %}
    select {{ number }} as number
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
