with complaints as (

    select * from {{ ref('stg_kpi__complaints') }}

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
    complaints.complaint_id,
    coalesce(aliases.project_id, complaints.project_id) as project_id,
    complaints.opened_on as opened_date,
    {{ month_of('complaints.opened_on') }} as opened_month,
    complaints.closed_on as closed_date,
    complaints.severity,
    complaints.corrective_action is not null as has_corrective_action,
    complaints.currency_code,
    {{ money('complaints.cost_amount') }} as cost_amount,
    {{ money('complaints.cost_amount * rates.rate_to_base') }} as cost_amount_base,
    complaints.source_file_id,
    complaints.source_line
from complaints
left join source_files
    on complaints.source_file_id = source_files.source_file_id
left join aliases
    on complaints.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
left join rates
    on complaints.currency_code = rates.currency_code
    and complaints.opened_on = rates.rate_date
order by complaint_id
