-- One row per method and fifth of the work: how far the method was from what finished projects cost in the end.
select
    coalesce(n.name, a.method) as method,
    progress_band || ' %' as band,
    projects,
    forecasts,
    cast(mape_pct as double) as error_pct,
    cast(bias_pct as double) as bias_pct,
    cast(p80_coverage_pct as double) as p80_pct,
    case when not is_enough then 'too few projects' end as state
from wh.forecast.forecast_accuracy as a
left join out.method_names as n on a.method = n.method
order by progress_band, 1
