{#- Where a day ends on the axis of time of straight-line revenue, as a whole number. Months count the same each and a
    day is its part of its own month, so that a level fee is the same every month (published: 5,625.00 a month of
    135,000 over 24); 377,580 is the least number that 28, 29, 30 and 31 divide. With the variable `straight_line_unit`
    on `day` every day counts the same instead. The start of a day is the end of the day before. -#}
{% macro position_in_time(expression) -%}
    {%- if var('straight_line_unit') == 'day' -%}
    cast({{ dbt.datediff("cast('1900-01-01' as date)", expression, 'day') }} as bigint)
    {%- else -%}
    (
        cast(extract(year from {{ expression }}) * 12 + extract(month from {{ expression }}) as bigint) * 377580
        + cast(extract(day from {{ expression }}) as bigint)
        * case extract(day from {{ dbt.last_day(expression, 'month') }})
            when 28 then 13485
            when 29 then 13020
            when 30 then 12586
            else 12180
        end
    )
    {%- endif -%}
{%- endmacro %}

{#- The day before. -#}
{% macro day_before(expression) -%}
    cast({{ dbt.dateadd('day', -1, expression) }} as date)
{%- endmacro %}

{#- The last day of the month of a date. -#}
{% macro month_end_of(expression) -%}
    cast({{ dbt.last_day(expression, 'month') }} as date)
{%- endmacro %}
