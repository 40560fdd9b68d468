{#- Whether a text holds no at sign, and so no e-mail address: what files say about themselves is written by others. -#}
{% macro is_free_of_addresses(value) -%}
    {{ value }} not like '%@%'
{%- endmacro %}
