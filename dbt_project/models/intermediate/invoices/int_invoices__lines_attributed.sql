with headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

invoice_lines as (

    select * from {{ ref('stg_invoices__invoice_lines') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

contract_lines as (

    select * from {{ ref('stg_erp__contract_lines') }}

),

delivered as (

    select
        headers.invoice_id,
        headers.direction,
        headers.counterparty_id,
        invoice_lines.line_id,
        false as is_remainder,
        -- a line of an e-invoice names no project: its reference is the buyer's, and only helps where the document does not
        case
            when source_files.is_e_invoice
                then coalesce(headers.project_id, projects.project_id, aliases.project_id)
            else coalesce(projects.project_id, aliases.project_id, contract_lines.project_id, headers.project_id)
        end as project_id,
        case
            when source_files.is_e_invoice then coalesce(headers.delivered_project_id, invoice_lines.project_id)
            else coalesce(invoice_lines.project_id, headers.delivered_project_id)
        end as delivered_project_id,
        case
            when source_files.is_e_invoice and headers.project_id is not null then headers.wbs_id
            else coalesce(invoice_lines.wbs_id, aliases.wbs_id, headers.wbs_id)
        end as wbs_id,
        invoice_lines.contract_line_id,
        invoice_lines.category,
        invoice_lines.description,
        invoice_lines.net_amount,
        invoice_lines.source_file_id,
        invoice_lines.source_line
    from invoice_lines
    inner join headers
        on invoice_lines.invoice_id = headers.invoice_id
        and invoice_lines.direction = headers.direction
        and invoice_lines.counterparty_id = headers.counterparty_id
    left join projects
        on invoice_lines.project_id = projects.project_id
    left join source_files
        on invoice_lines.source_file_id = source_files.source_file_id
    left join aliases
        on invoice_lines.project_id = aliases.alias
        and coalesce(source_files.source_system, '*') = aliases.source_system
    left join contract_lines
        on invoice_lines.contract_line_id = contract_lines.contract_line_id

),

line_totals as (

    select
        invoice_id,
        direction,
        counterparty_id,
        sum(net_amount) as net_amount
    from delivered
    group by
        invoice_id,
        direction,
        counterparty_id

),

-- what the header says beyond its lines: allowances, charges, a document without lines
remainders as (

    select
        headers.invoice_id,
        headers.direction,
        headers.counterparty_id,
        '(header)' as line_id,
        true as is_remainder,
        headers.project_id,
        headers.delivered_project_id,
        headers.wbs_id,
        cast(null as {{ dbt.type_string() }}) as contract_line_id,
        cast(null as {{ dbt.type_string() }}) as category,
        cast(null as {{ dbt.type_string() }}) as description,
        headers.net_amount - coalesce(line_totals.net_amount, 0) as net_amount,
        headers.source_file_id,
        headers.source_line
    from headers
    left join line_totals
        on headers.invoice_id = line_totals.invoice_id
        and headers.direction = line_totals.direction
        and headers.counterparty_id = line_totals.counterparty_id
    where
        line_totals.invoice_id is null
        or headers.net_amount <> line_totals.net_amount

),

all_lines as (

    select
        invoice_id,
        direction,
        counterparty_id,
        line_id,
        is_remainder,
        project_id,
        delivered_project_id,
        wbs_id,
        contract_line_id,
        category,
        description,
        net_amount,
        source_file_id,
        source_line
    from delivered

    union all

    select
        invoice_id,
        direction,
        counterparty_id,
        line_id,
        is_remainder,
        project_id,
        delivered_project_id,
        wbs_id,
        contract_line_id,
        category,
        description,
        net_amount,
        source_file_id,
        source_line
    from remainders

),

-- amounts run up to the line and including it, so that rounding each running amount leaves no cent over
running as (

    select
        all_lines.invoice_id,
        all_lines.direction,
        all_lines.counterparty_id,
        all_lines.line_id,
        all_lines.is_remainder,
        headers.customer_id,
        headers.issue_date,
        headers.issue_month,
        headers.currency_code,
        headers.type,
        projects.project_id is not null as is_project_known,
        all_lines.project_id,
        all_lines.delivered_project_id,
        all_lines.wbs_id,
        all_lines.contract_line_id,
        all_lines.category,
        all_lines.description,
        all_lines.net_amount,
        headers.rate_to_base,
        cast(
            sum(all_lines.net_amount) over (
                partition by all_lines.invoice_id, all_lines.direction, all_lines.counterparty_id
                order by all_lines.is_remainder, all_lines.line_id
                rows between unbounded preceding and current row
            ) as decimal(38, 6)
        ) as running_net_amount,
        all_lines.source_file_id,
        all_lines.source_line
    from all_lines
    inner join headers
        on all_lines.invoice_id = headers.invoice_id
        and all_lines.direction = headers.direction
        and all_lines.counterparty_id = headers.counterparty_id
    left join projects
        on all_lines.project_id = projects.project_id

)

select
    invoice_id,
    direction,
    counterparty_id,
    line_id,
    is_remainder,
    customer_id,
    issue_date,
    issue_month,
    currency_code,
    type,
    project_id,
    is_project_known,
    delivered_project_id,
    wbs_id,
    contract_line_id,
    category,
    description,
    net_amount,
    {{ money('running_net_amount') }} - {{ money('running_net_amount - net_amount') }} as net_amount_rounded,
    {{ money(to_base('running_net_amount', 'rate_to_base')) }}
    - {{ money(to_base('running_net_amount - net_amount', 'rate_to_base')) }} as net_amount_base_rounded,
    source_file_id,
    source_line
from running
