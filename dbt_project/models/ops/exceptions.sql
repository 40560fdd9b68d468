{#- Of these, only labour and bill rates know roles, and only what files say of themselves belongs to a profile. -#}
{%- set facts = [
    'int_labour__exceptions_found', 'int_cost__exceptions_found', 'int_invoices__exceptions_found',
    'int_currency__exceptions_found', 'int_revenue__exceptions_found', 'int_margin__exceptions_found',
    'int_landing__exceptions_found', 'int_balances__exceptions_found', 'int_evm__exceptions_found',
    'int_forecast__exceptions_found', 'int_registers__exceptions_found', 'int_kpi__exceptions_found',
    'int_schedule__exceptions_found', 'int_cash__exceptions_found'
] -%}
{#- Marts with a ratio: whose row, and in which column it stands. -#}
{%- set marts = [
    ('margin_by_project_month', 'project', 'project_id'),
    ('margin_by_programme_month', 'programme', 'programme_id'),
    ('margin_by_customer_month', 'customer', 'customer_id'),
    ('margin_by_business_group_month', 'business group', 'business_group'),
    ('margin_by_market_month', 'market', 'market'),
    ('margin_by_key_projects_month', 'group of projects', 'project_group')
] -%}
{%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}

with found as (
    {% for model in facts %}
    select
        rule,
        severity,
        subject,
        entity_type,
        entity,
        {{ 'profile' if model == 'int_landing__exceptions_found' else nothing ~ ' as profile' }},
        project_id,
        {{ 'role_id' if model in ('int_labour__exceptions_found', 'int_revenue__exceptions_found') else nothing ~ ' as role_id' }},
        month,
        occurred_on,
        message,
        amount_at_stake,
        unit
    from {{ ref(model) }}

    union all
    {% endfor %}
    {%- for mart, entity_type, column in marts %}
    {%- for suffix, period in [('', 'of the month'), ('_to_date', 'to date')] %}
    select
        'no_revenue{{ suffix }}' as rule,
        'notice' as severity,
        'margin' as subject,
        '{{ entity_type }}' as entity_type,
        {{ column }} as entity,
        {{ nothing }} as profile,
        {{ column if entity_type == 'project' else nothing }} as project_id,
        {{ nothing }} as role_id,
        month,
        cast(null as date) as occurred_on,
        'Gross margin in percent is empty: revenue {{ period }} is '
        || case when revenue_amount_base{{ suffix }} < 0 then 'below zero' else 'zero' end
        || '. At stake is the cost {{ period }}.' as message,
        cost_of_sales_amount_base{{ suffix }} as amount_at_stake,
        '{{ var("base_currency") }}' as unit
    from {{ ref(mart) }}
    where
        gross_margin_pct{{ suffix }} is null
        and (cost_of_sales_amount_base{{ suffix }} <> 0 or revenue_amount_base{{ suffix }} <> 0)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    rule,
    severity,
    subject,
    entity_type,
    entity,
    profile,
    project_id,
    role_id,
    month,
    occurred_on,
    message,
    {{ money('amount_at_stake') }} as amount_at_stake,
    unit
from found
