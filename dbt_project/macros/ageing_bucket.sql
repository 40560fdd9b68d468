{#- The name of the bucket in which a number of days falls: `first` up to `first_to` days, then one bucket up to each of
    `bounds`, the last one open: current, 1-30, 31-60, 61-90, 91+. Without `first` the buckets begin at zero days. -#}
{% macro ageing_bucket(days, bounds, first=none, first_to=-1) -%}
    case
        {%- if first is not none %}
        when {{ days }} <= {{ first_to }} then '{{ first }}'
        {%- endif %}
        {%- set low = namespace(value=first_to + 1) %}
        {%- for bound in bounds %}
        when {{ days }} <= {{ bound }} then '{{ low.value }}-{{ bound }}'
        {%- set low.value = bound + 1 %}
        {%- endfor %}
        when {{ days }} > {{ bounds | last }} then '{{ low.value }}+'
    end
{%- endmacro %}

{#- The same bucket as a number, oldest last, to order by. -#}
{% macro ageing_place(days, bounds) -%}
    case
        {%- for bound in bounds %}
        when {{ days }} <= {{ bound }} then {{ loop.index }}
        {%- endfor %}
        else {{ bounds | length + 1 }}
    end
{%- endmacro %}
