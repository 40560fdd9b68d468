-- One row per contract line, month and basis with a loss expected or a provision held.
with lines as (
    select 'now' as basis, * from wh.margin.revenue_by_contract_line_month
    union all by name
    select 'closed' as basis, * from wh.margin.revenue_by_contract_line_month_as_closed
)
select
    l.basis,
    l.month,
    p.project_key,
    l.contract_line_id,
    l.currency_code,
    l.transaction_price_amount as price,
    l.eac_amount as eac,
    l.expected_loss_amount as expected_loss,
    l.loss_provision_amount_base as provision,
    l.loss_provision_change_amount_base as provision_change
from lines as l
join out.projects as p on l.project_id = p.project_id
join out.months as m on l.month = m.month
where l.is_loss_making or coalesce(l.loss_provision_amount_base, 0) <> 0 or coalesce(l.loss_provision_change_amount_base, 0) <> 0
order by l.basis, l.month, l.contract_line_id
