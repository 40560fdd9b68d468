with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

opportunities as (

    select * from {{ ref('int_registers__opportunity_versions') }}

),

-- live: begun, not ended by the month's end, and not called off
live_months as (

    select
        project_months.project_id,
        projects.customer_id,
        project_months.month,
        project_months.measured_on
    from project_months
    inner join projects
        on project_months.project_id = projects.project_id
    where
        projects.status <> 'cancelled'
        and projects.start_date <= project_months.measured_on
        and coalesce(projects.actual_end_date > project_months.measured_on, projects.status <> 'closed')

),

told as (

    select
        live_months.project_id,
        live_months.customer_id,
        live_months.month,
        opportunities.stage,
        opportunities.kind,
        opportunities.pipeline_amount_base,
        opportunities.weighted_amount_base
    from live_months
    left join opportunities
        on live_months.project_id = opportunities.project_id
        and live_months.measured_on >= opportunities.known_from
        and live_months.measured_on <= coalesce(opportunities.known_to, live_months.measured_on)

),

summed as (

    select
        project_id,
        customer_id,
        month,
        {{ pipeline_columns() }}
    from told
    group by
        project_id,
        customer_id,
        month

)

select
    project_id,
    month,
    customer_id
    {%- for measure in pipeline_measures() %},
    cast({{ measure }} as {{ 'bigint' if loop.first else 'decimal(18, 2)' }}) as {{ measure }}
    {%- endfor %}
from summed
