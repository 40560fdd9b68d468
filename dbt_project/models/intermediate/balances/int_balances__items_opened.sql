with headers as (

    select * from {{ ref('int_invoices__headers_attributed') }}

),

invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

payments as (

    select * from {{ ref('int_balances__payments_applied') }}

),

customers as (

    select * from {{ ref('stg_erp__customers') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

-- a document of several projects is in none of them as a whole
line_projects as (

    select
        invoice_id,
        direction,
        counterparty_id,
        min(project_id) as project_id
    from invoice_lines
    where is_project_known
    group by
        invoice_id,
        direction,
        counterparty_id
    having count(distinct project_id) = 1

),

documents as (

    select
        {{ surrogate_key(['headers.invoice_id', 'headers.direction', 'headers.counterparty_id']) }} as item_key,
        headers.type as item_type,
        headers.direction,
        headers.invoice_id,
        headers.counterparty_id,
        headers.customer_id,
        case
            when line_projects.project_id is not null then line_projects.project_id
            when projects.project_id is not null then headers.project_id
        end as project_id,
        headers.currency_code,
        headers.issue_date,
        coalesce(
            headers.due_date,
            cast(
                {{ dbt.dateadd('day', 'customers.payment_terms_days', 'headers.issue_date') }} as date
            ),
            headers.issue_date
        ) as due_date,
        case
            when headers.due_date is not null then 'delivered'
            when customers.payment_terms_days is not null then 'payment_terms'
            else 'issue_date'
        end as due_date_source,
        {{ money('headers.gross_amount') }} as amount,
        headers.rate_to_base,
        headers.source_file_id,
        headers.source_line
    from headers
    left join line_projects
        on headers.invoice_id = line_projects.invoice_id
        and headers.direction = line_projects.direction
        and headers.counterparty_id = line_projects.counterparty_id
    left join projects
        on headers.project_id = projects.project_id
    left join customers
        on headers.customer_id = customers.customer_id

),

-- money whose document is unknown, not the only one of its number, or in a currency without a way to it
unapplied as (

    select
        {{ surrogate_key(["'unapplied cash'", 'payment_id']) }} as item_key,
        'unapplied_cash' as item_type,
        direction,
        invoice_id,
        counterparty_id,
        customer_id,
        cast(null as {{ dbt.type_string() }}) as project_id,
        currency_code,
        paid_on as issue_date,
        paid_on as due_date,
        'issue_date' as due_date_source,
        {{ money('-amount') }} as amount,
        rate_to_base,
        source_file_id,
        source_line
    from payments
    where not is_applied

)

select
    item_key,
    item_type,
    direction,
    invoice_id,
    counterparty_id,
    customer_id,
    project_id,
    currency_code,
    issue_date,
    due_date,
    due_date_source,
    amount,
    rate_to_base,
    source_file_id,
    source_line
from documents

union all

select
    item_key,
    item_type,
    direction,
    invoice_id,
    counterparty_id,
    customer_id,
    project_id,
    currency_code,
    issue_date,
    due_date,
    due_date_source,
    amount,
    rate_to_base,
    source_file_id,
    source_line
from unapplied
