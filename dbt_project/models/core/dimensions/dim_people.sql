with employees as (

    select * from {{ ref('stg_erp__employees') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

)

select
    {{ pseudonym('employees.employee_id', 'parameters.pseudonym_key') }} as person_key,
    employees.role_id,
    employees.cost_centre,
    employees.market,
    cast(employees.weekly_capacity_hours as decimal(18, 2)) as weekly_capacity_hours,
    {{ month_of('employees.start_date') }} as start_month,
    {{ month_of('employees.end_date') }} as end_month
from employees
cross join parameters
-- the order of the delivered file would tell who is who
order by person_key
