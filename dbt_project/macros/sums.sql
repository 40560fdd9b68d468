{#- The sum of an amount over the rows of a group for which a condition holds: 0 where there is none, null where the amount
    of one of them is unknown (a currency without a rate). -#}
{% macro known_sum(amount, condition='true') -%}
    case
        when count(case when {{ condition }} then 1 end) = count(case when {{ condition }} then {{ amount }} end)
            then coalesce(sum(case when {{ condition }} then {{ amount }} end), 0)
    end
{%- endmacro %}
