{#- The columns of a published model as its properties declare them: a list of {name, data_type}. Empty while parsing. -#}
{% macro columns_of(model) -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for column in graph.nodes['model.' ~ project_name ~ '.' ~ model].columns.values() -%}
            {%- do columns.append({'name': column.name, 'data_type': column.data_type}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(columns) }}
{%- endmacro %}

{#- A mart as it was when its months were closed: the rows that the closes hold (ledger.closed_<mart>, read back by the
    refresh), in the columns that the mart has today. A column that the close did not know is empty. -#}
{% macro as_closed(mart) -%}
    {%- set frozen = adapter.get_relation(database=this.database, schema='ledger', identifier='closed_' ~ mart)
        if execute else none -%}
    {%- set known = adapter.get_columns_in_relation(frozen) | map(attribute='name') | list if frozen else [] -%}
    {%- set columns = columns_of(mart) -%}
select
    {%- for column in columns %}
    cast({{ column.name if column.name in known else 'null' }} as {{ column.data_type }}) as {{ column.name }}
    {{- ',' if not loop.last }}
    {%- endfor %}
    {%- if frozen %}
from {{ frozen }}
    {%- else %}
from (select 1 as nothing) as nothing
where false
    {%- endif %}
{%- endmacro %}

{#- The measures of margin_by_project_month whose closed figures are compared with what they are now: every amount of a
    month (a drift test compares the two lists); sums to date follow from them. -#}
{% macro restated_measures() -%}
    {{ return([
        'revenue_amount_base',
        'labour_cost_amount_base',
        'subcontract_cost_amount_base',
        'material_cost_amount_base',
        'equipment_cost_amount_base',
        'travel_cost_amount_base',
        'other_cost_amount_base',
        'loss_provision_change_amount_base',
        'quality_cost_amount_base',
        'cost_of_sales_amount_base',
        'gross_margin_amount_base',
        'billed_amount_base',
        'collected_amount_base',
        'fx_effect_amount_base',
        'gross_margin_at_budget_rates_amount_base',
        'as_sold_revenue_amount_base',
        'as_sold_cost_amount_base',
        'as_sold_margin_amount_base',
        'baseline_revenue_amount_base',
        'baseline_cost_amount_base',
        'baseline_margin_amount_base',
        'forecast_revenue_amount_base',
        'forecast_cost_amount_base',
        'forecast_margin_amount_base'
    ]) }}
{%- endmacro %}
