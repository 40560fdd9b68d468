{#- Contracted hours: a fifth of the week on each working day (Monday to Friday) of the month on which the person is employed; of the
    month of the refresh up to its day. From the first month of any time sheet on. -#}
with employees as (

    select * from {{ ref('stg_erp__employees') }}

),

time_entries as (

    select * from {{ ref('int_labour__time_entries_costed') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

first_months as (

    select min(work_month) as first_month
    from time_entries

),

employed as (

    select
        employees.employee_id,
        coalesce(employees.role_id, '(none)') as role,
        coalesce(employees.cost_centre, '(none)') as cost_centre,
        coalesce(employees.market, '(none)') as market,
        months.month,
        employees.weekly_capacity_hours,
        greatest(months.month, coalesce(employees.start_date, months.month)) as first_date,
        least(
            months.month_end_date,
            coalesce(employees.end_date, months.month_end_date),
            parameters.as_of_date
        ) as last_date
    from employees
    cross join parameters
    cross join first_months
    inner join months
        on months.month between first_months.first_month and {{ month_of('parameters.as_of_date') }}

)

select
    employee_id,
    role,
    cost_centre,
    market,
    month,
    cast(
        weekly_capacity_hours
        * {{ working_days_between(day_before('first_date'), 'last_date') }} * 0.2 as decimal(18, 6)
    ) as capacity_hours
from employed
where first_date <= last_date
