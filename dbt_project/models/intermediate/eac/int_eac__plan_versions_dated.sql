with versions as (

    select * from {{ ref('int_plans__versions_attributed') }}

),

plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

-- a version of which no line was delivered says nothing; it does not say that nothing is left to do
filled as (

    select distinct
        project_id,
        plan_version_id
    from plan_lines

),

windowed as (

    select
        versions.project_id,
        versions.plan_version_id,
        versions.kind,
        versions.approved_on,
        lead(versions.approved_on) over (
            partition by versions.project_id, versions.kind
            order by versions.approved_on, versions.plan_version_id
        ) as next_approved_on
    from versions
    inner join filled
        on versions.project_id = filled.project_id
        and versions.plan_version_id = filled.plan_version_id

)

select
    project_id,
    plan_version_id,
    kind,
    -- forecast before baseline before as sold
    case kind when 'forecast' then 1 when 'baseline' then 2 else 3 end as preference,
    approved_on,
    coalesce({{ day_before('next_approved_on') }}, cast('9999-12-31' as date)) as in_force_to
from windowed
-- of two versions approved on one day the later identifier is in force
where
    next_approved_on is null
    or next_approved_on > approved_on
