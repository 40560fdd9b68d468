-- One row per risk or opportunity of a project, the open ones first, then by what they may cost; 200 at most of a project.
select
    p.project_key,
    f.risk_id,
    f.kind,
    f.title,
    f.status,
    f.probability_pct,
    f.cost_low_amount_base as low,
    f.cost_likely_amount_base as likely,
    f.cost_high_amount_base as high,
    f.emv_amount_base as emv,
    f.schedule_days,
    f.response
from wh.core.fct_risks as f
join out.projects as p on f.project_id = p.project_id
qualify
    row_number() over (
        partition by p.project_key
        order by f.status <> 'open', abs(f.emv_amount_base) desc nulls last, f.risk_id
    ) <= 200
order by p.project_key, f.status <> 'open', abs(f.emv_amount_base) desc nulls last, f.risk_id
