with opportunities as (

    select * from {{ ref('stg_projects__sales_opportunities') }}

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
    opportunities.opportunity_id,
    opportunities.customer_id,
    coalesce(aliases.project_id, opportunities.project_id) as project_id,
    opportunities.kind,
    opportunities.title,
    opportunities.stage,
    opportunities.probability as probability_pct,
    opportunities.updated_on as updated_date,
    {{ month_of('opportunities.updated_on') }} as updated_month,
    opportunities.expected_close_date,
    opportunities.currency_code,
    {{ money('opportunities.amount') }} as opportunity_amount,
    {{ money('opportunities.amount * rates.rate_to_base') }} as opportunity_amount_base,
    {{ money("case opportunities.stage when 'won' then 1 when 'lost' then 0 else opportunities.probability end
        * cast(opportunities.amount as decimal(20, 6))") }} as weighted_amount,
    {{ money("case opportunities.stage when 'won' then 1 when 'lost' then 0 else opportunities.probability end
        * cast(opportunities.amount * rates.rate_to_base as decimal(20, 6))") }} as weighted_amount_base,
    opportunities.source_file_id,
    opportunities.source_line
from opportunities
left join source_files
    on opportunities.source_file_id = source_files.source_file_id
left join aliases
    on opportunities.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
left join rates
    on opportunities.currency_code = rates.currency_code
    and opportunities.updated_on = rates.rate_date
order by opportunity_id
