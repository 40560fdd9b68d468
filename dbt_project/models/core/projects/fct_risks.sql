with risks as (

    select * from {{ ref('stg_projects__risks') }}

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
    risks.project_id as delivered_project_id,
    coalesce(aliases.project_id, risks.project_id) as project_id,
    risks.risk_id,
    risks.kind,
    risks.title,
    risks.status,
    risks.response,
    risks.raised_on as raised_date,
    {{ month_of('risks.raised_on') }} as raised_month,
    risks.closed_on as closed_date,
    risks.probability as probability_pct,
    risks.currency_code,
    {{ money('risks.cost_low_amount') }} as cost_low_amount,
    {{ money('risks.cost_low_amount * rates.rate_to_base') }} as cost_low_amount_base,
    {{ money('risks.cost_likely_amount') }} as cost_likely_amount,
    {{ money('risks.cost_likely_amount * rates.rate_to_base') }} as cost_likely_amount_base,
    {{ money('risks.cost_high_amount') }} as cost_high_amount,
    {{ money('risks.cost_high_amount * rates.rate_to_base') }} as cost_high_amount_base,
    -- expected value: what it is worth to the margin, so a threat counts negative
    {{ money("case risks.kind when 'threat' then -1 else 1 end
        * (cast(risks.cost_likely_amount as decimal(20, 6)) * risks.probability)") }} as emv_amount,
    {{ money("case risks.kind when 'threat' then -1 else 1 end
        * (cast(risks.cost_likely_amount * rates.rate_to_base as decimal(20, 6)) * risks.probability)") }}
        as emv_amount_base,
    risks.schedule_days,
    risks.source_file_id,
    risks.source_line
from risks
left join source_files
    on risks.source_file_id = source_files.source_file_id
left join aliases
    on risks.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
left join rates
    on risks.currency_code = rates.currency_code
    and risks.raised_on = rates.rate_date
order by
    delivered_project_id,
    risk_id
