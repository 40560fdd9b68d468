with versions as (

    select * from {{ ref('int_plans__versions_attributed') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

windowed as (

    select
        project_id,
        plan_version_id,
        kind,
        source,
        approved_on,
        lead(approved_on) over (
            partition by project_id, kind
            order by approved_on, plan_version_id
        ) as next_approved_on
    from versions

)

select
    windowed.project_id,
    windowed.plan_version_id,
    windowed.kind,
    windowed.source,
    windowed.approved_on,
    -- of two versions approved on one day the later identifier is in force, the other never was
    case
        when windowed.next_approved_on is null or windowed.next_approved_on > windowed.approved_on
            then windowed.approved_on
    end as in_force_from,
    case
        when windowed.next_approved_on > windowed.approved_on
            then cast({{ dbt.dateadd('day', -1, 'windowed.next_approved_on') }} as date)
    end as in_force_to,
    windowed.approved_on <= parameters.as_of_date
    and (windowed.next_approved_on is null or windowed.next_approved_on > parameters.as_of_date) as is_in_force
from windowed
cross join parameters
