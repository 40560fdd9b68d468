{#- No WBS is this deep; the bound only ends the climb where elements name each other in a circle. -#}
{%- set deepest = 50 -%}
{#- What is earned is rounded once for the project: each element has the difference of two rounded running sums. -#}
{%- set window -%}
over (
            partition by project_id, month
            order by wbs_id
            rows between unbounded preceding and current row
        )
{%- endset -%}

with recursive months as (

    select * from {{ ref('int_evm__months_named') }}

),

baselines as (

    select * from {{ ref('int_evm__baselines_by_wbs_month') }}

),

costs as (

    select * from {{ ref('int_evm__costs_by_wbs_month') }}

),

measures as (

    select * from {{ ref('int_evm__measures_dated') }}

),

elements as (

    select * from {{ ref('dim_wbs_elements') }}

),

project_costs as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

measured_elements as (

    select
        project_id,
        wbs_id,
        min(measured_from) as first_measured_on
    from measures
    where wbs_id <> ''
    group by
        project_id,
        wbs_id

),

named as (

    select distinct
        project_id,
        wbs_id
    from baselines
    where wbs_id <> ''

    union

    select
        project_id,
        wbs_id
    from measured_elements

),

climbed as (

    select
        project_id,
        wbs_id,
        wbs_id as ancestor_id,
        0 as steps
    from named

    union all

    select
        climbed.project_id,
        climbed.wbs_id,
        elements.parent_wbs_id as ancestor_id,
        climbed.steps + 1 as steps
    from climbed
    inner join elements
        on climbed.project_id = elements.project_id
        and climbed.ancestor_id = elements.wbs_id
    where
        elements.parent_wbs_id is not null
        and climbed.steps < {{ deepest }}

),

-- from which day on something below an element is measured
measured_below as (

    select
        climbed.project_id,
        climbed.ancestor_id,
        min(measured_elements.first_measured_on) as first_measured_on
    from climbed
    inner join measured_elements
        on climbed.project_id = measured_elements.project_id
        and climbed.wbs_id = measured_elements.wbs_id
    where climbed.steps > 0
    group by
        climbed.project_id,
        climbed.ancestor_id

),

-- elements whose work can be told from what is measured of them or, where nothing below it is, of a branch
sources as (

    select
        climbed.project_id,
        climbed.wbs_id,
        climbed.ancestor_id,
        climbed.steps,
        case when climbed.steps > 0 then measured_below.first_measured_on end as not_from
    from climbed
    inner join measured_elements
        on climbed.project_id = measured_elements.project_id
        and climbed.ancestor_id = measured_elements.wbs_id
    left join measured_below
        on climbed.project_id = measured_below.project_id
        and climbed.ancestor_id = measured_below.ancestor_id

),

budgets as (

    select
        project_id,
        plan_version_id,
        wbs_id,
        max(amount_at_completion) as bac
    from baselines
    group by
        project_id,
        plan_version_id,
        wbs_id

),

planned as (

    select
        months.project_id,
        months.month,
        months.measured_on,
        budgets.wbs_id,
        coalesce(elements.earning_rule, 'percent_complete') as earning_rule,
        budgets.bac,
        coalesce(baselines.amount_to_date, 0) as pv
    from months
    inner join budgets
        on months.project_id = budgets.project_id
        and months.plan_version_id = budgets.plan_version_id
    left join baselines
        on budgets.project_id = baselines.project_id
        and budgets.plan_version_id = baselines.plan_version_id
        and budgets.wbs_id = baselines.wbs_id
        and months.month >= baselines.month
        and months.month < coalesce(baselines.next_month, cast('9999-12-31' as date))
    left join elements
        on budgets.project_id = elements.project_id
        and budgets.wbs_id = elements.wbs_id
    where months.is_plan_known

),

found as (

    select
        planned.project_id,
        planned.month,
        planned.wbs_id,
        measures.measure,
        measures.earned_pct,
        row_number() over (
            partition by planned.project_id, planned.month, planned.wbs_id
            order by sources.steps, measures.preference
        ) as place
    from planned
    inner join sources
        on planned.project_id = sources.project_id
        and planned.wbs_id = sources.wbs_id
        and (sources.not_from is null or sources.not_from > planned.measured_on)
    inner join measures
        on sources.project_id = measures.project_id
        and sources.ancestor_id = measures.wbs_id
        and planned.measured_on between measures.measured_from and measures.measured_to
    where planned.earning_rule <> 'level_of_effort'

),

whole_projects as (

    select
        months.project_id,
        months.month,
        measures.earned_pct
    from months
    inner join measures
        on months.project_id = measures.project_id
        and measures.wbs_id = ''
        and months.measured_on between measures.measured_from and measures.measured_to

),

judged as (

    select
        planned.project_id,
        planned.month,
        planned.wbs_id,
        planned.earning_rule,
        planned.bac,
        planned.pv,
        found.measure,
        found.earned_pct,
        whole_projects.earned_pct as project_earned_pct,
        case
            when max(case when found.measure is not null and planned.bac <> 0 then 1 else 0 end) over (
                partition by planned.project_id, planned.month
            ) = 1 then 'wbs_elements'
            when whole_projects.earned_pct is not null then 'project_progress'
            when min(case when planned.earning_rule = 'level_of_effort' or planned.bac = 0 then 1 else 0 end) over (
                partition by planned.project_id, planned.month
            ) = 1 then 'wbs_elements'
            else 'none'
        end as ev_source
    from planned
    left join found
        on planned.project_id = found.project_id
        and planned.month = found.month
        and planned.wbs_id = found.wbs_id
        and found.place = 1
    left join whole_projects
        on planned.project_id = whole_projects.project_id
        and planned.month = whole_projects.month

),

earned as (

    select
        project_id,
        month,
        wbs_id,
        earning_rule,
        ev_source,
        case
            when ev_source = 'project_progress' then 'project'
            when ev_source = 'none' then cast(null as {{ dbt.type_string() }})
            when earning_rule = 'level_of_effort' then 'time'
            -- what belongs to no element is as far as the project as a whole
            when wbs_id = '' and project_earned_pct is not null then 'project'
            else measure
        end as measure,
        bac,
        pv,
        case
            when ev_source = 'none' then cast(null as decimal(38, 14))
            when ev_source = 'project_progress' then cast(cast(project_earned_pct as decimal(20, 12)) * bac as decimal(38, 14))
            when earning_rule = 'level_of_effort' then cast(pv as decimal(38, 14))
            when wbs_id = '' then cast(cast(coalesce(project_earned_pct, 0) as decimal(20, 12)) * bac as decimal(38, 14))
            -- no report: not begun
            else cast(cast(coalesce(earned_pct, 0) as decimal(20, 12)) * bac as decimal(38, 14))
        end as ev
    from judged

),

-- cost of an element that nobody knew by then belongs to the project
spent as (

    select
        months.project_id,
        months.month,
        case
            when
                elements.wbs_id is not null
                or budgets.wbs_id is not null
                or measured_elements.first_measured_on <= months.measured_on
                then costs.wbs_id
            else ''
        end as wbs_id,
        sum(costs.amount_to_date) as ac
    from months
    inner join costs
        on months.project_id = costs.project_id
        and months.month >= costs.month
        and months.month < coalesce(costs.next_month, cast('9999-12-31' as date))
    left join elements
        on costs.project_id = elements.project_id
        and costs.wbs_id = elements.wbs_id
    left join budgets
        on months.project_id = budgets.project_id
        and months.plan_version_id = budgets.plan_version_id
        and costs.wbs_id = budgets.wbs_id
    left join measured_elements
        on costs.project_id = measured_elements.project_id
        and costs.wbs_id = measured_elements.wbs_id
    group by
        months.project_id,
        months.month,
        case
            when
                elements.wbs_id is not null
                or budgets.wbs_id is not null
                or measured_elements.first_measured_on <= months.measured_on
                then costs.wbs_id
            else ''
        end

),

put_together as (

    select
        coalesce(earned.project_id, spent.project_id) as project_id,
        coalesce(earned.month, spent.month) as month,
        coalesce(earned.wbs_id, spent.wbs_id) as wbs_id,
        earned.ev_source,
        earned.measure,
        earned.wbs_id is not null as is_planned,
        coalesce(earned.bac, 0) as bac,
        coalesce(earned.pv, 0) as pv,
        case when earned.wbs_id is null or earned.ev is not null then coalesce(earned.ev, 0) end as ev,
        coalesce(spent.ac, 0) as ac
    from earned
    full outer join spent
        on earned.project_id = spent.project_id
        and earned.month = spent.month
        and earned.wbs_id = spent.wbs_id

),

running as (

    select
        project_id,
        month,
        wbs_id,
        coalesce(max(ev_source) over (partition by project_id, month), 'none') as ev_source,
        measure,
        is_planned,
        bac,
        pv,
        ev,
        ac,
        sum(ev) {{ window }} as running_ev,
        sum(ac) {{ window }} as running_ac,
        lead(wbs_id) over (
            partition by project_id, month
            order by wbs_id
        ) is null as is_last
    from put_together

)

select
    running.project_id,
    nullif(running.wbs_id, '') as wbs_id,
    running.month,
    months.measured_on,
    months.currency_code,
    months.plan_version_id,
    elements.earning_rule,
    coalesce(elements.earning_rule = 'level_of_effort', false) as is_level_of_effort,
    running.ev_source,
    running.measure,
    running.is_planned,
    case when months.is_plan_known then cast(running.bac as decimal(18, 2)) end as bac_amount,
    case when months.is_plan_known then cast(running.pv as decimal(18, 2)) end as pv_amount,
    cast(
        case
            when running.ev_source <> 'none' then {{ money('running.running_ev') }} - {{ money('running.running_ev - running.ev') }}
        end as decimal(18, 2)
    ) as ev_amount,
    -- the elements' cost is the project's, to the cent
    cast(
        case
            when running.is_last then project_costs.cost_to_date_amount - (running.running_ac - running.ac)
            else running.ac
        end as decimal(18, 2)
    ) as ac_amount
from running
inner join months
    on running.project_id = months.project_id
    and running.month = months.month
inner join project_costs
    on running.project_id = project_costs.project_id
    and running.month = project_costs.month
left join elements
    on running.project_id = elements.project_id
    and running.wbs_id = elements.wbs_id
