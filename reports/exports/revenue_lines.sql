-- One row per contract line, month and basis with something to tell: a catch-up, work above a cap, revenue that is cost recovered
-- or unknown. In the contract's currency.
with lines as (
    select 'now' as basis, contract_line_id, month, project_id, revenue_method, currency_code, revenue_amount, catch_up_amount,
        above_cap_amount, is_cost_recovered, no_revenue_reason
    from wh.margin.revenue_by_contract_line_month
    union all
    select 'closed', contract_line_id, month, project_id, revenue_method, currency_code, revenue_amount, catch_up_amount,
        above_cap_amount, is_cost_recovered, no_revenue_reason
    from wh.margin.revenue_by_contract_line_month_as_closed
)
select
    l.basis,
    l.month,
    p.project_key,
    l.contract_line_id as line,
    replace(l.revenue_method, '_', ' ') as method,
    l.currency_code as currency,
    l.revenue_amount as revenue,
    l.catch_up_amount as catch_up,
    l.above_cap_amount as above_cap,
    concat_ws(
        '; ',
        'no revenue: ' || replace(l.no_revenue_reason, '_', ' '),
        case when l.is_cost_recovered then 'revenue is the cost, for the work expected in all is not known' end,
        case when l.above_cap_amount <> 0 then 'work above the cap earns nothing' end,
        case
            when l.catch_up_amount > 0 then 'estimate or price moved: earlier months catch up'
            when l.catch_up_amount < 0 then 'estimate or price moved: earlier months had too much'
        end
    ) as note
from lines as l
join out.projects as p on l.project_id = p.project_id
where l.catch_up_amount <> 0 or l.above_cap_amount <> 0 or l.is_cost_recovered or l.no_revenue_reason is not null
order by l.basis, l.month, p.project_key, l.contract_line_id
