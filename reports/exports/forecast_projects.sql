-- One row per project and month that is over: earned value and the estimate at completion, in the reporting currency at the
-- own rate of the baseline. Earned value only where plan, earned value and rate are known, so that indices of sums are of like with like.
with versions as (
    select
        project_id,
        plan_version_id,
        min(in_force_from_date) as from_date,
        min(in_force_to_date) as to_date,
        max(month) as last_month
    from wh.core.fct_plan_lines
    where version_kind in ('baseline', 'forecast') and category not in ('revenue', 'management_reserve')
    group by project_id, plan_version_id
),
-- the last month of the work by what was in force at the month's end
finishes as (
    select
        f.project_id,
        f.month,
        max(v.last_month) as last_month
    from wh.forecast.forecast_by_project_month as f
    join versions as v
        on f.project_id = v.project_id
        and v.from_date <= last_day(f.month)
        and (v.to_date is null or v.to_date >= last_day(f.month))
    group by f.project_id, f.month
),
measured as (
    select
        *,
        bac_amount_base is not null and pv_amount_base is not null and ev_amount_base is not null
        and ac_amount_base is not null as is_measured
    from wh.forecast.earned_value_by_project_month
)
select
    f.month,
    p.project_key,
    case when e.is_measured then e.bac_amount_base end as bac,
    case when e.is_measured then e.pv_amount_base end as pv,
    case when e.is_measured then e.ev_amount_base end as ev,
    case when e.is_measured then e.ac_amount_base end as ac,
    cast(e.cpi as double) as cpi,
    cast(e.spi as double) as spi,
    cast(e.spi_t as double) as spi_t,
    cast(e.percent_complete_pct as double) as complete_pct,
    e.forecast_finish_date as schedule_finish,
    greatest(finishes.last_month, f.month) as finish_month,
    f.recommended_eac_amount_base as eac,
    f.eac_p10_amount_base as p10,
    f.eac_p50_amount_base as p50,
    f.eac_p80_amount_base as p80,
    f.eac_p90_amount_base as p90,
    case when f.eac_p90_amount is not null then f.is_range_calibrated end as calibrated,
    case
        when f.recommended_eac_amount is null then 'no estimate'
        when f.recommended_eac_amount_base is null then 'no baseline or no rate'
    end as state,
    f.open_risk_emv_amount_base as threats,
    f.open_opportunity_emv_amount_base as opportunities,
    f.pending_change_count as changes,
    f.pending_change_price_amount_base as change_price,
    f.pending_change_cost_amount_base as change_cost,
    f.revenue_at_completion_amount_base as end_revenue,
    f.margin_at_completion_amount_base as end_margin,
    f.project_manager_eac_amount_base as manager_eac,
    f.finance_eac_amount_base as finance_eac
from wh.forecast.forecast_by_project_month as f
join out.projects as p on f.project_id = p.project_id
left join measured as e on f.project_id = e.project_id and f.month = e.month
left join finishes on f.project_id = finishes.project_id and f.month = finishes.month
order by f.month, p.project_key
