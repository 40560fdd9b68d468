{#- Rows of a calendar: one row for every `part` (day, month) from `first` to `last`, both included, for each row of
    `relation`; the column is named after the part. No row where a bound is null. The two engines share no function
    for it, hence the dispatch. -#}
{% macro date_series(relation, first, last, part) -%}
    {{ return(adapter.dispatch('date_series')(relation, first, last, part)) }}
{%- endmacro %}

{% macro duckdb__date_series(relation, first, last, part) -%}
    select cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 {{ part }})) as date) as {{ part }}
    from {{ relation }}
{%- endmacro %}

{% macro spark__date_series(relation, first, last, part) -%}
    select explode(sequence({{ first }}, {{ last }}, interval 1 {{ part }})) as {{ part }}
    from {{ relation }}
    where {{ first }} <= {{ last }}
{%- endmacro %}
