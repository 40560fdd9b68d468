{%- set fewest = var('forecast_minimum_projects') -%}

with months as (

    select * from {{ ref('int_forecast__months_measured') }}

),

estimates as (

    select * from {{ ref('eac_by_project_month_method') }}

),

backtests as (

    select * from {{ ref('int_forecast__methods_backtested') }}

),

finished as (

    select * from {{ ref('int_forecast__projects_finished') }}

),

-- of the methods that enough projects have tried, the one that erred least
ranked as (

    select
        month,
        progress_band,
        method,
        projects,
        mape,
        bias,
        row_number() over (
            partition by month, progress_band
            order by
                mape,
                case method
                    {%- for method in eac_methods() %}
                    when '{{ method }}' then {{ loop.index }}
                    {%- endfor %}
                end
        ) as place
    from backtests
    where projects >= {{ fewest }}

),

tried as (

    select
        month,
        progress_band,
        max(projects) as projects
    from backtests
    group by
        month,
        progress_band

),

-- in default of trials: the forecast in force, unless it has run out; then the budget for the rest while less than a fifth
-- is done, and the cost performance so far after that
placed as (

    select
        estimates.project_id,
        estimates.month,
        estimates.method,
        estimates.etc_amount,
        estimates.eac_amount,
        ranked.projects,
        ranked.mape,
        ranked.bias,
        ranked.place is not null as is_tried,
        coalesce(
            ranked.place,
            case estimates.method
                when 'bottom_up'
                    then case when estimates.etc_amount > 0 or months.percent_complete_pct >= 1 then 101 else 198 end
                when 'remaining_at_budget' then case when months.percent_complete_pct < 0.2 then 102 else 104 end
                {%- for method in eac_methods() if method not in ('bottom_up', 'remaining_at_budget') %}
                when '{{ method }}' then {{ 102 + loop.index if loop.first else 110 + loop.index }}
                {%- endfor %}
            end
        ) as place
    from estimates
    inner join months
        on estimates.project_id = months.project_id
        and estimates.month = months.month
    left join ranked
        on estimates.month = ranked.month
        and months.progress_band = ranked.progress_band
        and estimates.method = ranked.method
    where estimates.eac_amount is not null

),

best as (

    select
        project_id,
        month,
        min(place) as place,
        count(case when is_tried then 1 end) as methods_tried
    from placed
    group by
        project_id,
        month

)

select
    months.project_id,
    months.month,
    months.progress_band,
    months.ac_amount,
    placed.method as recommended_method,
    placed.etc_amount,
    placed.eac_amount,
    coalesce(placed.is_tried, false) as is_tried,
    coalesce(case when placed.is_tried then placed.projects else tried.projects end, 0) as projects,
    case
        when placed.method is null
            then 'No method has a value: there is neither a plan nor earned value to estimate from.'
        when finished.project_id is not null
            then 'The project has ended; ' || placed.method || ' says what may still be posted.'
        when placed.is_tried
            then
                case best.methods_tried
                    when 1 then 'The one method with a record, '
                    else 'Of ' || cast(best.methods_tried as {{ dbt.type_string() }}) || ' methods with a record, '
                end
                || placed.method || ' erred least on the ' || cast(placed.projects as {{ dbt.type_string() }})
                || ' finished projects while they were ' || months.progress_band || ' % complete: by '
                || {{ percent_text('placed.mape') }} || ' % of the final cost, on average '
                || {{ percent_text('abs(placed.bias)') }} || ' % too '
                || case when placed.bias < 0 then 'low.' else 'high.' end
        else
            case
                when months.progress_band is null
                    then 'Default, because how much of the project is complete is not known'
                else
                    'Default, because '
                    || case coalesce(tried.projects, 0)
                        when 0 then 'no finished project shows'
                        when 1 then 'only 1 finished project shows'
                        else 'only ' || cast(tried.projects as {{ dbt.type_string() }}) || ' finished projects show'
                    end
                    || ' how methods err at ' || months.progress_band || ' % complete ({{ fewest }} are needed)'
            end
            || case
                when placed.method = 'bottom_up' and placed.place = 101 then ': the forecast in force is taken.'
                when placed.method = 'bottom_up' then ': the forecast in force is taken although it has run out.'
                when placed.method = 'remaining_at_budget' and placed.place = 102
                    then ': without a forecast the rest is taken at budget while less than 20 % is complete.'
                when placed.method = 'cpi'
                    then ': without a forecast the rest is taken at the cost performance so far.'
                else ': ' || placed.method || ' is the first in order that has a value.'
            end
    end as recommendation_reason
from months
left join best
    on months.project_id = best.project_id
    and months.month = best.month
left join placed
    on best.project_id = placed.project_id
    and best.month = placed.month
    and best.place = placed.place
left join tried
    on months.month = tried.month
    and months.progress_band = tried.progress_band
left join finished
    on months.project_id = finished.project_id
    and finished.ended_month <= months.month
