-- A fact keeps every row that was delivered: also those whose project, customer, alias or rate nobody knows.
{% set facts = {
    'fct_payments': 'stg_erp__payments',
    'fct_purchase_order_lines': 'stg_erp__purchase_order_lines',
    'fct_plan_lines': 'stg_erp__plan_lines',
    'fct_progress': 'stg_erp__progress',
    'fct_exchange_rates': 'stg_erp__exchange_rates',
    'fct_kpi_observations': 'stg_kpi__kpi_observations',
    'fct_milestones': 'stg_kpi__milestones',
    'fct_acceptance_tests': 'stg_kpi__acceptance_tests',
    'fct_survey_responses': 'stg_kpi__survey_responses',
    'fct_complaints': 'stg_kpi__complaints',
    'fct_safety_incidents': 'stg_kpi__safety_incidents',
    'fct_change_requests': 'stg_projects__change_requests',
    'fct_risks': 'stg_projects__risks',
    'fct_sales_opportunities': 'stg_projects__sales_opportunities',
    'fct_handover_items': 'stg_projects__handover_items',
    'fct_schedule_tasks': 'stg_projects__schedule_tasks',
    'fct_schedule_links': 'stg_projects__schedule_links'
} %}

with counted as (
    {% for fact, staged in facts.items() %}
    select
        '{{ fact }}' as fact,
        (select count(*) from {{ ref(staged) }}) as staged_rows,
        (select count(*) from {{ ref(fact) }}) as fact_rows
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    fact,
    staged_rows,
    fact_rows
from counted
where staged_rows <> fact_rows
