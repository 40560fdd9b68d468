with invoices as (

    select * from {{ ref('stg_invoices__invoices') }}

),

customers as (

    select * from {{ ref('stg_erp__customers') }}

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

purchase_order_lines as (

    select * from {{ ref('int_cost__order_lines_attributed') }}

),

rates_to_base as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

-- a VAT number that two customers share names neither of them
vat_numbers as (

    select
        upper(replace(vat_id, ' ', '')) as vat_number,
        min(customer_id) as customer_id
    from customers
    where vat_id is not null
    group by upper(replace(vat_id, ' ', ''))
    having count(*) = 1

),

-- a contract or an order that belongs to two projects names neither of them
contracts as (

    select
        contract_id,
        min(project_id) as project_id
    from contract_lines
    group by contract_id
    having count(distinct project_id) = 1

),

purchase_orders as (

    select
        purchase_order_id,
        min(project_id) as project_id
    from purchase_order_lines
    group by purchase_order_id
    having count(distinct project_id) = 1

)

select
    invoices.invoice_id,
    invoices.direction,
    invoices.counterparty_id,
    case
        when invoices.direction = 'customer' then coalesce(customers.customer_id, vat_numbers.customer_id)
    end as customer_id,
    invoices.issue_date,
    {{ month_of('invoices.issue_date') }} as issue_month,
    invoices.due_date,
    invoices.currency_code,
    invoices.type,
    invoices.project_id as delivered_project_id,
    coalesce(
        projects.project_id,
        project_aliases.project_id,
        contracts.project_id,
        contract_aliases.project_id,
        case when invoices.direction = 'supplier' then purchase_orders.project_id end,
        order_aliases.project_id
    ) as project_id,
    case
        when projects.project_id is not null then null
        when project_aliases.project_id is not null then project_aliases.wbs_id
        when contracts.project_id is not null then null
        when contract_aliases.project_id is not null then contract_aliases.wbs_id
        when invoices.direction = 'supplier' and purchase_orders.project_id is not null then null
        else order_aliases.wbs_id
    end as wbs_id,
    invoices.contract_id,
    invoices.purchase_order_id,
    invoices.net_amount,
    invoices.tax_amount,
    invoices.gross_amount,
    rates_to_base.rate_to_base,
    invoices.source_file_id,
    invoices.source_line
from invoices
left join customers
    on invoices.counterparty_id = customers.customer_id
left join vat_numbers
    on upper(replace(invoices.counterparty_id, ' ', '')) = vat_numbers.vat_number
left join projects
    on invoices.project_id = projects.project_id
left join source_files
    on invoices.source_file_id = source_files.source_file_id
left join aliases as project_aliases
    on invoices.project_id = project_aliases.alias
    and coalesce(source_files.source_system, '*') = project_aliases.source_system
left join contracts
    on invoices.contract_id = contracts.contract_id
left join purchase_orders
    on invoices.purchase_order_id = purchase_orders.purchase_order_id
left join aliases as order_aliases
    on invoices.purchase_order_id = order_aliases.alias
    and coalesce(source_files.source_system, '*') = order_aliases.source_system
left join aliases as contract_aliases
    on invoices.contract_id = contract_aliases.alias
    and coalesce(source_files.source_system, '*') = contract_aliases.source_system
left join rates_to_base
    on invoices.currency_code = rates_to_base.currency_code
    and invoices.issue_date = rates_to_base.rate_date
