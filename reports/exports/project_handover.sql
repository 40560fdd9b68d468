-- One row per item of a gate that is not done, the mandatory ones first, then by when they are due; 100 at most of a project.
select
    p.project_key,
    replace(f.gate, '_', ' ') as gate,
    f.item,
    case when f.is_mandatory then 'mandatory' else 'optional' end as kind,
    f.due_date
from wh.core.fct_handover_items as f
join out.projects as p on f.project_id = p.project_id
where not f.is_done
qualify
    row_number() over (
        partition by p.project_key order by f.is_mandatory desc, f.due_date nulls last, f.gate, f.item_id
    ) <= 100
order by p.project_key, f.is_mandatory desc, f.due_date nulls last, f.gate, f.item_id
