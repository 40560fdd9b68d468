{#- No WBS is this deep; the bound only ends the climb where elements name each other in a circle. -#}
{%- set deepest = 50 -%}

with recursive contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

wbs_elements as (

    select * from {{ ref('int_projects__wbs_elements_attributed') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

hours as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

-- every element that something names, the project as a whole among them
elements as (

    select
        project_id,
        '' as wbs_id
    from projects

    union

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id
    from cost_lines

    union

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id
    from hours

    union

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id
    from plan_lines

    union

    select
        project_id,
        wbs_id
    from wbs_elements

    union

    select
        project_id,
        branch_id as wbs_id
    from contract_lines

),

branches as (

    select distinct
        project_id,
        branch_id
    from contract_lines

),

climbed as (

    select
        project_id,
        wbs_id,
        wbs_id as ancestor_id,
        0 as steps
    from elements
    where wbs_id <> ''

    union all

    select
        climbed.project_id,
        climbed.wbs_id,
        wbs_elements.parent_wbs_id as ancestor_id,
        climbed.steps + 1 as steps
    from climbed
    inner join wbs_elements
        on climbed.project_id = wbs_elements.project_id
        and climbed.ancestor_id = wbs_elements.wbs_id
    where
        wbs_elements.parent_wbs_id is not null
        and climbed.steps < {{ deepest }}

),

-- the nearest element above, or the element itself, that a contract line pays for
found as (

    select
        climbed.project_id,
        climbed.wbs_id,
        branches.branch_id,
        row_number() over (
            partition by climbed.project_id, climbed.wbs_id
            order by climbed.steps
        ) as place
    from climbed
    inner join branches
        on climbed.project_id = branches.project_id
        and climbed.ancestor_id = branches.branch_id

)

select
    elements.project_id,
    elements.wbs_id,
    coalesce(found.branch_id, whole_projects.branch_id) as branch_id
from elements
left join found
    on elements.project_id = found.project_id
    and elements.wbs_id = found.wbs_id
    and found.place = 1
left join branches as whole_projects
    on elements.project_id = whole_projects.project_id
    and whole_projects.branch_id = ''
