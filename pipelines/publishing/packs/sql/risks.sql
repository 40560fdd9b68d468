-- One row per pack and open threat or opportunity, by what it weighs; without a title, a risk is told by its id.
select
    s.scope_key,
    s.project_key,
    s.project_name,
    s.project_id,
    f.risk_id,
    f.kind,
    coalesce(f.title, f.risk_id) as title,
    f.response,
    cast(f.probability_pct as double) as probability_pct,
    f.cost_likely_amount_base as likely,
    f.emv_amount_base as emv,
    f.schedule_days,
    f.raised_date
from wh.core.fct_risks as f
join out.scopes as s on f.project_id = s.project_id
where f.status = 'open'
order by s.scope_key, abs(f.emv_amount_base) desc nulls last, s.project_id, f.risk_id
