{#- Installed or not, material is one line of a margin; a management reserve is no cost until it is released into one. -#}
with plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

)

select
    project_id,
    plan_version_id,
    case category when 'uninstalled_material' then 'material' else category end as measure,
    case when category = 'labour' then role_id end as role_id,
    month,
    currency_code,
    sum(amount) as amount,
    sum(case when category = 'labour' then coalesce(hours, 0) else 0 end) as hours,
    -- labour that has an amount and no hours
    sum(case when category = 'labour' and coalesce(hours, 0) = 0 and amount <> 0 then 1 else 0 end) as rows_without_hours
from plan_lines
where category <> 'management_reserve'
group by
    project_id,
    plan_version_id,
    case category when 'uninstalled_material' then 'material' else category end,
    case when category = 'labour' then role_id end,
    month,
    currency_code
