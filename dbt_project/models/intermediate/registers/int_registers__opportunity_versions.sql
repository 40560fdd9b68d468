{#- Every version of an opportunity that was delivered and the days on which it was the newest: each month ends with what was
    known of it then. Of two versions of one day the one delivered later counts. -#}
with current_versions as (

    select * from {{ ref('stg_projects__sales_opportunities') }}

),

replaced_versions as (

    select * from {{ source('history', 'sales_opportunity') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

versions as (

    select
        opportunity_id,
        customer_id,
        project_id,
        kind,
        stage,
        amount,
        currency_code,
        probability,
        updated_on,
        source_file_id,
        cast(null as timestamp) as superseded_at
    from current_versions

    union all

    select
        opportunity_id,
        customer_id,
        project_id,
        kind,
        stage,
        amount,
        currency_code,
        probability,
        updated_on,
        source_file_id,
        cast(superseded_at as timestamp) as superseded_at
    from replaced_versions

),

-- what was withdrawn and never delivered again is gone, also as history; a version that is newer by its own day than the one
-- in force has been corrected by it
placed as (

    select
        versions.opportunity_id,
        versions.customer_id,
        versions.project_id,
        versions.kind,
        versions.stage,
        versions.amount,
        versions.currency_code,
        versions.probability,
        versions.updated_on,
        versions.source_file_id,
        row_number() over (
            partition by versions.opportunity_id, versions.updated_on
            order by versions.superseded_at desc nulls first
        ) as place
    from versions
    inner join current_versions
        on versions.opportunity_id = current_versions.opportunity_id
        and (versions.updated_on < current_versions.updated_on or versions.superseded_at is null)

)

select
    placed.opportunity_id,
    placed.customer_id,
    coalesce(aliases.project_id, placed.project_id) as project_id,
    placed.kind,
    placed.stage,
    placed.updated_on as known_from,
    cast(
        {{ dbt.dateadd('day', -1, 'lead(placed.updated_on) over (partition by placed.opportunity_id order by placed.updated_on)') }}
        as date
    ) as known_to,
    placed.probability,
    {{ money('placed.amount * rates.rate_to_base') }} as pipeline_amount_base,
    -- won is certain, lost is nothing
    {{ money("case placed.stage when 'won' then 1 when 'lost' then 0 else placed.probability end
        * cast(placed.amount * rates.rate_to_base as decimal(20, 6))") }} as weighted_amount_base
from placed
left join source_files
    on placed.source_file_id = source_files.source_file_id
left join aliases
    on placed.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system
left join rates
    on placed.currency_code = rates.currency_code
    and placed.updated_on = rates.rate_date
where placed.place = 1
