-- One row per pack and project with a forecast: what it will cost by each method and as recommended, with the range, in the
-- currency of its contract, as known at the end of the month.
with latest as (
    select f.*
    from wh.forecast.forecast_by_project_month as f
    join out.reported as r on f.month <= r.month
    qualify row_number() over (partition by f.project_id order by f.month desc) = 1
),
methods as (
    select
        project_id,
        month,
        max(bac_amount) as bac,
        max(eac_amount) filter (where method = 'bottom_up') as bottom_up,
        max(eac_amount) filter (where method = 'remaining_at_budget') as remaining_at_budget,
        max(eac_amount) filter (where method = 'cpi') as by_cpi,
        max(eac_amount) filter (where method = 'cpi_spi') as by_cpi_spi,
        max(eac_amount) filter (where method = 'cpi_spi_t') as by_cpi_spi_t,
        max(eac_amount) filter (where method = 'last_3') as last_3,
        max(eac_amount) filter (where method = 'last_6') as last_6,
        max(eac_amount) filter (where method = 'weighted') as weighted,
        max(eac_amount) filter (where method = 'reference_class') as reference_class
    from wh.forecast.eac_by_project_month_method
    group by project_id, month
)
select
    s.scope_key,
    s.project_key,
    s.project_name,
    s.project_id,
    f.month,
    f.currency_code,
    m.bac,
    f.ac_amount as ac,
    f.recommended_eac_amount as recommended_eac,
    replace(f.recommended_method, '_', ' ') as recommended_method,
    f.eac_p10_amount as p10,
    f.eac_p50_amount as p50,
    f.eac_p80_amount as p80,
    f.eac_p90_amount as p90,
    f.risk_adjusted_eac_amount as risk_adjusted_eac,
    f.revenue_at_completion_amount as revenue_at_completion,
    f.margin_at_completion_amount as margin_at_completion,
    m.bottom_up,
    m.remaining_at_budget,
    m.by_cpi,
    m.by_cpi_spi,
    m.by_cpi_spi_t,
    m.last_3,
    m.last_6,
    m.weighted,
    m.reference_class,
    f.project_manager_eac_amount as project_manager_eac,
    f.finance_eac_amount as finance_eac,
    f.pending_change_count as pending_changes,
    f.pending_change_price_amount as pending_change_price,
    f.pending_change_cost_amount as pending_change_cost,
    case when f.is_range_calibrated then 'learned from finished projects' else 'assumed' end as range_basis,
    f.recommendation_reason
from latest as f
join out.scopes as s on f.project_id = s.project_id
left join methods as m on f.project_id = m.project_id and f.month = m.month
order by s.scope_key, s.project_id
