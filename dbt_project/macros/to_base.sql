{#- An amount in the reporting currency, unrounded: amount times rate (int_currency__daily_rates_to_base), null where
    there is no rate. Both engines multiply decimals exactly; 18 places are kept. -#}
{% macro to_base(amount, rate) -%}
    cast(({{ amount }}) * ({{ rate }}) as decimal(38, 18))
{%- endmacro %}
