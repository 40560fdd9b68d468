{#- numerator / denominator as an exact decimal of `digits` places, rounded half away from zero; null where either is
    null or the denominator is zero. `scale`: decimal places of the two that count.
    DuckDB divides decimals as binary floats, hence the detour over whole numbers; what exceeds 38 digits on the way is
    null, never wrong. -#}
{% macro divided(numerator, denominator, digits, scale=6) -%}
    {{ return(adapter.dispatch('divided')(numerator, denominator, digits, scale)) }}
{%- endmacro %}

{% macro duckdb__divided(numerator, denominator, digits, scale) -%}
    {%- set whole = '1' ~ '0' * scale -%}
    {%- set exact = 'cast(' ~ numerator ~ ' as decimal(38, ' ~ scale ~ '))' -%}
    {#- the product of two amounts times `whole` has more digits than a decimal, but not than a whole number; taking it apart
        costs as much as the division, so only what is that large is -#}
    {%- set top = 'case when abs(' ~ exact ~ ') < 1' ~ '0' * (37 - 2 * scale)
        ~ ' then cast(' ~ exact ~ ' * ' ~ whole ~ ' as hugeint)'
        ~ ' else cast(floor(' ~ exact ~ ') as hugeint) * ' ~ whole
        ~ ' + cast((' ~ exact ~ ' - floor(' ~ exact ~ ')) * ' ~ whole ~ ' as hugeint) end' -%}
    {%- set bottom = 'cast(cast(' ~ denominator ~ ' as decimal(38, ' ~ scale ~ ')) * ' ~ whole ~ ' as hugeint)' -%}
    try(
        case
            when ({{ denominator }}) <> 0
                then
                    cast(
                        sign({{ numerator }}) * sign({{ denominator }})
                        * (
                            (abs({{ top }}) * cast(1{{ '0' * digits }} as hugeint) + (abs({{ bottom }}) >> 1))
                            // abs({{ bottom }})
                        ) as decimal(38, 0)
                    )
                    * cast(0.{{ '0' * (digits - 1) }}1 as decimal({{ digits + 1 }}, {{ digits }}))
        end
    )
{%- endmacro %}

{% macro spark__divided(numerator, denominator, digits, scale) -%}
    cast(
        cast({{ numerator }} as decimal(24, {{ scale }}))
        / nullif(cast({{ denominator }} as decimal(24, {{ scale }})), 0) as decimal(38, {{ digits }})
    )
{%- endmacro %}

{#- Days' sales outstanding: amount / sales * days, exact to 6 places; null while sales are not above zero or where
    `is_known` does not hold. -#}
{% macro days_of_sales(amount, sales, days, is_known) -%}
    cast(
        case
            when {{ sales }} > 0 and {{ is_known }}
                then {{ divided(amount ~ ' * ' ~ days, sales, 6) }}
        end as decimal(18, 6)
    )
{%- endmacro %}
