{#- Reports of milestones with the days on which each is the latest; a later one replaces it from its day on, not before. -#}
with milestones as (

    select * from {{ ref('fct_milestones') }}

),

replaced as (

    select * from {{ source('history', 'milestone') }}

),

reports as (

    select
        project_id,
        delivered_project_id,
        milestone_id,
        wbs_id,
        weight,
        actual_date,
        reported_date as reported_on,
        cast(null as timestamp) as superseded_at
    from milestones

    union all

    -- a milestone that is delivered no more was none
    select
        milestones.project_id,
        replaced.project_id as delivered_project_id,
        replaced.milestone_id,
        replaced.wbs_id,
        replaced.weight,
        replaced.actual_date,
        replaced.reported_on,
        replaced.superseded_at
    from replaced
    inner join milestones
        on replaced.project_id = milestones.delivered_project_id
        and replaced.milestone_id = milestones.milestone_id

),

ranked as (

    select
        project_id,
        delivered_project_id,
        milestone_id,
        wbs_id,
        weight,
        actual_date,
        reported_on,
        -- of one day's reports the one delivered last
        row_number() over (
            partition by delivered_project_id, milestone_id, reported_on
            order by superseded_at desc nulls first
        ) as place
    from reports

)

select
    project_id,
    delivered_project_id,
    milestone_id,
    wbs_id,
    weight,
    actual_date,
    reported_on,
    coalesce(
        {{ day_before('lead(reported_on) over (partition by delivered_project_id, milestone_id order by reported_on)') }},
        cast('9999-12-31' as date)
    ) as latest_to
from ranked
where place = 1
