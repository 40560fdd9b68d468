{#- The five versions of a project's margin that the bridge walks between, as they stand on the day of the refresh. A forecast is
    taken as it was stated: with the actuals to the end of the month of its approval. The previous one is the forecast that was
    in force when that month began, so that two statements of one month are no history. -#}
with versions as (

    select * from {{ ref('int_eac__plan_versions_dated') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

in_force as (

    select
        versions.project_id,
        versions.kind as version,
        versions.plan_version_id,
        versions.approved_on as dated_on,
        {{ month_of('versions.approved_on') }} as month
    from versions
    inner join projects
        on versions.project_id = projects.project_id
    cross join parameters
    where parameters.as_of_date between versions.approved_on and versions.in_force_to

),

previous as (

    select
        in_force.project_id,
        'previous_forecast' as version,
        versions.plan_version_id,
        versions.approved_on as dated_on,
        {{ month_of('versions.approved_on') }} as month
    from in_force
    inner join versions
        on in_force.project_id = versions.project_id
        and versions.kind = 'forecast'
        and versions.approved_on < in_force.month
        and versions.in_force_to >= cast({{ dbt.dateadd('day', -1, 'in_force.month') }} as date)
    where in_force.version = 'forecast'

),

named as (

    select
        project_id,
        version,
        plan_version_id,
        dated_on,
        month
    from in_force

    union all

    select
        project_id,
        version,
        plan_version_id,
        dated_on,
        month
    from previous

    union all

    select
        projects.project_id,
        'actual' as version,
        cast(null as {{ dbt.type_string() }}) as plan_version_id,
        parameters.as_of_date as dated_on,
        {{ month_of('parameters.as_of_date') }} as month
    from projects
    cross join parameters

)

select
    project_id,
    version,
    case version
        when 'as_sold' then 1
        when 'baseline' then 2
        when 'previous_forecast' then 3
        when 'forecast' then 4
        else 5
    end as place,
    plan_version_id,
    dated_on,
    -- actuals count to the end of this month; plans have none
    case when version not in ('as_sold', 'baseline') then month end as month
from named
