{#- A document's number, or a party's identifier, as it is compared: in upper case, without blanks, without leading zeros.
    `INV 0042`, `inv0042` are one; so are `0042` and `42`. Null stays null, and so does what has nothing left. -#}
{% macro document_key(expression) -%}
    {{ return(adapter.dispatch('document_key')(expression)) }}
{%- endmacro %}

{% macro duckdb__document_key(expression) -%}
    nullif(ltrim(upper(regexp_replace({{ expression }}, '\s', '', 'g')), '0'), '')
{%- endmacro %}

{% macro spark__document_key(expression) -%}
    nullif(ltrim('0', upper(regexp_replace({{ expression }}, '\\s', ''))), '')
{%- endmacro %}

{#- A text as words between single blanks, with one at either end, in lower case and without punctuation; so that a phrase
    is found as whole words: 'framework' has no 'rework' in it. -#}
{% macro as_words(expression) -%}
    {{ return(adapter.dispatch('as_words')(expression)) }}
{%- endmacro %}

{% macro duckdb__as_words(expression) -%}
    ' ' || trim(regexp_replace(lower({{ expression }}), '[^\p{L}\p{N}]+', ' ', 'g')) || ' '
{%- endmacro %}

{% macro spark__as_words(expression) -%}
    concat(' ', trim(regexp_replace(lower({{ expression }}), '[^\\p{L}\\p{N}]+', ' ')), ' ')
{%- endmacro %}

{#- The words of as_words with the last one first: ' ada lovelace ' -> ' lovelace ada '. -#}
{% macro turned_around(words) -%}
    {{ return(adapter.dispatch('turned_around')(words)) }}
{%- endmacro %}

{% macro duckdb__turned_around(words) -%}
    regexp_replace({{ words }}, '^ (.+) ([^ ]+) $', ' \2 \1 ')
{%- endmacro %}

{% macro spark__turned_around(words) -%}
    regexp_replace({{ words }}, '^ (.+) ([^ ]+) $', ' $2 $1 ')
{%- endmacro %}

{#- What an identifier has before its last separator: `weld-001` -> `weld`; the identifier itself where it has none. -#}
{% macro without_last_part(expression) -%}
    regexp_replace({{ expression }}, '[-_/.: ][^-_/.: ]*$', '')
{%- endmacro %}

{#- What an amount did, in words: 'cost rose by 12.50 EUR', 'cost stayed'. -#}
{% macro rose_or_fell(name, amount, unit='') -%}
    case
        when {{ amount }} > 0 then '{{ name }} rose by ' || cast({{ amount }} as {{ dbt.type_string() }}) || '{{ unit }}'
        when {{ amount }} < 0 then '{{ name }} fell by ' || cast(-({{ amount }}) as {{ dbt.type_string() }}) || '{{ unit }}'
        else '{{ name }} stayed'
    end
{%- endmacro %}
