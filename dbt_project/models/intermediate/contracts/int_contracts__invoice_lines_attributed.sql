with invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

obligations as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

branches as (

    select * from {{ ref('int_contracts__wbs_branches') }}

),

contracts as (

    select
        contract_id,
        min(contract_line_id) as only_line_id,
        count(*) as lines
    from contract_lines
    group by contract_id

),

-- what a project, or a branch of it, leaves no choice about
projects as (

    select
        project_id,
        min(contract_line_id) as only_line_id,
        min(contract_id) as only_contract_id,
        count(*) as lines,
        count(distinct contract_id) as contracts
    from contract_lines
    group by project_id

),

only_lines as (

    select
        project_id,
        branch_id,
        contract_id,
        min(contract_line_id) as only_line_id
    from obligations
    group by
        project_id,
        branch_id,
        contract_id
    having count(*) = 1

),

customer_lines as (

    select
        invoice_lines.invoice_id,
        invoice_lines.counterparty_id,
        invoice_lines.line_id,
        invoice_lines.is_remainder,
        invoice_lines.project_id,
        invoice_lines.is_project_known,
        coalesce(invoice_lines.wbs_id, '') as wbs_id,
        invoice_lines.issue_date,
        invoice_lines.issue_month,
        invoice_lines.currency_code,
        invoice_lines.net_amount_rounded as net_amount,
        invoice_lines.net_amount_base_rounded as net_amount_base,
        invoice_lines.contract_line_id as named_line_id,
        -- a contract that nobody delivered is none
        coalesce(contracts.contract_id, case when projects.contracts = 1 then projects.only_contract_id end)
            as contract_id,
        case
            when contracts.contract_id is not null
                then case when contracts.lines = 1 then contracts.only_line_id end
            when projects.lines = 1 then projects.only_line_id
        end as only_line_id
    from invoice_lines
    inner join headers
        on invoice_lines.invoice_id = headers.invoice_id
        and invoice_lines.direction = headers.direction
        and invoice_lines.counterparty_id = headers.counterparty_id
    left join contracts
        on headers.contract_id = contracts.contract_id
    left join projects
        on invoice_lines.project_id = projects.project_id
    where invoice_lines.direction = 'customer'

),

attributed as (

    select
        customer_lines.invoice_id,
        customer_lines.counterparty_id,
        customer_lines.line_id,
        customer_lines.is_remainder,
        customer_lines.project_id,
        customer_lines.is_project_known,
        customer_lines.issue_date,
        customer_lines.issue_month,
        customer_lines.currency_code,
        customer_lines.net_amount,
        customer_lines.net_amount_base,
        customer_lines.contract_id,
        -- named by the line; else the only one there is; else the one that pays for its branch
        coalesce(named_lines.contract_line_id, customer_lines.only_line_id, only_lines.only_line_id) as contract_line_id
    from customer_lines
    left join contract_lines as named_lines
        on customer_lines.named_line_id = named_lines.contract_line_id
    left join branches
        on customer_lines.project_id = branches.project_id
        and customer_lines.wbs_id = branches.wbs_id
    left join only_lines
        on branches.project_id = only_lines.project_id
        and branches.branch_id = only_lines.branch_id
        and customer_lines.contract_id = only_lines.contract_id

)

select
    attributed.invoice_id,
    attributed.counterparty_id,
    attributed.line_id,
    attributed.is_remainder,
    attributed.project_id,
    attributed.is_project_known,
    attributed.issue_date,
    attributed.issue_month,
    attributed.currency_code,
    attributed.net_amount,
    attributed.net_amount_base,
    attributed.contract_line_id,
    coalesce(obligations.contract_id, attributed.contract_id) as contract_id,
    obligations.revenue_method,
    obligations.retention_pct
from attributed
left join obligations
    on attributed.contract_line_id = obligations.contract_line_id
