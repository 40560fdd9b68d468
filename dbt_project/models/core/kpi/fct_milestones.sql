with milestones as (

    select * from {{ ref('stg_kpi__milestones') }}

),

contract_lines as (

    select * from {{ ref('stg_erp__contract_lines') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

)

select
    milestones.project_id as delivered_project_id,
    coalesce(aliases.project_id, milestones.project_id) as project_id,
    milestones.milestone_id,
    milestones.milestone_name,
    milestones.wbs_id,
    milestones.contract_line_id,
    milestones.weight,
    milestones.is_customer_acceptance,
    milestones.baseline_date,
    milestones.forecast_date,
    milestones.actual_date,
    {{ month_of('coalesce(milestones.actual_date, milestones.forecast_date, milestones.baseline_date)') }} as expected_month,
    milestones.actual_date is not null as is_achieved,
    coalesce(contract_lines.currency_code, projects.currency_code) as currency_code,
    {{ money('milestones.revenue_amount') }} as revenue_amount,
    {{ money('milestones.revenue_amount * rates.rate_to_base') }} as revenue_amount_base,
    milestones.reported_on as reported_date,
    milestones.source_file_id,
    milestones.source_line
from milestones
left join source_files
    on milestones.source_file_id = source_files.source_file_id
left join aliases
    on milestones.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
left join contract_lines
    on milestones.contract_line_id = contract_lines.contract_line_id
left join projects
    on coalesce(aliases.project_id, milestones.project_id) = projects.project_id
left join rates
    on coalesce(contract_lines.currency_code, projects.currency_code) = rates.currency_code
    and coalesce(milestones.actual_date, milestones.reported_on) = rates.rate_date
order by
    delivered_project_id,
    milestone_id
