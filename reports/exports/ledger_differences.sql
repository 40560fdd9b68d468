-- One row per class of account and month in which the warehouse, the postings and the ledger are not the same.
select
    replace(category, '_', ' ') as category,
    month,
    ledger_amount_base as ledger,
    posted_amount_base as posted,
    warehouse_amount_base as warehouse,
    documented_amount_base as documented,
    undocumented_amount_base as undocumented,
    differing_documents as documents,
    case when coalesce(undocumented_amount_base, 0) <> 0 then 'not delivered' end as state
from wh.margin.ledger_reconciliation
where documented_amount_base <> 0 or coalesce(undocumented_amount_base, 0) <> 0
order by month desc, 1
