{#- Quotients of amounts in cents. The macro `divided` takes any decimal and pays for it: a product of 38 digits is checked for
    overflow (0.6 µs a row and side). An amount has 18 digits and a factor of known places, so whole numbers do (0.9 µs in all). -#}

{#- numerator / denominator of two amounts, twelve places, rounded half away from zero; null where the denominator is zero. -#}
{% macro amount_ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('amount_ratio')(numerator, denominator)) }}
{%- endmacro %}

{% macro duckdb__amount_ratio(numerator, denominator) -%}
    {%- set top = whole_number(numerator, 2) -%}
    {%- set bottom = whole_number(denominator, 2) -%}
    cast(
        case
            when ({{ denominator }}) <> 0
                then
                    cast(
                        sign({{ numerator }}) * sign({{ denominator }})
                        * ((abs({{ top }}) * cast(2000000000000 as hugeint) + abs({{ bottom }})) // (abs({{ bottom }}) * 2))
                        as decimal(38, 0)
                    ) * cast(0.000000000001 as decimal(13, 12))
        end as decimal(38, 12)
    )
{%- endmacro %}

{% macro spark__amount_ratio(numerator, denominator) -%}
    cast(
        cast({{ numerator }} as decimal(20, 2)) / nullif(cast({{ denominator }} as decimal(20, 2)), 0) as decimal(38, 12)
    )
{%- endmacro %}

{#- amount * factor / divisor, `digits` places, rounded half up; all of them at or above zero, the divisor above. `factor_places`,
    `divisor_places`: decimal places of the two that count. What exceeds 38 digits on the way is null, never wrong. -#}
{% macro amount_share(amount, factor, divisor, digits=2, factor_places=2, divisor_places=2) -%}
    {{ return(adapter.dispatch('amount_share')(amount, factor, divisor, digits, factor_places, divisor_places)) }}
{%- endmacro %}

{% macro duckdb__amount_share(amount, factor, divisor, digits, factor_places, divisor_places) -%}
    {%- set shift = digits + divisor_places - 2 - factor_places -%}
    {%- set top = whole_number(amount, 2) ~ ' * ' ~ whole_number(factor, factor_places)
        ~ ' * cast(1' ~ '0' * ([shift, 0] | max) ~ ' as hugeint)' -%}
    {%- set bottom = whole_number(divisor, divisor_places) ~ ' * cast(1' ~ '0' * ([-shift, 0] | max) ~ ' as hugeint)' -%}
    try(
        cast((2 * {{ top }} + {{ bottom }}) // (2 * {{ bottom }}) as decimal(38, 0))
        * cast(0.{{ '0' * (digits - 1) }}1 as decimal({{ digits + 1 }}, {{ digits }}))
    )
{%- endmacro %}

{% macro spark__amount_share(amount, factor, divisor, digits, factor_places, divisor_places) -%}
    cast(
        cast({{ amount }} as decimal(18, 2)) * cast({{ factor }} as decimal(18, {{ factor_places }}))
        / cast({{ divisor }} as decimal(24, {{ divisor_places }})) as decimal(38, {{ digits }})
    )
{%- endmacro %}

{#- A decimal as a whole number of its last places. -#}
{% macro whole_number(expression, places) -%}
    cast(cast({{ expression }} as decimal(24, {{ places }})) * 1{{ '0' * places }} as hugeint)
{%- endmacro %}
