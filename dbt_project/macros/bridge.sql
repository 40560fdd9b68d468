{#- Kinds of cost that are drivers of a margin bridge by themselves, labour first: it is told by hours and rate. -#}
{% macro bridge_costs() -%}
    {{ return(['labour', 'subcontract', 'material', 'equipment', 'travel', 'other']) }}
{%- endmacro %}

{#- Drivers of a margin bridge in the order of its steps. -#}
{% macro bridge_drivers() -%}
    {{ return([
        'price', 'approved_changes', 'hours', 'rate', 'subcontract', 'material', 'equipment', 'travel', 'other', 'fx', 'risk',
        'residual'
    ]) }}
{%- endmacro %}
