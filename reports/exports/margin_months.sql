-- One row per project and month with figures: what the charts over months add up.
select
    p.project_key,
    m.month,
    m.revenue_amount_base as revenue,
    m.cost_of_sales_amount_base as cost,
    m.gross_margin_amount_base as margin,
    m.labour_cost_amount_base as labour,
    m.subcontract_cost_amount_base as subcontract,
    m.material_cost_amount_base as material,
    m.equipment_cost_amount_base as equipment,
    m.travel_cost_amount_base as travel,
    m.other_cost_amount_base as other,
    m.loss_provision_change_amount_base as provision,
    m.quality_cost_amount_base as quality
from wh.margin.margin_by_project_month as m
join out.projects as p on m.project_id = p.project_id
where m.revenue_amount_base <> 0 or m.cost_of_sales_amount_base <> 0
order by m.month, p.project_key
