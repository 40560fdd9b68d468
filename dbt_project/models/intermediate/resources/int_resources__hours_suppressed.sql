with plans as (

    select * from {{ ref('stg_projects__resource_plans') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

cells as (

    select
        project_id,
        role_id,
        month,
        sum(hours) as hours,
        max(case when employee_id is not null then 1 else 0 end) as has_named_people,
        min(source_file_id) as first_source_file_id,
        max(source_file_id) as last_source_file_id,
        min(source_line) as first_source_line,
        max(source_line) as last_source_line
    from plans
    group by
        project_id,
        role_id,
        month

),

people_behind as (

    select
        plans.project_id,
        plans.role_id,
        plans.month,
        plans.employee_id
    from plans
    where plans.employee_id is not null

    union

    -- a plan that names nobody is a plan for whoever holds the role
    select
        cells.project_id,
        cells.role_id,
        cells.month,
        employees.employee_id
    from cells
    inner join employees
        on cells.role_id = employees.role_id
    where cells.has_named_people = 0

),

people_by_cell as (

    select
        project_id,
        role_id,
        month,
        count(distinct employee_id) as people
    from people_behind
    group by
        project_id,
        role_id,
        month

),

small_cells as (

    select
        cells.project_id,
        cells.role_id,
        cells.month
    from cells
    left join people_by_cell
        on cells.project_id = people_by_cell.project_id
        and cells.role_id = people_by_cell.role_id
        and cells.month = people_by_cell.month
    where coalesce(people_by_cell.people, 0) < {{ var('minimum_group') }}

),

-- where the small cells of a project's month stand for too few people together, the month's total less its other
-- cells would give them away: then every cell of it is withheld
people_in_small_cells as (

    select
        small_cells.project_id,
        small_cells.month,
        count(distinct people_behind.employee_id) as people
    from small_cells
    left join people_behind
        on small_cells.project_id = people_behind.project_id
        and small_cells.role_id = people_behind.role_id
        and small_cells.month = people_behind.month
    group by
        small_cells.project_id,
        small_cells.month

)

select
    cells.project_id,
    cells.role_id,
    cells.month,
    cells.hours,
    coalesce(people_by_cell.people, 0) as people,
    coalesce(people_by_cell.people, 0) < {{ var('minimum_group') }}
    or coalesce(people_in_small_cells.people < {{ var('minimum_group') }}, false) as is_hours_withheld,
    case when cells.first_source_file_id = cells.last_source_file_id then cells.first_source_file_id end
        as source_file_id,
    case
        when cells.first_source_file_id = cells.last_source_file_id
            and cells.first_source_line = cells.last_source_line
            then cells.first_source_line
    end as source_line
from cells
left join people_by_cell
    on cells.project_id = people_by_cell.project_id
    and cells.role_id = people_by_cell.role_id
    and cells.month = people_by_cell.month
left join people_in_small_cells
    on cells.project_id = people_in_small_cells.project_id
    and cells.month = people_in_small_cells.month
