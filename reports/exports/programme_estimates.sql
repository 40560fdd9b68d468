-- One row per programme, month and project that is estimated: the estimate that is recommended and its range, in the project's currency.
select
    g.programme_key,
    f.month,
    p.project_name,
    f.currency_code,
    replace(f.recommended_method, '_', ' ') as method,
    f.ac_amount as spent,
    f.recommended_eac_amount as eac,
    f.eac_p10_amount as p10,
    f.eac_p50_amount as p50,
    f.eac_p80_amount as p80,
    f.margin_at_completion_amount as margin,
    f.margin_at_completion_pct as margin_pct,
    '/projects/' || p.project_key || '/' as link
from wh.forecast.forecast_by_project_month as f
join out.projects as p on f.project_id = p.project_id
join out.programmes as g on p.programme_id = g.programme_id
join out.months as m on f.month = m.month
order by g.programme_key, f.month, f.recommended_eac_amount desc nulls last, p.project_key
