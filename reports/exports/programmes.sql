-- One row per programme, with the address of its page (the rule of projects.sql).
with identified as (
    select programme_id from wh.core.dim_programmes
    union
    select programme_id from wh.core.dim_projects where programme_id is not null
),
keyed as (
    select
        programme_id,
        case
            when
                regexp_full_match(programme_id, '[A-Za-z0-9_-]{1,64}')
                and lower(programme_id) <> 'index'
                and count(*) over (partition by lower(programme_id)) = 1
                then programme_id
            else 'pg-' || substr(sha256(programme_id), 1, 20)
        end as programme_key
    from identified
),
named as (
    select
        programme_id,
        any_value(programme_name) as programme_name
    from wh.core.dim_projects
    where programme_id is not null
    group by programme_id
)
select
    keyed.programme_key,
    keyed.programme_id,
    coalesce(nullif(trim(p.programme_name), ''), nullif(trim(n.programme_name), ''), keyed.programme_id) as programme_name,
    p.customer_id,
    coalesce(p.customer_name, p.customer_id) as customer_name,
    p.programme_manager
from keyed
left join wh.core.dim_programmes as p on keyed.programme_id = p.programme_id
left join named as n on keyed.programme_id = n.programme_id
order by keyed.programme_id
