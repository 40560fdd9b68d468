{#- Every date under which an amount may stand. Whole months, so that a month's mean of days does not hang on what was
    posted first in it. -#}
{%- set dated = [
    ('stg_timesheets__time_entries', 'work_date'),
    ('stg_erp__contract_lines', 'start_date'),
    ('stg_erp__contract_prices', 'effective_on'),
    ('stg_erp__cost_lines', 'posting_date'),
    ('stg_erp__gl_balances', 'month'),
    ('stg_erp__payments', 'paid_on'),
    ('stg_erp__plan_lines', 'month'),
    ('stg_erp__plan_versions', 'approved_on'),
    ('stg_erp__purchase_order_lines', 'ordered_on'),
    ('stg_invoices__invoices', 'issue_date'),
    ('stg_kpi__complaints', 'opened_on'),
    ('stg_kpi__complaints', 'closed_on'),
    ('stg_kpi__milestones', 'actual_date'),
    ('stg_kpi__milestones', 'reported_on'),
    ('stg_projects__change_requests', 'requested_on'),
    ('stg_projects__change_requests', 'decided_on'),
    ('stg_projects__risks', 'raised_on'),
    ('stg_projects__risks', 'closed_on'),
    ('stg_projects__sales_opportunities', 'updated_on')
] -%}

with parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

dates_in_use as (
    {% for model, column in dated %}
    select
        min({{ column }}) as first_date,
        max({{ column }}) as last_date
    from {{ ref(model) }}

    union all
    {% endfor %}
    select
        as_of_date as first_date,
        as_of_date as last_date
    from parameters

)

select
    {{ month_of('min(first_date)') }} as first_date,
    cast({{ dbt.last_day('max(last_date)', 'month') }} as date) as last_date
from dates_in_use
