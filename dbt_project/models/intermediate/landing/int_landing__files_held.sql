{#- Every canonical table; a unit test compares the list with the models of staging. -#}
{%- set deliveries = [
    'stg_erp__accounts', 'stg_erp__bill_rates', 'stg_erp__contract_lines', 'stg_erp__contract_prices',
    'stg_erp__cost_lines', 'stg_erp__cost_rates', 'stg_erp__customers', 'stg_erp__employees',
    'stg_erp__exchange_rates', 'stg_erp__gl_balances', 'stg_erp__payments', 'stg_erp__plan_lines',
    'stg_erp__plan_versions', 'stg_erp__programmes', 'stg_erp__progress', 'stg_erp__project_aliases',
    'stg_erp__projects', 'stg_erp__purchase_order_lines', 'stg_erp__wbs_elements',
    'stg_invoices__invoice_lines', 'stg_invoices__invoices', 'stg_kpi__acceptance_tests', 'stg_kpi__complaints',
    'stg_kpi__kpi_observations', 'stg_kpi__milestones', 'stg_kpi__safety_incidents',
    'stg_kpi__survey_responses', 'stg_projects__change_requests', 'stg_projects__commentaries',
    'stg_projects__handover_items', 'stg_projects__resource_plans', 'stg_projects__risks',
    'stg_projects__sales_opportunities', 'stg_projects__schedule_links', 'stg_projects__schedule_tasks',
    'stg_timesheets__time_entries'
] -%}

with findings as (

    select * from {{ source('ledger', 'findings') }}

),

control_totals as (

    select * from {{ source('ledger', 'control_totals') }}

),

told as (

    select source_file_id from findings
    union
    select source_file_id from control_totals

)

{% for delivery in deliveries -%}
select source_file_id
from {{ ref(delivery) }}
where source_file_id in (select source_file_id from told)
{{ 'union' if not loop.last }}
{% endfor %}
