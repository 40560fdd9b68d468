{#- Of managers as persons nothing is said where the configuration hides them; finance's forecasts are not theirs. -#}
with versions as (

    select * from {{ ref('int_forecast__versions_judged') }}

),

summed as (

    select
        coalesce(project_manager, '(none)') as project_manager,
        count(distinct project_id) as projects,
        count(*) as versions,
        sum(error_pct) as errors,
        sum(abs(error_pct)) as absolute_errors
    from versions
    where
        author = 'project_manager'
        and {{ 'true' if var('show_project_managers') else 'false' }}
    group by coalesce(project_manager, '(none)')

)

select
    project_manager,
    cast(projects as bigint) as projects,
    cast(versions as bigint) as versions,
    cast({{ divided('errors', 'versions', 6, scale=12) }} as decimal(18, 6)) as bias_pct,
    cast({{ divided('absolute_errors', 'versions', 6, scale=12) }} as decimal(18, 6)) as mape_pct
from summed
