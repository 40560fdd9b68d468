{#- A stable stand-in for a person: 16 hex digits of a keyed hash, the same for the same key and value, not to be
    turned back or guessed by hashing a list of names without the key. Null where the value or the key is null, so
    that a missing key stops the build (the column is not null) instead of publishing a guessable hash.
    The key is an expression (a column of int_refresh__parameters_pivoted), never a literal: compiled SQL, logs and
    the manifest must not show it. Hashed twice, as a keyed hash must be: a plain hash of key and value can be
    extended. -#}
{% macro pseudonym(value, key) -%}
    substring({{ sha256_hex(key ~ " || ':' || " ~ sha256_hex(key ~ " || ':' || " ~ value)) }}, 1, 16)
{%- endmacro %}

{% macro sha256_hex(expression) -%}
    {{ return(adapter.dispatch('sha256_hex')(expression)) }}
{%- endmacro %}

{% macro duckdb__sha256_hex(expression) -%} sha256({{ expression }}) {%- endmacro %}

{% macro spark__sha256_hex(expression) -%} sha2({{ expression }}, 256) {%- endmacro %}

{#- A manager as published: the holder of a role by name, or a pseudonym where the configuration hides managers. -#}
{% macro role_holder(value, key) -%}
    {%- if var('show_project_managers') -%} {{ value }} {%- else -%} 'M-' || {{ pseudonym(value, key) }} {%- endif -%}
{%- endmacro %}
