{#- A condition that is true on every row. Fails with each row, by the columns that name it, on which it is false or
    unknown. -#}
{% test holds(model, columns, condition) %}
select
    {{ columns | join(',\n    ') }}
from {{ model }}
where coalesce(not ({{ condition }}), true)
{% endtest %}
