-- Judged anew from what was delivered: a published cell of planned hours stands for enough people, and so does what is
-- withheld beside it, or else the project's month less its other cells would give it away.
with published as (

    select * from {{ ref('fct_resource_plans') }}

),

plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

named as (

    select
        published.project_id,
        published.month,
        published.role_id,
        published.hours,
        count(distinct plans.employee_id) as people
    from published
    inner join plans
        on published.project_id = plans.project_id
        and published.role_id = plans.role_id
        and published.month = plans.month
    where plans.employee_id is not null
    group by
        published.project_id,
        published.month,
        published.role_id,
        published.hours

),

withheld as (

    select
        published.project_id,
        published.month,
        count(distinct plans.employee_id) as people
    from published
    inner join plans
        on published.project_id = plans.project_id
        and published.role_id = plans.role_id
        and published.month = plans.month
    where
        published.hours is null
        and plans.employee_id is not null
    group by
        published.project_id,
        published.month

)

select
    named.project_id,
    named.month,
    named.role_id,
    named.people,
    'a cell of too few people is published' as fault
from named
where
    named.hours is not null
    and named.people < {{ var('minimum_group') }}

union all

select
    named.project_id,
    named.month,
    named.role_id,
    withheld.people,
    'the cells withheld beside it stand for too few people' as fault
from named
inner join withheld
    on named.project_id = withheld.project_id
    and named.month = withheld.month
where
    named.hours is not null
    and withheld.people < {{ var('minimum_group') }}
