-- Judged anew from what was delivered: a published cell of planned hours stands for enough people, and so does what is
-- withheld beside it, or else the project's month less its other cells would give it away. A cell that names nobody
-- stands for those who hold its role.
with published as (

    select * from {{ ref('fct_resource_plans') }}

),

plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

named as (

    select
        project_id,
        month,
        role_id,
        count(distinct employee_id) as people
    from plans
    group by
        project_id,
        month,
        role_id

),

behind as (

    select
        published.project_id,
        published.month,
        published.role_id,
        published.hours,
        case when named.people > 0 then plans.employee_id else employees.employee_id end as employee_id
    from published
    inner join named
        on published.project_id = named.project_id
        and published.month = named.month
        and published.role_id = named.role_id
    inner join plans
        on published.project_id = plans.project_id
        and published.month = plans.month
        and published.role_id = plans.role_id
    left join employees
        on published.role_id = employees.role_id
        and named.people = 0

),

cells as (

    select
        project_id,
        month,
        role_id,
        hours,
        count(distinct employee_id) as people
    from behind
    group by
        project_id,
        month,
        role_id,
        hours

),

withheld as (

    select
        project_id,
        month,
        count(distinct employee_id) as people
    from behind
    where hours is null
    group by
        project_id,
        month

)

select
    project_id,
    month,
    role_id,
    people,
    'a cell of too few people is published' as fault
from cells
where
    hours is not null
    and people < {{ var('minimum_group') }}

union all

select
    cells.project_id,
    cells.month,
    cells.role_id,
    withheld.people,
    'the cells withheld beside it stand for too few people' as fault
from cells
inner join withheld
    on cells.project_id = withheld.project_id
    and cells.month = withheld.month
where
    cells.hours is not null
    and withheld.people < {{ var('minimum_group') }}
