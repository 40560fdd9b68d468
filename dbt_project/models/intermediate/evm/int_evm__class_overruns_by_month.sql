{#- The reference class: what the firm's own projects that had ended by then had cost, against their first baseline. -#}
with earned_value as (

    select * from {{ ref('int_evm__by_project_month') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

versions as (

    select * from {{ ref('int_eac__plan_versions_dated') }}

),

baselines as (

    select * from {{ ref('int_evm__baselines_by_wbs_month') }}

),

totals as (

    select
        project_id,
        plan_version_id,
        sum(amount) as amount,
        sum(rows_without_amount) as rows_without_amount
    from baselines
    group by
        project_id,
        plan_version_id

),

ranked as (

    select
        versions.project_id,
        {{ money('totals.amount') }} as bac_amount,
        totals.rows_without_amount,
        row_number() over (
            partition by versions.project_id
            order by versions.approved_on
        ) as place
    from versions
    inner join totals
        on versions.project_id = totals.project_id
        and versions.plan_version_id = totals.plan_version_id

),

ended as (

    select
        earned_value.month,
        {{ divided('earned_value.ac_amount', 'ranked.bac_amount', 12, scale=2) }} as overrun_factor
    from earned_value
    inner join projects
        on earned_value.project_id = projects.project_id
        and projects.actual_end_date <= earned_value.measured_on
    inner join ranked
        on earned_value.project_id = ranked.project_id
    where
        ranked.place = 1
        and ranked.rows_without_amount = 0
        and ranked.bac_amount > 0
        and earned_value.ac_amount > 0
        and earned_value.is_cost_complete

),

placed as (

    select
        month,
        overrun_factor,
        row_number() over (
            partition by month
            order by overrun_factor
        ) as place,
        count(*) over (partition by month) as projects
    from ended

),

-- the median: half of them overran by more
middle as (

    select
        month,
        max(projects) as projects,
        sum(overrun_factor) as factors,
        count(*) as factors_summed
    from placed
    where
        2 * place >= projects
        and 2 * place <= projects + 2
    group by month

)

select
    month,
    cast(projects as integer) as projects,
    cast({{ divided('factors', 'factors_summed', 12, scale=12) }} as decimal(38, 12)) as overrun_factor
from middle
