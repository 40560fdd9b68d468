{#- Kinds of sales opportunities. -#}
{% macro opportunity_kinds() -%}
    {{ return(['upsell', 'cross_sell', 'renewal']) }}
{%- endmacro %}

{#- The names of a pipeline's columns, all kinds together first. -#}
{% macro pipeline_measures() -%}
    {%- set names = ['open_opportunities', 'pipeline_amount_base', 'pipeline_weighted_amount_base', 'open_pipeline_amount_base',
        'open_pipeline_weighted_amount_base', 'won_amount_base'] -%}
    {%- for kind in opportunity_kinds() -%}
        {%- do names.extend([kind ~ '_pipeline_amount_base', kind ~ '_pipeline_weighted_amount_base']) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- The pipeline of each row of a step `told` (its key, stage, kind, pipeline_amount_base, weighted_amount_base of an
    opportunity as known at the month's end; stage null where there is none): won = 1, lost = 0 and in no figure. -#}
{% macro pipeline_columns() -%}
    {%- set in_pipeline = "stage <> 'lost'" -%}
    {%- set is_open = "stage not in ('won', 'lost')" -%}
        count(case when {{ is_open }} then 1 end) as open_opportunities,
        {{ known_sum('pipeline_amount_base', in_pipeline) }} as pipeline_amount_base,
        {{ known_sum('weighted_amount_base', in_pipeline) }} as pipeline_weighted_amount_base,
        {{ known_sum('pipeline_amount_base', is_open) }} as open_pipeline_amount_base,
        {{ known_sum('weighted_amount_base', is_open) }} as open_pipeline_weighted_amount_base,
        {{ known_sum('pipeline_amount_base', "stage = 'won'") }} as won_amount_base
        {%- for kind in opportunity_kinds() %},
        {{ known_sum('pipeline_amount_base', in_pipeline ~ " and kind = '" ~ kind ~ "'") }} as {{ kind }}_pipeline_amount_base,
        {{ known_sum('weighted_amount_base', in_pipeline ~ " and kind = '" ~ kind ~ "'") }}
            as {{ kind }}_pipeline_weighted_amount_base
        {%- endfor %}
{%- endmacro %}
