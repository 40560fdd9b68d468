-- One row per pack and contract with unbilled work at the end of the month, by age.
select
    s.scope_key,
    w.contract_id,
    s.project_name,
    s.project_id,
    max(w.owner) as owner,
    sum(w.unbilled_amount_base) as unbilled,
    sum(w.unbilled_amount_base) filter (where w.bucket = '0-30') as to_30,
    sum(w.unbilled_amount_base) filter (where w.bucket = '31-60') as to_60,
    sum(w.unbilled_amount_base) filter (where w.bucket = '61-90') as to_90,
    sum(w.unbilled_amount_base) filter (where w.bucket = '91-180') as to_180,
    sum(w.unbilled_amount_base) filter (where w.bucket = '181+') as over_180,
    max(w.oldest_age_days) as oldest_days
from wh.margin.wip_ageing as w
join out.reported as r on w.month = r.month
join out.scopes as s on w.project_id = s.project_id
group by s.scope_key, w.contract_id, s.project_name, s.project_id
order by s.scope_key, unbilled desc nulls last, w.contract_id
