{#- The hours' part of what labour did to the margin between two versions, at the rates of the earlier one: more hours than
    before, each at what an hour of the role cost before. What is left of the difference is the rate's. A role that the earlier
    version does not have is taken at its average hour. -#}
with pairs as (

    select * from {{ ref('int_margin__version_pairs_measured') }}

),

labour as (

    select * from {{ ref('int_margin__labour_by_version') }}

),

plan_rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

sides as (

    select
        project_id,
        from_version,
        to_version,
        from_plan_version_id,
        from_version as version,
        1 as is_from
    from pairs

    union all

    select
        project_id,
        from_version,
        to_version,
        from_plan_version_id,
        to_version as version,
        0 as is_from
    from pairs

),

by_role as (

    select
        sides.project_id,
        sides.from_version,
        sides.to_version,
        labour.role_id,
        sum(case when sides.is_from = 1 then labour.hours else 0 end) as from_hours,
        sum(case when sides.is_from = 0 then labour.hours else 0 end) as to_hours,
        cast(
            sum(case when sides.is_from = 1 then {{ to_base('labour.amount', 'plan_rates.rate_to_base') }} else 0 end)
            as decimal(38, 6)
        ) as from_amount,
        sum(case when sides.is_from = 1 then labour.amount else 0 end) as from_amount_unconverted,
        sum(case when sides.is_from = 0 then labour.amount else 0 end) as to_amount_unconverted,
        sum(labour.rows_without_hours) as rows_without_hours,
        -- the standard rates must be whole; those of what came after do not matter here
        sum(case when sides.is_from = 1 and plan_rates.rate_to_base is null then 1 else 0 end) as rows_without_rate,
        min(case when labour.has_enough_people then 1 else 0 end) as has_enough_people
    from sides
    inner join labour
        on sides.project_id = labour.project_id
        and sides.version = labour.version
    left join plan_rates
        on sides.project_id = plan_rates.project_id
        and sides.from_plan_version_id = plan_rates.plan_version_id
        and labour.currency_code = plan_rates.currency_code
    group by
        sides.project_id,
        sides.from_version,
        sides.to_version,
        labour.role_id

),

totals as (

    select
        project_id,
        from_version,
        to_version,
        sum(from_hours) as from_hours,
        sum(to_hours) as to_hours,
        sum(from_amount) as from_amount,
        sum(to_amount_unconverted) as to_amount_unconverted,
        sum(rows_without_hours) as rows_without_hours,
        sum(rows_without_rate) as rows_without_rate,
        min(has_enough_people) = 1 as has_enough_people
    from by_role
    group by
        project_id,
        from_version,
        to_version

),

effects as (

    select
        by_role.project_id,
        by_role.from_version,
        by_role.to_version,
        sum(
            case
                when by_role.from_hours > 0
                    then {{ divided('(by_role.from_hours - by_role.to_hours) * by_role.from_amount', 'by_role.from_hours', 6) }}
                else
                    {{ divided('(by_role.from_hours - by_role.to_hours) * totals.from_amount', 'totals.from_hours', 6) }}
            end
        ) as hours_effect
    from by_role
    inner join totals
        on by_role.project_id = totals.project_id
        and by_role.from_version = totals.from_version
        and by_role.to_version = totals.to_version
    group by
        by_role.project_id,
        by_role.from_version,
        by_role.to_version

)

select
    totals.project_id,
    totals.from_version,
    totals.to_version,
    {{ money('effects.hours_effect') }} as hours_effect_amount_base,
    -- hours on both sides, wherever labour costs something
    totals.rows_without_hours = 0
    and totals.rows_without_rate = 0
    and totals.from_hours > 0
    and (totals.to_hours > 0 or totals.to_amount_unconverted = 0) as is_hours_known,
    totals.has_enough_people
from totals
inner join effects
    on totals.project_id = effects.project_id
    and totals.from_version = effects.from_version
    and totals.to_version = effects.to_version
