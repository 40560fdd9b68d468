{#- The dates that facts, contracts and plans stand under. Exchange rates are left out: their history begins long before any project. -#}
{%- set dated = [
    ('stg_timesheets__time_entries', 'work_date'),
    ('stg_erp__cost_lines', 'posting_date'),
    ('stg_erp__purchase_order_lines', 'ordered_on'),
    ('stg_erp__contract_lines', 'start_date'),
    ('stg_erp__contract_prices', 'effective_on'),
    ('stg_erp__plan_versions', 'approved_on'),
    ('stg_erp__payments', 'paid_on'),
    ('stg_erp__plan_lines', 'month'),
    ('stg_erp__progress', 'observed_on'),
    ('stg_invoices__invoices', 'issue_date'),
    ('stg_kpi__kpi_observations', 'observed_on'),
    ('stg_kpi__milestones', 'reported_on'),
    ('stg_kpi__acceptance_tests', 'tested_on'),
    ('stg_kpi__survey_responses', 'responded_on'),
    ('stg_kpi__complaints', 'opened_on'),
    ('stg_kpi__safety_incidents', 'occurred_on'),
    ('stg_projects__change_requests', 'requested_on'),
    ('stg_projects__risks', 'raised_on'),
    ('stg_projects__sales_opportunities', 'updated_on'),
    ('stg_projects__resource_plans', 'month'),
    ('stg_projects__schedule_tasks', 'status_date')
] %}

with bounds as (
    {% for model, column in dated %}
    select
        min({{ column }}) as first_date,
        max({{ column }}) as last_date
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    min(first_date) as first_date,
    max(last_date) as last_date
from bounds
