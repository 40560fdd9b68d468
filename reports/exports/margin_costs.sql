-- One row per project, month and basis as in portfolio: cost by category in the month, in the month before, in the fiscal year up
-- to it and in the plan; what of it is poor quality, what currencies did to the margin (nothing where a month of it is not
-- known), and the revenue of earlier months that a changed estimate or price brought.
with lines as (
    select 'now' as basis, * from wh.margin.margin_by_project_month
    union all by name
    select 'closed' as basis, * from wh.margin.margin_by_project_month_as_closed
),
catch_ups as (
    select
        basis,
        project_id,
        month,
        -- at the rate that the line's revenue of the month has
        sum(
            case
                when currency_code = (select base_currency from wh.ops.refreshes where status = 'published' order by started_at desc limit 1)
                    then catch_up_amount
                else cast(round(catch_up_amount * revenue_amount_base / nullif(revenue_amount, 0), 2) as decimal(18, 2))
            end
        ) as catch_up
    from (
        select 'now' as basis, * from wh.margin.revenue_by_contract_line_month
        union all by name
        select 'closed' as basis, * from wh.margin.revenue_by_contract_line_month_as_closed
    )
    where catch_up_amount <> 0
    group by basis, project_id, month
),
figures as (
    select
        l.basis,
        l.project_id,
        l.month,
        l.labour_cost_amount_base as labour,
        l.subcontract_cost_amount_base as subcontract,
        l.material_cost_amount_base as material,
        l.equipment_cost_amount_base as equipment,
        l.travel_cost_amount_base as travel,
        l.other_cost_amount_base as other,
        l.loss_provision_change_amount_base as provision,
        l.quality_cost_amount_base as quality,
        l.fx_effect_amount_base as fx,
        c.catch_up
    from lines as l
    left join catch_ups as c on l.basis = c.basis and l.project_id = c.project_id and l.month = c.month
),
compared as (
    select
        b.basis,
        f.* exclude (basis)
    from (values ('now'), ('closed')) as b (basis)
    join figures as f
        on f.basis = b.basis
        or (b.basis = 'closed' and f.basis = 'now' and f.month not in (select month from wh.ops.closes))
),
shown as (
    select 'now' as basis, month, fiscal_year from out.months
    union all
    select 'closed', m.month, m.fiscal_year
    from out.months as m
    where m.month in (select month from wh.ops.closes)
),
summed as (
    select
        s.basis,
        s.month,
        c.project_id,
        sum(c.labour) filter (where c.month = s.month) as labour,
        sum(c.subcontract) filter (where c.month = s.month) as subcontract,
        sum(c.material) filter (where c.month = s.month) as material,
        sum(c.equipment) filter (where c.month = s.month) as equipment,
        sum(c.travel) filter (where c.month = s.month) as travel,
        sum(c.other) filter (where c.month = s.month) as other,
        sum(c.provision) filter (where c.month = s.month) as provision,
        sum(c.quality) filter (where c.month = s.month) as quality,
        case when count(*) filter (where c.month = s.month and c.fx is null) = 0 then sum(c.fx) filter (where c.month = s.month) end as fx,
        sum(c.catch_up) filter (where c.month = s.month) as catch_up,
        sum(c.labour) filter (where m.fiscal_year = s.fiscal_year) as year_labour,
        sum(c.subcontract) filter (where m.fiscal_year = s.fiscal_year) as year_subcontract,
        sum(c.material) filter (where m.fiscal_year = s.fiscal_year) as year_material,
        sum(c.equipment) filter (where m.fiscal_year = s.fiscal_year) as year_equipment,
        sum(c.travel) filter (where m.fiscal_year = s.fiscal_year) as year_travel,
        sum(c.other) filter (where m.fiscal_year = s.fiscal_year) as year_other,
        sum(c.provision) filter (where m.fiscal_year = s.fiscal_year) as year_provision,
        sum(c.quality) filter (where m.fiscal_year = s.fiscal_year) as year_quality,
        case when count(*) filter (where m.fiscal_year = s.fiscal_year and c.fx is null) = 0 then sum(c.fx) filter (where m.fiscal_year = s.fiscal_year) end as year_fx,
        sum(c.labour) filter (where c.month = s.month - interval 1 month) as previous_labour,
        sum(c.subcontract) filter (where c.month = s.month - interval 1 month) as previous_subcontract,
        sum(c.material) filter (where c.month = s.month - interval 1 month) as previous_material,
        sum(c.equipment) filter (where c.month = s.month - interval 1 month) as previous_equipment,
        sum(c.travel) filter (where c.month = s.month - interval 1 month) as previous_travel,
        sum(c.other) filter (where c.month = s.month - interval 1 month) as previous_other,
        sum(c.provision) filter (where c.month = s.month - interval 1 month) as previous_provision
    from shown as s
    join compared as c on s.basis = c.basis and c.month <= s.month and c.month > s.month - interval 12 month
    left join out.months as m on c.month = m.month
    group by s.basis, s.month, c.project_id
)
select
    s.basis,
    s.month,
    p.project_key,
    s.* exclude (basis, month, project_id),
    n.labour as plan_labour,
    n.subcontract as plan_subcontract,
    n.material as plan_material,
    n.equipment as plan_equipment,
    n.travel as plan_travel,
    n.other as plan_other
from summed as s
join out.projects as p on s.project_id = p.project_id
-- as in portfolio, a project without any figure has no row
join out.portfolio as f on s.basis = f.basis and s.month = f.month and p.project_key = f.project_key
left join out.plan_months as n on s.month = n.month and s.project_id = n.project_id
order by s.basis, s.month, p.project_key
