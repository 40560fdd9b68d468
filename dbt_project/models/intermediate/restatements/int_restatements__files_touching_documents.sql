{#- Replaced or withdrawn versions: the table, the key of the document that they were part of, and its month and project
    where the key does not say them. -#}
{%- set replaced = [
    ('cost_line', ["'cost line'", 'cost_line_id'], none),
    ('cost_line', ["'labour posted'", 'source_file_id'], 'posting_date'),
    ('time_entry', ["'time sheet'", 'source_file_id'], 'work_date'),
    ('invoice', ["'invoice'", 'invoice_id', 'direction', 'counterparty_id'], none),
    ('invoice_line', ["'invoice'", 'invoice_id', 'direction', 'counterparty_id'], none),
    ('payment', ["'payment'", 'payment_id'], none)
] -%}

with closes as (

    select * from {{ source('ledger', 'closes') }}

),

loads as (

    select * from {{ source('ledger', 'loads') }}

),

history_cost_line as (

    select * from {{ source('history', 'cost_line') }}

),

history_time_entry as (

    select * from {{ source('history', 'time_entry') }}

),

history_invoice as (

    select * from {{ source('history', 'invoice') }}

),

history_invoice_line as (

    select * from {{ source('history', 'invoice_line') }}

),

history_payment as (

    select * from {{ source('history', 'payment') }}

),

cost_lines as (

    select * from {{ ref('stg_erp__cost_lines') }}

),

applied as (

    select * from {{ ref('int_balances__payments_applied') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

-- files that came after the first close; without a close there are none, and no history is read
late_files as (

    select
        loads.source_file_id,
        max(loads.load_number) as load_number
    from loads
    where
        loads.status = 'loaded'
        and loads.load_number > (select min(closes.last_load_number) from closes)
    group by loads.source_file_id

),

touching as (
    {% for table, key, period in replaced %}
    select
        {{ surrogate_key(key) }} as document_key,
        {{ month_of(period) if period else 'cast(null as date)' }} as month,
        {{ 'project_id' if period else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as project_id,
        superseded_by_file_id as touching_file_id
    from history_{{ table }}

    union all
    {% endfor %}
    -- an accrual stands until the ledger has posted its document: it changes with the postings of that number
    select
        {{ surrogate_key(["'supplier document'", 'document_number']) }} as document_key,
        cast(null as date) as month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        superseded_by_file_id as touching_file_id
    from history_cost_line
    where document_number is not null

    union all

    select
        {{ surrogate_key(["'supplier document'", 'document_number']) }} as document_key,
        cast(null as date) as month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        source_file_id as touching_file_id
    from cost_lines
    where document_number is not null

    union all

    select
        {{ surrogate_key(["'supplier document'", 'invoice_id']) }} as document_key,
        cast(null as date) as month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        superseded_by_file_id as touching_file_id
    from history_invoice
    where direction = 'supplier'

    union all

    -- an open item changes with its document, its lines and its payments
    select
        {{ surrogate_key(["'open item'", surrogate_key(['invoice_id', 'direction', 'counterparty_id'])]) }} as document_key,
        cast(null as date) as month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        superseded_by_file_id as touching_file_id
    from history_invoice

    union all

    select
        {{ surrogate_key(["'open item'", surrogate_key(['invoice_id', 'direction', 'counterparty_id'])]) }} as document_key,
        cast(null as date) as month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        source_file_id as touching_file_id
    from applied
    where is_applied

    union all

    -- of a payment that was restated, the document that it settles now
    select
        {{ surrogate_key(["'open item'",
            surrogate_key(['applied.invoice_id', 'applied.direction', 'applied.counterparty_id'])]) }} as document_key,
        cast(null as date) as month,
        cast(null as {{ dbt.type_string() }}) as project_id,
        history_payment.superseded_by_file_id as touching_file_id
    from history_payment
    inner join applied
        on history_payment.payment_id = applied.payment_id
    where applied.is_applied

)

select distinct
    touching.document_key,
    touching.month,
    coalesce(aliases.project_id, touching.project_id) as project_id,
    touching.touching_file_id as source_file_id,
    late_files.load_number
from touching
inner join late_files
    on touching.touching_file_id = late_files.source_file_id
left join aliases
    on touching.project_id = aliases.alias
