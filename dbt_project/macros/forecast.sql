{#- The fifth of the work in which a project is, by percent complete (a fraction); null where that is unknown. -#}
{% macro progress_band(percent_complete) -%}
    case
        when {{ percent_complete }} < 0.2 then '0-20'
        when {{ percent_complete }} < 0.4 then '20-40'
        when {{ percent_complete }} < 0.6 then '40-60'
        when {{ percent_complete }} < 0.8 then '60-80'
        when {{ percent_complete }} >= 0.8 then '80-100'
    end
{%- endmacro %}

{#- The methods of estimating a cost at completion, in the order in which equals are taken. -#}
{% macro eac_methods() -%}
    {{ return([
        'bottom_up', 'cpi', 'remaining_at_budget', 'cpi_spi_t', 'cpi_spi', 'weighted', 'last_6', 'last_3', 'reference_class'
    ]) }}
{%- endmacro %}

{#- Who made a plan version, by its source: finance, project_manager (also where nobody is named: a project's plan is its
    manager's) or other. -#}
{% macro plan_author(source) -%}
    case
        when {{ source }} is null then 'project_manager'
        {%- for phrase in ['finance', 'controlling', 'controller', 'financial controller'] %}
        when {{ as_words(source) }} like '% {{ phrase }} %' then 'finance'
        {%- endfor %}
        {%- for phrase in ['project manager', 'pm', 'project lead', 'project management'] %}
        when {{ as_words(source) }} like '% {{ phrase }} %' then 'project_manager'
        {%- endfor %}
        else 'other'
    end
{%- endmacro %}

{#- A fraction as text in percent with one decimal, such as 6.2. -#}
{% macro percent_text(expression) -%}
    cast(cast(({{ expression }}) * 100 as decimal(18, 1)) as {{ dbt.type_string() }})
{%- endmacro %}
