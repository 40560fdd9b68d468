{#- One text that stands for several columns, empty ones included: md5 over each value with its length before it, so that
    no two different rows meet by chance of where a separator falls. -#}
{% macro surrogate_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- set text = 'cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
        {%- do parts.append('coalesce(cast(length(' ~ text ~ ') as ' ~ dbt.type_string() ~ ") || ':' || " ~ text ~ ", '-')") -%}
    {%- endfor -%}
    {{ dbt.hash(parts | join(" || ")) }}
{%- endmacro %}
