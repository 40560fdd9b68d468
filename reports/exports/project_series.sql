-- One row per project and month: its figures as they are now.
select
    p.project_key,
    f.month,
    f.revenue_amount_base as revenue,
    f.cost_of_sales_amount_base as cost,
    f.gross_margin_amount_base as margin,
    f.labour_cost_amount_base as labour,
    f.subcontract_cost_amount_base as subcontract,
    f.material_cost_amount_base as material,
    f.equipment_cost_amount_base as equipment,
    f.travel_cost_amount_base as travel,
    f.other_cost_amount_base as other,
    f.loss_provision_change_amount_base as loss_provision,
    f.quality_cost_amount_base as quality,
    f.fx_effect_amount_base as fx_effect,
    f.billed_amount_base as billed,
    f.collected_amount_base as collected,
    f.revenue_amount_base_to_date as revenue_to_date,
    f.cost_of_sales_amount_base_to_date as cost_to_date,
    f.gross_margin_amount_base_to_date as margin_to_date,
    f.gross_margin_pct_to_date as margin_pct_to_date,
    case
        when not m.is_complete then 'incomplete'
        when f.has_open_exceptions then 'open exceptions'
    end as state
from wh.margin.margin_by_project_month as f
join out.projects as p on f.project_id = p.project_id
join out.months as m on f.month = m.month
order by p.project_key, f.month
