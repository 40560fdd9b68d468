-- One row per step of the refresh that made this publication, the longest first; the site itself is made after it.
with latest as (
    select
        seconds_by_step,
        rows_by_step
    from wh.ops.refreshes
    where status = 'published'
    order by started_at desc
    limit 1
),
steps as (
    select
        unnest(json_keys(seconds_by_step)) as step,
        seconds_by_step,
        rows_by_step
    from latest
    where seconds_by_step is not null
)
select
    replace(step, '_', ' ') as step,
    cast(json_extract(seconds_by_step, '$."' || step || '"') as double) as seconds,
    cast(json_extract(rows_by_step, '$."' || step || '"') as bigint) as rows_handled
from steps
order by seconds desc, step
