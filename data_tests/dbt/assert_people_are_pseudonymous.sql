-- Each person has a pseudonym of their own, and none of it is an identifier or a name that was delivered.
with people as (

    select * from {{ ref('dim_people') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

counted as (

    select
        (select count(*) from employees) as employees,
        (select count(distinct person_key) from people) as pseudonyms

)

select
    'people without a pseudonym of their own' as fault,
    employees - pseudonyms as people
from counted
where employees <> pseudonyms

union all

select
    'a pseudonym is a delivered identifier or name' as fault,
    count(*) as people
from people
inner join employees
    on people.person_key in (employees.employee_id, employees.employee_name)
having count(*) > 0
