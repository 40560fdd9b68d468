{#- The months of a project that the margin marts show. What only opens the row, such as the approval of a plan, does not
    lengthen it. -#}
with amounts as (

    select * from {{ ref('int_margin__amounts_by_project_month') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

dated as (

    select
        project_id,
        month as first_month,
        month as last_month
    from amounts

    union all

    select
        versions.project_id,
        {{ month_of('versions.approved_on') }} as first_month,
        cast(null as date) as last_month
    from versions
    inner join projects
        on versions.project_id = projects.project_id
    cross join parameters
    where versions.approved_on <= parameters.as_of_date

),

-- from a project's first activity to the month of the refresh, or its own last activity if that is later
spans as (

    select
        dated.project_id,
        min(dated.first_month) as first_month,
        greatest(
            coalesce(max(dated.last_month), {{ month_of('max(parameters.as_of_date)') }}),
            {{ month_of('max(parameters.as_of_date)') }}
        ) as last_month
    from dated
    cross join parameters
    group by dated.project_id

)

select
    spans.project_id,
    months.month,
    -- a figure stands for the end of its month, or for the day of the refresh within it
    case
        when months.month = {{ month_of('parameters.as_of_date') }} then parameters.as_of_date
        else months.month_end_date
    end as measured_on,
    months.month = {{ month_of('parameters.as_of_date') }} and parameters.as_of_date < months.month_end_date as is_open
from spans
cross join parameters
inner join months
    on months.month between spans.first_month and spans.last_month
