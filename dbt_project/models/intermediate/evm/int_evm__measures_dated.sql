{#- What was measured of an element, or of the project as a whole (empty wbs_id), from which day to which it was the latest,
    and what the element's earning rule makes of it. Level of effort is not measured: it earns as time passes. -#}
with progress as (

    select * from {{ ref('fct_progress') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

elements as (

    select * from {{ ref('dim_wbs_elements') }}

),

milestones as (

    select * from {{ ref('int_evm__milestones_reported') }}

),

-- a name that stands for a branch speaks of the branch
branches as (

    select
        alias,
        project_id,
        min(wbs_id) as wbs_id
    from aliases
    group by
        alias,
        project_id

),

observed as (

    select
        progress.project_id,
        coalesce(progress.wbs_id, branches.wbs_id, '') as wbs_id,
        progress.observed_date as observed_on,
        progress.progress_pct,
        row_number() over (
            partition by
                progress.project_id,
                coalesce(progress.wbs_id, branches.wbs_id, ''),
                progress.observed_date
            order by
                case when progress.delivered_project_id = progress.project_id then 1 else 2 end,
                progress.delivered_project_id,
                coalesce(progress.wbs_id, '')
        ) as place
    from progress
    left join branches
        on progress.delivered_project_id = branches.alias
        and progress.project_id = branches.project_id

),

observations as (

    select
        observed.project_id,
        observed.wbs_id,
        coalesce(elements.earning_rule, 'percent_complete') as earning_rule,
        observed.observed_on as measured_from,
        coalesce(
            {{ day_before(
                'lead(observed.observed_on) over ('
                ~ 'partition by observed.project_id, observed.wbs_id order by observed.observed_on)'
            ) }},
            cast('9999-12-31' as date)
        ) as measured_to,
        observed.progress_pct
    from observed
    left join elements
        on observed.project_id = elements.project_id
        and observed.wbs_id = elements.wbs_id
    where observed.place = 1

),

of_elements as (

    select
        milestones.project_id,
        milestones.wbs_id,
        milestones.milestone_id,
        milestones.weight,
        milestones.actual_date,
        milestones.reported_on,
        milestones.latest_to
    from milestones
    inner join elements
        on milestones.project_id = elements.project_id
        and milestones.wbs_id = elements.wbs_id
    where elements.earning_rule = 'milestones'

),

-- days on which something of an element's milestones may change
changes as (

    select
        project_id,
        wbs_id,
        reported_on as changed_on
    from of_elements

    union

    -- reported ahead of its day
    select
        project_id,
        wbs_id,
        actual_date as changed_on
    from of_elements
    where actual_date > reported_on

    union

    select
        project_id,
        wbs_id,
        cast({{ dbt.dateadd('day', 1, 'latest_to') }} as date) as changed_on
    from of_elements
    where latest_to < cast('9999-12-31' as date)

),

weighed as (

    select
        changes.project_id,
        changes.wbs_id,
        changes.changed_on,
        count(*) as milestones,
        count(case when of_elements.actual_date <= changes.changed_on then 1 end) as milestones_achieved,
        sum(coalesce(of_elements.weight, 0)) as weight,
        sum(case when of_elements.actual_date <= changes.changed_on then coalesce(of_elements.weight, 0) else 0 end)
            as weight_achieved
    from changes
    inner join of_elements
        on changes.project_id = of_elements.project_id
        and changes.wbs_id = of_elements.wbs_id
        and changes.changed_on between of_elements.reported_on and of_elements.latest_to
    group by
        changes.project_id,
        changes.wbs_id,
        changes.changed_on

)

select
    project_id,
    wbs_id,
    'milestones' as measure,
    1 as preference,
    changed_on as measured_from,
    coalesce(
        {{ day_before('lead(changed_on) over (partition by project_id, wbs_id order by changed_on)') }},
        cast('9999-12-31' as date)
    ) as measured_to,
    -- without weights they weigh the same
    cast(
        case
            when weight > 0 then {{ divided('weight_achieved', 'weight', 12) }}
            else {{ divided('milestones_achieved', 'milestones', 12) }}
        end as decimal(18, 12)
    ) as earned_pct
from weighed

union all

select
    project_id,
    wbs_id,
    'progress' as measure,
    2 as preference,
    measured_from,
    measured_to,
    cast(
        case
            when earning_rule = 'fifty_fifty' then case when progress_pct >= 1 then 1 when progress_pct > 0 then 0.5 else 0 end
            when earning_rule = 'zero_hundred' then case when progress_pct >= 1 then 1 else 0 end
            else progress_pct
        end as decimal(18, 12)
    ) as earned_pct
from observations
where earning_rule <> 'level_of_effort'
