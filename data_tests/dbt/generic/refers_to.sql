{#- Every reference leads somewhere: fails with each value of `columns` that no row of `to` has in `to_columns` (the
    same names where they are left out). A reference with an empty column is none. -#}
{% test refers_to(model, columns, to, to_columns=none) %}
{%- set targets = to_columns or columns %}
select
    {%- for column in columns %}
    referring.{{ column }},
    {%- endfor %}
    count(*) as rows_with_this_reference
from (select * from {{ model }}) as referring
left join (
    select distinct
        {{ targets | join(',\n        ') }}
    from {{ to }}
) as referred
    on {% for column in columns -%}
    referring.{{ column }} = referred.{{ targets[loop.index0] }}{{ '\n    and ' if not loop.last }}
    {%- endfor %}
where
    referred.{{ targets[0] }} is null
    {%- for column in columns %}
    and referring.{{ column }} is not null
    {%- endfor %}
group by
    {%- for column in columns %}
    referring.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{% endtest %}
