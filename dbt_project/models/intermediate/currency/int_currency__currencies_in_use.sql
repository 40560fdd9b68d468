{#- Every model in which an amount, a price or a rate has a currency. -#}
{%- set named = [
    ('stg_erp__exchange_rates', 'from_currency'),
    ('stg_erp__exchange_rates', 'to_currency'),
    ('stg_erp__projects', 'currency_code'),
    ('stg_erp__contract_lines', 'currency_code'),
    ('stg_erp__cost_rates', 'currency_code'),
    ('stg_erp__bill_rates', 'currency_code'),
    ('stg_erp__cost_lines', 'currency_code'),
    ('stg_erp__gl_balances', 'currency_code'),
    ('stg_erp__payments', 'currency_code'),
    ('stg_erp__plan_lines', 'currency_code'),
    ('stg_erp__purchase_order_lines', 'currency_code'),
    ('stg_invoices__invoices', 'currency_code'),
    ('stg_kpi__complaints', 'currency_code'),
    ('stg_projects__change_requests', 'currency_code'),
    ('stg_projects__risks', 'currency_code'),
    ('stg_projects__sales_opportunities', 'currency_code')
] -%}

with currencies_named as (
    {% for model, column in named %}
    select {{ column }} as currency_code
    from {{ ref(model) }}

    union
    {% endfor %}
    select '{{ var("base_currency") }}' as currency_code

)

select currency_code
from currencies_named
where currency_code is not null
