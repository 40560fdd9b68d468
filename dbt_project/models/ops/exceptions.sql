{%- set columns = [
    'rule', 'severity', 'subject', 'entity_type', 'entity', 'project_id', 'role_id', 'month', 'occurred_on', 'message',
    'amount_at_stake', 'unit'
] -%}
{%- set found = [
    'int_labour__exceptions_found', 'int_cost__exceptions_found', 'int_invoices__exceptions_found',
    'int_currency__exceptions_found', 'int_margin__exceptions_found'
] -%}

with found as (
    {% for model in found %}
    select
        rule,
        severity,
        subject,
        entity_type,
        entity,
        project_id,
        {{ 'role_id' if model == 'int_labour__exceptions_found' else 'cast(null as ' ~ dbt.type_string() ~ ') as role_id' }},
        month,
        occurred_on,
        message,
        cast(amount_at_stake as decimal(18, 2)) as amount_at_stake,
        unit
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    {{ columns | join(',\n    ') }}
from found
