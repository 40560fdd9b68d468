with planned as (

    select * from {{ ref('int_resources__hours_planned_ahead') }}

),

resource_plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

time_entries as (

    select * from {{ ref('stg_timesheets__time_entries') }}

),

plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

versions as (

    select * from {{ ref('int_plans__versions_in_force') }}

),

rate_periods as (

    select * from {{ ref('int_labour__cost_rate_periods') }}

),

monthly_rates as (

    select * from {{ ref('int_currency__monthly_rates_to_base') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

offsets as (

    {{ numbers(var('resource_horizon_months') - 1) }}

),

every_month as (

    {{ months_ahead() }}

),

last_planned as (

    select max(month) as month
    from planned

),

months as (

    select
        every_month.month,
        {{ month_end_of('every_month.month') }} as month_end_date
    from every_month
    cross join last_planned
    where every_month.month <= last_planned.month

),

-- contracted hours: a fifth of the week on each day from Monday to Friday on which a person is employed
employed as (

    select
        employees.employee_id,
        coalesce(employees.role_id, '(none)') as role_id,
        months.month,
        employees.weekly_capacity_hours * greatest({{ working_days_between(
            day_before('greatest(months.month, coalesce(employees.start_date, months.month))'),
            'least(months.month_end_date, coalesce(employees.end_date, months.month_end_date))'
        ) }}, 0) * 0.2 as hours
    from employees
    inner join months
        on coalesce(employees.start_date, months.month) <= months.month_end_date
        and coalesce(employees.end_date, months.month_end_date) >= months.month

),

-- time that is booked ahead and not billable is leave: nobody has worked yet
absent as (

    select
        time_entries.employee_id,
        {{ month_of('time_entries.work_date') }} as month,
        sum(time_entries.hours) as hours
    from time_entries
    cross join parameters
    where
        time_entries.work_date > parameters.as_of_date
        and not coalesce(time_entries.is_billable, false)
        and time_entries.approval_status in ('approved', 'submitted')
    group by
        time_entries.employee_id,
        {{ month_of('time_entries.work_date') }}

),

capacities as (

    select
        employed.role_id,
        employed.month,
        count(distinct employed.employee_id) as holders,
        sum(greatest(employed.hours - coalesce(absent.hours, 0), 0)) as capacity_hours
    from employed
    left join absent
        on employed.employee_id = absent.employee_id
        and employed.month = absent.month
    group by
        employed.role_id,
        employed.month

),

plans as (

    select
        planned.role_id,
        planned.month,
        sum(planned.hours) as planned_hours
    from planned
    inner join months
        on planned.month = months.month
    group by
        planned.role_id,
        planned.month

),

-- who stands behind the planned hours, and behind those of them that no other model shows: whom a resource plan names, else
-- whoever holds the role
people_named as (

    select
        planned.role_id,
        planned.month,
        resource_plans.employee_id,
        planned.is_hours_withheld
    from planned
    inner join resource_plans
        on planned.project_id = resource_plans.project_id
        and planned.role_id = resource_plans.role_id
        and planned.month = resource_plans.month
    where
        planned.source = 'resource_plan'
        and resource_plans.employee_id is not null

),

cells_unnamed as (

    select
        planned.role_id,
        planned.month,
        planned.is_hours_withheld
    from planned
    left join resource_plans
        on planned.source = 'resource_plan'
        and planned.project_id = resource_plans.project_id
        and planned.role_id = resource_plans.role_id
        and planned.month = resource_plans.month
        and resource_plans.employee_id is not null
    where resource_plans.employee_id is null

),

people_behind as (

    select
        role_id,
        month,
        employee_id,
        is_hours_withheld
    from people_named

    union all

    select
        cells_unnamed.role_id,
        cells_unnamed.month,
        employed.employee_id,
        cells_unnamed.is_hours_withheld
    from cells_unnamed
    inner join employed
        on cells_unnamed.role_id = employed.role_id
        and cells_unnamed.month = employed.month

),

behind as (

    select
        role_id,
        month,
        count(distinct employee_id) as people,
        count(distinct case when is_hours_withheld then employee_id end) as people_withheld
    from people_behind
    group by
        role_id,
        month

),

withheld as (

    select
        role_id,
        month,
        max(case when is_hours_withheld then 1 else 0 end) = 1 as has_withheld_cells
    from planned
    group by
        role_id,
        month

),

-- an hour of a role costs its own rate, else what the plans in force take for it; never the mean of single persons' rates,
-- from which the one who leaves would follow
role_rates as (

    select
        rate_periods.holder_id as role_id,
        months.month,
        {{ to_base('rate_periods.hourly_rate', 'monthly_rates.closing_rate_to_base') }} as rate
    from rate_periods
    inner join months
        on months.month between rate_periods.period_from and rate_periods.period_to
    cross join parameters
    inner join monthly_rates
        on rate_periods.currency_code = monthly_rates.currency_code
        and monthly_rates.month = {{ month_of('parameters.as_of_date') }}
    where rate_periods.holder_kind = 'role'

),

plan_sums as (

    select
        plan_lines.role_id,
        sum(cast({{ to_base('cast(plan_lines.amount as decimal(18, 2))', 'monthly_rates.closing_rate_to_base') }} as decimal(38, 6)))
            as amount_base,
        sum(plan_lines.hours) as hours
    from plan_lines
    inner join versions
        on plan_lines.project_id = versions.project_id
        and plan_lines.plan_version_id = versions.plan_version_id
        and versions.is_in_force
    cross join parameters
    inner join monthly_rates
        on plan_lines.currency_code = monthly_rates.currency_code
        and monthly_rates.month = {{ month_of('parameters.as_of_date') }}
    where
        plan_lines.category = 'labour'
        and plan_lines.role_id is not null
        and plan_lines.hours > 0
        and monthly_rates.closing_rate_to_base is not null
    group by plan_lines.role_id

),

plan_rates as (

    select
        role_id,
        {{ divided('amount_base', 'hours', 6) }} as rate
    from plan_sums

),

roles as (

    select role_id
    from capacities

    union

    select role_id
    from plans

)

select
    roles.role_id,
    months.month,
    cast(coalesce(plans.planned_hours, 0) as decimal(18, 6)) as planned_hours,
    cast(coalesce(capacities.capacity_hours, 0) as decimal(18, 6)) as capacity_hours,
    coalesce(capacities.holders, 0) as holders,
    coalesce(behind.people, 0) as people,
    -- too few hold the role, or are planned; or what no other model shows of it would follow by subtraction
    coalesce(capacities.holders, 0) < {{ var('minimum_group') }}
    or (plans.role_id is not null and coalesce(behind.people, 0) < {{ var('minimum_group') }})
    or (coalesce(withheld.has_withheld_cells, false) and coalesce(behind.people_withheld, 0) < {{ var('minimum_group') }})
        as is_hours_withheld,
    cast(coalesce(role_rates.rate, plan_rates.rate) as decimal(18, 6)) as rate_base
from roles
cross join months
left join plans
    on roles.role_id = plans.role_id
    and months.month = plans.month
left join capacities
    on roles.role_id = capacities.role_id
    and months.month = capacities.month
left join behind
    on roles.role_id = behind.role_id
    and months.month = behind.month
left join withheld
    on roles.role_id = withheld.role_id
    and months.month = withheld.month
left join role_rates
    on roles.role_id = role_rates.role_id
    and months.month = role_rates.month
left join plan_rates
    on roles.role_id = plan_rates.role_id
