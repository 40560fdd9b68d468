with aliases as (

    select * from {{ ref('stg_erp__project_aliases') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

)

select
    aliases.alias,
    aliases.project_id,
    aliases.wbs_id
from aliases
left join projects
    on aliases.alias = projects.project_id
where
    aliases.source_system = '*'
    -- a project's own identifier is never taken for another project's alias
    and projects.project_id is null
