-- Judged anew from what was delivered: a published role and month is held by enough people, and what of its plan no other model
-- shows stands for enough people too. A plan that names nobody, and every plan line, stands for those who hold the role.
with published as (

    select * from {{ ref('resource_forecast_by_role_month') }}

),

planned as (

    select * from {{ ref('int_resources__hours_planned_ahead') }}

),

resource_plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

holders as (

    select
        published.role_id,
        published.month,
        employees.employee_id
    from published
    inner join employees
        on published.role_id = coalesce(employees.role_id, '(none)')
        and coalesce(employees.start_date, published.month) < {{ dbt.dateadd('month', 1, 'published.month') }}
        and coalesce(employees.end_date, published.month) >= published.month

),

named as (

    select
        project_id,
        role_id,
        month,
        count(employee_id) as people
    from resource_plans
    group by
        project_id,
        role_id,
        month

),

hidden as (

    select
        planned.role_id,
        planned.month,
        case when planned.source = 'resource_plan' and named.people > 0 then resource_plans.employee_id else holders.employee_id end
            as employee_id
    from planned
    left join named
        on planned.project_id = named.project_id
        and planned.role_id = named.role_id
        and planned.month = named.month
    left join resource_plans
        on planned.project_id = resource_plans.project_id
        and planned.role_id = resource_plans.role_id
        and planned.month = resource_plans.month
    left join holders
        on planned.role_id = holders.role_id
        and planned.month = holders.month
    where planned.is_hours_withheld

),

held as (

    select
        role_id,
        month,
        count(distinct employee_id) as people
    from holders
    group by
        role_id,
        month

),

hidden_people as (

    select
        role_id,
        month,
        count(distinct employee_id) as people
    from hidden
    group by
        role_id,
        month

)

select
    published.role_id,
    published.month,
    coalesce(held.people, 0) as people,
    'too few people hold the role' as fault
from published
left join held
    on published.role_id = held.role_id
    and published.month = held.month
where
    (published.planned_hours is not null or published.capacity_hours is not null or published.cost_amount_base is not null)
    and coalesce(held.people, 0) < {{ var('minimum_group') }}

union all

select
    published.role_id,
    published.month,
    hidden_people.people,
    'what is withheld of its plan stands for too few people' as fault
from published
inner join hidden_people
    on published.role_id = hidden_people.role_id
    and published.month = hidden_people.month
where
    (published.planned_hours is not null or published.cost_amount_base is not null)
    and hidden_people.people < {{ var('minimum_group') }}
