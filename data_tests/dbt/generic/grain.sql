{#- The grain that a model states: its columns name one row. Fails with each key that stands on more than one row, or
    that misses a column; `nullable` names the key columns that may be empty (two empty ones are the same key). -#}
{% test grain(model, columns, nullable=[]) %}
select
    {{ columns | join(',\n    ') }},
    count(*) as rows_with_this_key
from {{ model }}
group by
    {{ columns | join(',\n    ') }}
having
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
