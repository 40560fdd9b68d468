with backtests as (

    select * from {{ ref('int_forecast__methods_backtested') }}

),

latest as (

    select max(month) as month
    from backtests

),

-- every method in every band, tried or not
methods as (
    {% for method in eac_methods() %}
    select '{{ method }}' as method
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

bands as (
    {% for band in ['0-20', '20-40', '40-60', '60-80', '80-100'] %}
    select '{{ band }}' as progress_band
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    methods.method,
    bands.progress_band,
    cast(coalesce(backtests.projects, 0) as bigint) as projects,
    cast(coalesce(backtests.forecasts, 0) as bigint) as forecasts,
    cast(backtests.mape as decimal(18, 6)) as mape_pct,
    cast(backtests.bias as decimal(18, 6)) as bias_pct,
    cast(backtests.p80_coverage as decimal(18, 6)) as p80_coverage_pct,
    coalesce(backtests.projects, 0) >= {{ var('forecast_minimum_projects') }} as is_enough
from methods
cross join bands
cross join latest
left join backtests
    on methods.method = backtests.method
    and bands.progress_band = backtests.progress_band
    and latest.month = backtests.month
