with project_months as (

    select * from {{ ref('int_margin__project_months') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

plan_amounts as (

    select * from {{ ref('int_plans__amounts_by_version') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

rates as (

    select * from {{ ref('int_plans__rates_to_base') }}

),

in_force as (

    select
        project_months.project_id,
        project_months.month,
        project_months.measured_on,
        project_months.is_open,
        versions.plan_version_id,
        versions.kind as plan_kind,
        row_number() over (
            partition by project_months.project_id, project_months.month
            order by case versions.kind when 'forecast' then 1 when 'baseline' then 2 else 3 end
        ) as place
    from project_months
    inner join versions
        on project_months.project_id = versions.project_id
        and versions.in_force_from <= project_months.measured_on
        and (versions.in_force_to is null or versions.in_force_to >= project_months.measured_on)

),

monthly_costs as (

    select
        project_id,
        cost_month as month,
        sum(coalesce(amount_base, 0)) as amount_base
    from cost_lines
    group by
        project_id,
        cost_month

),

spent as (

    select
        in_force.project_id,
        in_force.month,
        sum(monthly_costs.amount_base) as to_date,
        sum(case when monthly_costs.month = in_force.month then monthly_costs.amount_base else 0 end) as within_month
    from in_force
    inner join monthly_costs
        on in_force.project_id = monthly_costs.project_id
        and monthly_costs.month <= in_force.month
    where in_force.place = 1
    group by
        in_force.project_id,
        in_force.month

),

planned as (

    select
        in_force.project_id,
        in_force.month,
        sum(plan_amounts.amount * rates.rate_to_base) as whole,
        sum(case when plan_amounts.month > in_force.month then plan_amounts.amount * rates.rate_to_base else 0 end) as after,
        sum(case when plan_amounts.month = in_force.month then plan_amounts.amount * rates.rate_to_base else 0 end) as within_month
    from in_force
    inner join plan_amounts
        on in_force.project_id = plan_amounts.project_id
        and in_force.plan_version_id = plan_amounts.plan_version_id
        and plan_amounts.measure <> 'revenue'
    left join rates
        on plan_amounts.project_id = rates.project_id
        and plan_amounts.plan_version_id = rates.plan_version_id
        and plan_amounts.currency_code = rates.currency_code
    where in_force.place = 1
    group by
        in_force.project_id,
        in_force.month

)

select
    in_force.project_id,
    in_force.month,
    in_force.measured_on,
    in_force.plan_version_id,
    in_force.plan_kind,
    {{ money("case when in_force.plan_kind = 'forecast' then coalesce(spent.to_date, 0) + planned.after
        + case when in_force.is_open then greatest(planned.within_month - coalesce(spent.within_month, 0), 0) else 0 end
        else greatest(coalesce(spent.to_date, 0), planned.whole) end") }} as eac_amount_base
from in_force
left join spent
    on in_force.project_id = spent.project_id
    and in_force.month = spent.month
left join planned
    on in_force.project_id = planned.project_id
    and in_force.month = planned.month
where in_force.place = 1
