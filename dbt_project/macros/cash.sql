{#- The months that a cash forecast covers: from the one after the month of the refresh, `cash_horizon_months` of them. -#}
{% macro cash_horizon() -%}
    select
        {{ month_of('as_of_date') }} as as_of_month,
        {{ month_of(dbt.dateadd('month', 1, month_of('as_of_date'))) }} as first_month,
        {{ month_of(dbt.dateadd('month', var('cash_horizon_months'), month_of('as_of_date'))) }} as last_month
    from parameters
{%- endmacro %}

{#- The month of a forecast in which a day's money moves: what should have moved already moves in its first month, what lies
    behind the horizon in its last. -#}
{% macro cash_month(expression) -%}
    greatest(horizon.first_month, least(coalesce({{ month_of(expression) }}, horizon.first_month), horizon.last_month))
{%- endmacro %}

{#- The day on which a month's invoice, written on its last day, is paid after so many days. -#}
{% macro days_after_month(month, days) -%}
    cast({{ dbt.dateadd('day', days, month_end_of(month)) }} as date)
{%- endmacro %}

{#- An amount in another currency, through the reporting currency at two rates; itself where the currencies are one. -#}
{% macro exchanged(amount, currency, rate, to_currency, to_rate) -%}
    case
        when {{ currency }} = {{ to_currency }} then cast({{ amount }} as decimal(18, 2))
        else
            cast({{ divided('cast(' ~ to_base('cast(' ~ amount ~ ' as decimal(18, 2))', rate) ~ ' as decimal(38, 6))',
                to_rate, 2, scale=12) }} as decimal(18, 2))
    end
{%- endmacro %}
