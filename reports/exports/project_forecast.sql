-- One row per project and month: the estimate that is recommended, its range, and what it rests on; in the contract's currency.
select
    p.project_key,
    f.month,
    f.currency_code,
    replace(f.recommended_method, '_', ' ') as method,
    f.recommendation_reason as reason,
    f.ac_amount as spent,
    f.recommended_eac_amount as eac,
    f.eac_p10_amount as p10,
    f.eac_p50_amount as p50,
    f.eac_p80_amount as p80,
    f.eac_p90_amount as p90,
    f.is_range_calibrated,
    f.risk_adjusted_eac_amount as risk_adjusted,
    f.project_manager_eac_amount as manager_eac,
    f.finance_eac_amount as finance_eac,
    f.revenue_at_completion_amount as revenue,
    f.margin_at_completion_amount as margin,
    f.margin_at_completion_pct as margin_pct
from wh.forecast.forecast_by_project_month as f
join out.projects as p on f.project_id = p.project_id
join out.months as m on f.month = m.month
order by p.project_key, f.month
