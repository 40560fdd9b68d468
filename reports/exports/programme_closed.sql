-- One row per programme and closed month: the sums of its projects as they were closed.
select
    g.programme_key,
    f.month,
    'closed' as basis,
    sum(f.revenue_amount_base) as revenue,
    sum(f.cost_of_sales_amount_base) as cost,
    sum(f.gross_margin_amount_base) as margin,
    sum(f.labour_cost_amount_base) as labour,
    sum(f.subcontract_cost_amount_base) as subcontract,
    sum(f.material_cost_amount_base) as material,
    sum(f.equipment_cost_amount_base) as equipment,
    sum(f.travel_cost_amount_base) as travel,
    sum(f.other_cost_amount_base) as other,
    sum(f.loss_provision_change_amount_base) as loss_provision,
    sum(f.quality_cost_amount_base) as quality,
    sum(f.fx_effect_amount_base) as fx_effect,
    sum(f.billed_amount_base) as billed,
    sum(f.collected_amount_base) as collected,
    sum(f.labour_cost_amount_base_to_date) as labour_to_date,
    sum(f.subcontract_cost_amount_base_to_date) as subcontract_to_date,
    sum(f.material_cost_amount_base_to_date) as material_to_date,
    sum(f.equipment_cost_amount_base_to_date) as equipment_to_date,
    sum(f.travel_cost_amount_base_to_date) as travel_to_date,
    sum(f.other_cost_amount_base_to_date) as other_to_date,
    sum(f.loss_provision_change_amount_base_to_date) as loss_provision_to_date,
    sum(f.revenue_amount_base_to_date) as revenue_to_date,
    sum(f.cost_of_sales_amount_base_to_date) as cost_to_date,
    sum(f.gross_margin_amount_base_to_date) as margin_to_date,
    cast(sum(f.gross_margin_amount_base_to_date) / nullif(sum(f.revenue_amount_base_to_date), 0) as decimal(18, 6))
        as margin_pct_to_date
from wh.margin.margin_by_project_month_as_closed as f
join out.projects as p on f.project_id = p.project_id
join out.programmes as g on p.programme_id = g.programme_id
join out.months as m on f.month = m.month
group by g.programme_key, f.month
order by g.programme_key, f.month
