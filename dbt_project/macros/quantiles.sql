{#- The value below which a share of the values lies, interpolated between neighbours (Hyndman and Fan's type 7, linear);
    nulls are left out, null where there is none. Engines name it differently, hence the dispatch. -#}
{% macro quantile(expression, share) -%}
    cast({{ adapter.dispatch('quantile')(expression, share) }} as decimal(18, 2))
{%- endmacro %}

{% macro duckdb__quantile(expression, share) -%}
    quantile_cont(cast({{ expression }} as decimal(18, 6)), {{ share }})
{%- endmacro %}

{% macro spark__quantile(expression, share) -%}
    percentile(cast({{ expression }} as decimal(18, 6)), {{ share }})
{%- endmacro %}
