-- One row per project, method of revenue, month and basis (as it is now; as it was closed, for closed months).
with lines as (
    select 'now' as basis, month, project_id, revenue_method, revenue_amount_base, revenue_to_date_amount_base
    from wh.margin.revenue_by_contract_line_month
    union all
    select 'closed', month, project_id, revenue_method, revenue_amount_base, revenue_to_date_amount_base
    from wh.margin.revenue_by_contract_line_month_as_closed
)
select
    l.basis,
    l.month,
    p.project_key,
    replace(l.revenue_method, '_', ' ') as method,
    -- IFRS 15.B14-B19
    case l.revenue_method
        when 'cost_to_cost' then 'over time, by what is put in'
        when 'labour_hours' then 'over time, by what is put in'
        when 'milestone' then 'by what is reached: at its milestones'
        when 'straight_line' then 'over time, by time passed'
        when 'time_and_material' then 'over time, by what may be billed'
        when 'as_invoiced' then 'over time, by what is billed'
    end as earned,
    count(*) as lines,
    sum(l.revenue_amount_base) as revenue,
    sum(l.revenue_to_date_amount_base) as to_date,
    count(*) filter (where l.revenue_amount_base is null) as unknown
from lines as l
join out.projects as p on l.project_id = p.project_id
group by l.basis, l.month, p.project_key, l.revenue_method
order by l.basis, l.month, p.project_key, l.revenue_method
