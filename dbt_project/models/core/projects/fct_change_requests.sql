with change_requests as (

    select * from {{ ref('stg_projects__change_requests') }}

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
    change_requests.project_id as delivered_project_id,
    coalesce(aliases.project_id, change_requests.project_id) as project_id,
    change_requests.change_request_id,
    change_requests.title,
    change_requests.status,
    change_requests.requested_on as requested_date,
    {{ month_of('change_requests.requested_on') }} as requested_month,
    change_requests.decided_on as decided_date,
    {{ month_of('change_requests.decided_on') }} as decided_month,
    change_requests.currency_code,
    {{ money('change_requests.price_amount') }} as price_amount,
    {{ money('change_requests.price_amount * rates.rate_to_base') }} as price_amount_base,
    {{ money('change_requests.cost_amount') }} as cost_amount,
    {{ money('change_requests.cost_amount * rates.rate_to_base') }} as cost_amount_base,
    change_requests.schedule_days,
    change_requests.probability as probability_pct,
    change_requests.source_file_id,
    change_requests.source_line
from change_requests
left join source_files
    on change_requests.source_file_id = source_files.source_file_id
left join aliases
    on change_requests.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
left join rates
    on change_requests.currency_code = rates.currency_code
    and coalesce(change_requests.decided_on, change_requests.requested_on) = rates.rate_date
order by
    delivered_project_id,
    change_request_id
