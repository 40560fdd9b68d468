-- One row per project and category of cost that has any.
with by_category as (
    select
        project_id,
        month,
        labour_cost_amount_base as labour,
        subcontract_cost_amount_base as subcontract,
        material_cost_amount_base as material,
        equipment_cost_amount_base as equipment,
        travel_cost_amount_base as travel,
        other_cost_amount_base as other,
        loss_provision_change_amount_base as "loss provision"
    from wh.margin.margin_by_project_month
),
costs as (
    unpivot by_category
    on labour, subcontract, material, equipment, travel, other, "loss provision"
    into name category value cost
),
summed as (
    select
        p.project_key,
        c.category,
        sum(c.cost) as cost,
        sum(c.cost) filter (where c.month = s.month) as month_cost
    from costs as c
    join out.projects as p on c.project_id = p.project_id
    left join out.project_statement as s on p.project_key = s.project_key
    group by p.project_key, c.category
)
select
    project_key,
    category,
    cost,
    sum(cost) over (partition by project_key) as whole,
    month_cost
from summed
where cost <> 0
order by project_key, cost desc, category
