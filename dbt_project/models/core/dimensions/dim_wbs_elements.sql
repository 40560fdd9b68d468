{#- Ancestors looked for above an element. Standard SQL instead of a recursive query, which Spark before 4.1 lacks;
    a chain that is longer, or that runs in a circle, leaves level, path and root null and a test names it. -#}
{%- set most_ancestors = 16 -%}

with elements as (

    select * from {{ ref('int_projects__wbs_elements_attributed') }}

),

climbed as (

    select
        elements.project_id,
        elements.wbs_id,
        elements.parent_wbs_id,
        elements.wbs_name,
        elements.earning_rule,
        {%- for n in range(1, most_ancestors + 1) %}
        ancestor_{{ n }}.wbs_id as ancestor_{{ n }}_wbs_id{{ ',' if not loop.last }}
        {%- endfor %}
    from elements
    {%- for n in range(1, most_ancestors + 1) %}
    {%- set below = 'elements' if n == 1 else 'ancestor_' ~ (n - 1) %}
    left join elements as ancestor_{{ n }}
        on {{ below }}.project_id = ancestor_{{ n }}.project_id
        and {{ below }}.parent_wbs_id = ancestor_{{ n }}.wbs_id
    {%- endfor %}

),

parents as (

    select distinct
        project_id,
        parent_wbs_id
    from elements

)

select
    climbed.project_id,
    climbed.wbs_id,
    climbed.parent_wbs_id,
    climbed.wbs_name,
    climbed.earning_rule,
    case
        when climbed.ancestor_{{ most_ancestors }}_wbs_id is null then
            1
            {%- for n in range(1, most_ancestors) %}
            + case when climbed.ancestor_{{ n }}_wbs_id is null then 0 else 1 end
            {%- endfor %}
    end as wbs_level,
    case
        when climbed.ancestor_{{ most_ancestors }}_wbs_id is null then
            concat_ws(
                ' / ',
                {%- for n in range(most_ancestors - 1, 0, -1) %}
                climbed.ancestor_{{ n }}_wbs_id,
                {%- endfor %}
                climbed.wbs_id
            )
    end as wbs_path,
    case
        when climbed.ancestor_{{ most_ancestors }}_wbs_id is null then
            coalesce(
                {%- for n in range(most_ancestors - 1, 0, -1) %}
                climbed.ancestor_{{ n }}_wbs_id,
                {%- endfor %}
                climbed.wbs_id
            )
    end as root_wbs_id,
    parents.parent_wbs_id is null as is_leaf
from climbed
left join parents
    on climbed.project_id = parents.project_id
    and climbed.wbs_id = parents.parent_wbs_id
order by
    project_id,
    wbs_id
