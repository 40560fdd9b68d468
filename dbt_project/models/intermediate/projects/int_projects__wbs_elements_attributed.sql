with elements as (

    select * from {{ ref('stg_erp__wbs_elements') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

attributed as (

    select
        coalesce(aliases.project_id, elements.project_id) as project_id,
        elements.wbs_id,
        -- an alias that stands for a branch puts the top of a schedule below it
        case
            when elements.parent_wbs_id is not null then elements.parent_wbs_id
            when aliases.wbs_id <> elements.wbs_id then aliases.wbs_id
        end as parent_wbs_id,
        elements.wbs_name,
        elements.earning_rule,
        elements.project_id as delivered_project_id,
        elements.source_file_id,
        elements.source_line
    from elements
    left join source_files
        on elements.source_file_id = source_files.source_file_id
    left join aliases
        on elements.project_id = aliases.alias
        and coalesce(source_files.source_system, '*') = aliases.source_system

),

ranked as (

    select
        project_id,
        wbs_id,
        parent_wbs_id,
        wbs_name,
        earning_rule,
        delivered_project_id,
        source_file_id,
        source_line,
        row_number() over (
            partition by project_id, wbs_id
            order by
                case when delivered_project_id = project_id then 1 else 2 end,
                delivered_project_id
        ) as place
    from attributed

)

-- an element that the ledger and a planning tool both know is one element: the ledger's words count
select
    project_id,
    wbs_id,
    parent_wbs_id,
    wbs_name,
    earning_rule,
    delivered_project_id,
    source_file_id,
    source_line
from ranked
where place = 1
