-- One row per month: the accounts of revenue and cost of sales in the ledger, beside what was posted and what the warehouse has.
with classed as (
    select
        month,
        case when category = 'revenue' then 1 else -1 end as sign,
        ledger_amount_base,
        posted_amount_base,
        warehouse_amount_base,
        documented_amount_base,
        undocumented_amount_base,
        differing_documents
    from wh.margin.ledger_reconciliation
    where category not in ('receivable', 'payable', 'contract_asset', 'contract_liability')
)
select
    month,
    sum(sign * ledger_amount_base) as ledger,
    sum(sign * posted_amount_base) as posted,
    sum(sign * warehouse_amount_base) as warehouse,
    sum(sign * documented_amount_base) as documented,
    sum(sign * undocumented_amount_base) as undocumented,
    cast(sum(differing_documents) as bigint) as documents,
    case
        when count(ledger_amount_base) = 0 then 'no ledger delivered'
        when bool_or(undocumented_amount_base <> 0) then 'not delivered'
        else 'every difference has its document'
    end as state
from classed
group by month
order by month desc
