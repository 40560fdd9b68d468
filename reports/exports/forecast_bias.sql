-- One row per business group and, where the configuration shows them, project manager: how far their forecasts were from the cost.
select 'business group' as kind, business_group as name, projects, versions, cast(bias_pct as double) as bias_pct,
    cast(mape_pct as double) as error_pct
from wh.forecast.forecast_bias_by_business_group
union all
select 'project manager', project_manager, projects, versions, cast(bias_pct as double), cast(mape_pct as double)
from wh.forecast.forecast_bias_by_project_manager
order by kind, name
