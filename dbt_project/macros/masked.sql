{#- A value that goes out only where `may_be_shown` is known to be true; anything else, null included, is withheld. -#}
{% macro masked(value, may_be_shown) -%}
    case when {{ value }} is null or {{ may_be_shown }} then {{ value }} else '(withheld: personal data)' end
{%- endmacro %}
