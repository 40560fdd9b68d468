{#- What of a supplier's invoice the ledger has posted, by the months in which that changes. One document is one number of
    one party. A posting belongs to it by the document number and the supplier, compared as document_key does; the supplier
    is the invoice's party or the one that its order names (an e-invoice knows a VAT number where the ledger knows a
    supplier); a posting without a supplier belongs to the only document of its number. -#}
{%- set enough = var('accrual_posted_share') -%}

with invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

order_lines as (

    select * from {{ ref('int_cost__order_lines_attributed') }}

),

cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

documents as (

    select
        invoice_id,
        counterparty_id,
        {{ document_key('invoice_id') }} as document_key,
        purchase_order_id,
        currency_code,
        issue_month,
        net_amount
    from headers
    where direction = 'supplier'

),

-- under which names the ledger may know the party
party_names as (

    select
        invoice_id,
        counterparty_id,
        document_key,
        {{ document_key('counterparty_id') }} as supplier_key
    from documents

    union

    select
        documents.invoice_id,
        documents.counterparty_id,
        documents.document_key,
        {{ document_key('order_lines.supplier_id') }} as supplier_key
    from documents
    inner join order_lines
        on documents.purchase_order_id = order_lines.purchase_order_id
    where order_lines.supplier_id is not null

),

numbers_of_one_document as (

    select
        document_key,
        min(invoice_id) as invoice_id,
        min(counterparty_id) as counterparty_id
    from documents
    group by document_key
    having count(*) = 1

),

-- also what is posted to labour that time sheets replace, or to no cost: it has arrived
postings as (

    select
        cost_line_id,
        document_number,
        supplier_id,
        {{ document_key('document_number') }} as document_key,
        {{ document_key('supplier_id') }} as supplier_key,
        project_id,
        cost_month,
        currency_code,
        amount
    from cost_lines
    where document_number is not null

),

candidates as (

    select
        postings.cost_line_id,
        party_names.invoice_id,
        party_names.counterparty_id,
        case when postings.document_number = party_names.invoice_id then 0 else 1 end as is_other_writing
    from postings
    inner join party_names
        on postings.document_key = party_names.document_key
        and postings.supplier_key = party_names.supplier_key

    union all

    select
        postings.cost_line_id,
        numbers_of_one_document.invoice_id,
        numbers_of_one_document.counterparty_id,
        0 as is_other_writing
    from postings
    inner join numbers_of_one_document
        on postings.document_key = numbers_of_one_document.document_key
    where postings.supplier_key is null

),

-- a posting stands for one document; of two that are written alike, for the one written the same
candidates_ranked as (

    select
        cost_line_id,
        invoice_id,
        counterparty_id,
        row_number() over (
            partition by cost_line_id
            order by is_other_writing, invoice_id, counterparty_id
        ) as place
    from candidates

),

matched as (

    select
        candidates_ranked.invoice_id,
        candidates_ranked.counterparty_id,
        postings.project_id,
        postings.cost_month,
        postings.currency_code,
        postings.amount
    from postings
    inner join candidates_ranked
        on postings.cost_line_id = candidates_ranked.cost_line_id
        and candidates_ranked.place = 1

),

-- the projects of a document, no known one among them, and what each of them is to pay
document_projects as (

    select
        invoice_id,
        counterparty_id,
        case when is_project_known then project_id end as project_id,
        sum(net_amount) as net_amount
    from invoice_lines
    where direction = 'supplier'
    group by
        invoice_id,
        counterparty_id,
        case when is_project_known then project_id end

),

-- a posting to a project that the document does not name, or in another currency, can only be held against the whole
matched_flagged as (

    select
        matched.invoice_id,
        matched.counterparty_id,
        matched.project_id,
        greatest(matched.cost_month, documents.issue_month) as month,
        matched.currency_code = documents.currency_code as is_same_currency,
        document_projects.project_id is not null as is_project_of_document,
        matched.amount
    from matched
    inner join documents
        on matched.invoice_id = documents.invoice_id
        and matched.counterparty_id = documents.counterparty_id
    left join document_projects
        on matched.invoice_id = document_projects.invoice_id
        and matched.counterparty_id = document_projects.counterparty_id
        and matched.project_id = document_projects.project_id

),

document_traits as (

    select
        invoice_id,
        counterparty_id,
        max(case when is_project_of_document then 0 else 1 end) = 1 as has_other_projects,
        min(case when not is_same_currency then month end) as first_month_in_other_currency
    from matched_flagged
    group by
        invoice_id,
        counterparty_id

),

-- every month in which something of the document was posted, for each of its projects
months as (

    select distinct
        invoice_id,
        counterparty_id,
        month
    from matched_flagged

),

posted_to_date as (

    select
        document_projects.invoice_id,
        document_projects.counterparty_id,
        document_projects.project_id,
        months.month,
        documents.net_amount as document_net_amount,
        document_projects.net_amount as project_net_amount,
        document_traits.has_other_projects,
        document_traits.first_month_in_other_currency,
        sum(case when matched_flagged.is_same_currency then matched_flagged.amount else 0 end) as document_posted_amount,
        sum(
            case
                when matched_flagged.is_same_currency and matched_flagged.project_id = document_projects.project_id
                    then matched_flagged.amount
                else 0
            end
        ) as project_posted_amount
    from document_projects
    inner join documents
        on document_projects.invoice_id = documents.invoice_id
        and document_projects.counterparty_id = documents.counterparty_id
    inner join document_traits
        on document_projects.invoice_id = document_traits.invoice_id
        and document_projects.counterparty_id = document_traits.counterparty_id
    inner join months
        on document_projects.invoice_id = months.invoice_id
        and document_projects.counterparty_id = months.counterparty_id
    inner join matched_flagged
        on document_projects.invoice_id = matched_flagged.invoice_id
        and document_projects.counterparty_id = matched_flagged.counterparty_id
        and matched_flagged.month <= months.month
    group by
        document_projects.invoice_id,
        document_projects.counterparty_id,
        document_projects.project_id,
        months.month,
        documents.net_amount,
        document_projects.net_amount,
        document_traits.has_other_projects,
        document_traits.first_month_in_other_currency

),

shares as (

    select
        invoice_id,
        counterparty_id,
        project_id,
        month,
        document_net_amount,
        document_posted_amount,
        project_net_amount,
        project_posted_amount,
        first_month_in_other_currency,
        {{ divided('document_posted_amount', 'document_net_amount', 6) }} as document_share,
        case
            when has_other_projects then {{ divided('document_posted_amount', 'document_net_amount', 6) }}
            else {{ divided('project_posted_amount', 'project_net_amount', 6) }}
        end as project_share
    from posted_to_date

)

select
    invoice_id,
    counterparty_id,
    project_id,
    month,
    document_net_amount,
    document_posted_amount,
    coalesce(first_month_in_other_currency > month, true) as is_same_currency,
    -- all of it: enough of the document is posted, or of the project's part, or it cannot be told
    cast(
        case
            when first_month_in_other_currency <= month then 1
            when document_net_amount = 0 then 1
            when document_share >= {{ enough }} then 1
            when project_share >= {{ enough }} then 1
            when project_share > 0 then project_share
            else 0
        end as decimal(18, 6)
    ) as posted_share
from shares
