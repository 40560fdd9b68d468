with versions as (

    select * from {{ ref('int_forecast__versions_judged') }}

),

summed as (

    select
        coalesce(business_group, '(none)') as business_group,
        count(distinct project_id) as projects,
        count(*) as versions,
        sum(error_pct) as errors,
        sum(abs(error_pct)) as absolute_errors
    from versions
    group by coalesce(business_group, '(none)')

)

select
    business_group,
    cast(projects as bigint) as projects,
    cast(versions as bigint) as versions,
    cast({{ divided('errors', 'versions', 6, scale=12) }} as decimal(18, 6)) as bias_pct,
    cast({{ divided('absolute_errors', 'versions', 6, scale=12) }} as decimal(18, 6)) as mape_pct
from summed
