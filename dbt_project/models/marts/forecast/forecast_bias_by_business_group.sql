with versions as (

    select * from {{ ref('int_forecast__versions_judged') }}

)

select
    coalesce(business_group, '(none)') as business_group,
    cast(count(distinct project_id) as bigint) as projects,
    cast(count(*) as bigint) as versions,
    cast({{ divided('sum(error_pct)', 'count(*)', 6, scale=12) }} as decimal(18, 6)) as bias_pct,
    cast({{ divided('sum(abs(error_pct))', 'count(*)', 6, scale=12) }} as decimal(18, 6)) as mape_pct
from versions
group by coalesce(business_group, '(none)')
