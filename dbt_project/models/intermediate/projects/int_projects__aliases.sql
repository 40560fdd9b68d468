with delivered_aliases as (

    select * from {{ ref('stg_erp__project_aliases') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

-- a project's own identifier is never taken for another project's alias
foreign_names as (

    select
        delivered_aliases.alias,
        lower(trim(delivered_aliases.source_system)) as source_system,
        delivered_aliases.project_id,
        delivered_aliases.wbs_id
    from delivered_aliases
    left join projects
        on delivered_aliases.alias = projects.project_id
    where projects.project_id is null

),

systems as (

    select source_system from source_files

    union

    select source_system from foreign_names

    union

    select '*' as source_system

),

-- in a system its own alias goes before the one that holds for every system
ranked as (

    select
        foreign_names.alias,
        systems.source_system,
        foreign_names.project_id,
        foreign_names.wbs_id,
        row_number() over (
            partition by foreign_names.alias, systems.source_system
            order by case when foreign_names.source_system = '*' then 2 else 1 end
        ) as place
    from foreign_names
    inner join systems
        on foreign_names.source_system in ('*', systems.source_system)

),

in_force as (

    select
        alias,
        source_system,
        project_id,
        wbs_id
    from ranked
    where place = 1

)

-- what a name stands for may be a name itself: an ERP's element for the internal number of its project, which another
-- of its tables explains
select
    named.alias,
    named.source_system,
    coalesce(onward.project_id, named.project_id) as project_id,
    coalesce(named.wbs_id, onward.wbs_id) as wbs_id
from in_force as named
left join in_force as onward
    on named.project_id = onward.alias
    and named.source_system = onward.source_system
