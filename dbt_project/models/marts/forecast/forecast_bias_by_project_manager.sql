with versions as (

    select * from {{ ref('int_forecast__versions_judged') }}

)

{#- of managers as persons nothing is said where the configuration hides them; finance's forecasts are not theirs -#}
select
    coalesce(project_manager, '(none)') as project_manager,
    cast(count(distinct project_id) as bigint) as projects,
    cast(count(*) as bigint) as versions,
    cast({{ divided('sum(error_pct)', 'count(*)', 6, scale=12) }} as decimal(18, 6)) as bias_pct,
    cast({{ divided('sum(abs(error_pct))', 'count(*)', 6, scale=12) }} as decimal(18, 6)) as mape_pct
from versions
where
    author = 'project_manager'
    and {{ 'true' if var('show_project_managers') else 'false' }}
group by coalesce(project_manager, '(none)')
