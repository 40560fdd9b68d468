-- One row per project and gate, as known now.
select
    p.project_key,
    replace(g.gate, '_', ' ') as gate,
    g.items,
    g.done,
    g.mandatory_open,
    g.overdue,
    g.next_due_date,
    case when g.is_ready then 'ready' else 'not ready' end as state,
    g.waiting_unbilled_amount_base as waiting
from wh.kpi.handover_readiness as g
join out.projects as p on g.project_id = p.project_id
order by p.project_key, g.gate_number
