-- One row per project, with the address of its page. Delivered ids may hold anything, an address may not: a safe id stays
-- as it is; any other, and any that differs from another only in case, which some file systems cannot tell apart, is
-- replaced by a hash of itself.
with identified as (
    select project_id from wh.core.dim_projects
    union
    select project_id from wh.margin.margin_by_project_month where project_id is not null
),
keyed as (
    select
        project_id,
        case
            when
                regexp_full_match(project_id, '[A-Za-z0-9_-]{1,64}')
                and lower(project_id) <> 'index'
                and count(*) over (partition by lower(project_id)) = 1
                then project_id
            else 'p-' || substr(sha256(project_id), 1, 20)
        end as project_key
    from identified
)
select
    keyed.project_key,
    keyed.project_id,
    coalesce(nullif(trim(p.project_name), ''), keyed.project_id) as project_name,
    p.customer_id,
    coalesce(p.customer_name, p.customer_id) as customer_name,
    p.programme_id,
    coalesce(p.programme_name, p.programme_id) as programme_name,
    p.business_group,
    p.market,
    p.project_manager,
    p.currency_code,
    replace(p.status, '_', ' ') as status,
    p.is_key_project,
    p.start_date,
    p.planned_end_date,
    p.actual_end_date
from keyed
left join wh.core.dim_projects as p on keyed.project_id = p.project_id
order by keyed.project_id
