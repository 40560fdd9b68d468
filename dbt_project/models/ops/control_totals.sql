with hours as (

    select * from {{ ref('int_labour__hours_controlled') }}

),

delivered_cost_lines as (

    select * from {{ ref('stg_erp__cost_lines') }}

),

cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

delivered_invoices as (

    select * from {{ ref('stg_invoices__invoices') }}

),

invoice_lines as (

    select * from {{ ref('int_invoices__lines_attributed') }}

),

delivered_payments as (

    select * from {{ ref('stg_erp__payments') }}

),

payments as (

    select * from {{ ref('int_invoices__payments_by_project') }}

),

stated_totals as (

    select * from {{ source('ledger', 'control_totals') }}

),

files as (

    select * from {{ ref('int_landing__files_in_force') }}

),

-- one branch delivered, one branch held, met by a sum, so that a month on one side only shows as a difference
amounts as (

    select
        'erp' as feed,
        'cost_line' as table_name,
        {{ month_of('posting_date') }} as month,
        'amount' as measure,
        currency_code as unit,
        amount as source_amount,
        0 as warehouse_amount,
        0 as excluded_amount
    from delivered_cost_lines

    union all

    select
        'erp' as feed,
        'cost_line' as table_name,
        cost_month as month,
        'amount' as measure,
        currency_code as unit,
        0 as source_amount,
        case when treatment = 'cost' then amount else 0 end as warehouse_amount,
        case when treatment = 'cost' then 0 else amount end as excluded_amount
    from cost_lines

    union all

    select
        'invoices' as feed,
        'invoice' as table_name,
        {{ month_of('issue_date') }} as month,
        direction || '_net_amount' as measure,
        currency_code as unit,
        net_amount as source_amount,
        0 as warehouse_amount,
        0 as excluded_amount
    from delivered_invoices

    union all

    select
        'invoices' as feed,
        'invoice' as table_name,
        issue_month as month,
        direction || '_net_amount' as measure,
        currency_code as unit,
        0 as source_amount,
        net_amount as warehouse_amount,
        0 as excluded_amount
    from invoice_lines

    union all

    select
        'erp' as feed,
        'payment' as table_name,
        {{ month_of('paid_on') }} as month,
        direction || '_amount' as measure,
        currency_code as unit,
        {{ money('amount') }} as source_amount,
        0 as warehouse_amount,
        0 as excluded_amount
    from delivered_payments

    union all

    select
        'erp' as feed,
        'payment' as table_name,
        paid_month as month,
        direction || '_amount' as measure,
        currency_code as unit,
        0 as source_amount,
        amount as warehouse_amount,
        0 as excluded_amount
    from payments

),

summed as (

    select
        feed,
        table_name,
        month,
        measure,
        unit,
        sum(source_amount) as source_amount,
        sum(warehouse_amount) as warehouse_amount,
        sum(excluded_amount) as excluded_amount,
        false as is_withheld
    from amounts
    group by
        feed,
        table_name,
        month,
        measure,
        unit

),

-- what files state about themselves
of_files as (

    select
        files.feed,
        files.source_file_id,
        files.file_name,
        {{ masked('stated_totals.measure', is_free_of_addresses('stated_totals.measure')) }} as measure,
        stated_totals.unit,
        sum(stated_totals.stated) as stated,
        sum(stated_totals.found) as found,
        max(case when files.is_hours_withheld then 1 else 0 end) = 1 as is_withheld
    from stated_totals
    inner join files
        on stated_totals.source_file_id = files.source_file_id
    group by
        files.feed,
        files.source_file_id,
        files.file_name,
        {{ masked('stated_totals.measure', is_free_of_addresses('stated_totals.measure')) }},
        stated_totals.unit

),

every_total as (

    select
        feed,
        table_name,
        month,
        cast(null as {{ dbt.type_string() }}) as source_file_id,
        cast(null as {{ dbt.type_string() }}) as file_name,
        measure,
        unit,
        source_amount,
        warehouse_amount,
        excluded_amount,
        is_withheld
    from summed

    union all

    select
        'timesheets' as feed,
        'time_entry' as table_name,
        work_month as month,
        cast(null as {{ dbt.type_string() }}) as source_file_id,
        cast(null as {{ dbt.type_string() }}) as file_name,
        'hours' as measure,
        'h' as unit,
        delivered_hours as source_amount,
        held_hours as warehouse_amount,
        excluded_hours as excluded_amount,
        is_withheld
    from hours

    union all

    select
        'timesheets' as feed,
        'time_entry' as table_name,
        work_month as month,
        cast(null as {{ dbt.type_string() }}) as source_file_id,
        cast(null as {{ dbt.type_string() }}) as file_name,
        'entries' as measure,
        'rows' as unit,
        delivered_time_entries as source_amount,
        held_time_entries as warehouse_amount,
        excluded_time_entries as excluded_amount,
        is_withheld
    from hours

    union all

    select
        feed,
        cast(null as {{ dbt.type_string() }}) as table_name,
        cast(null as date) as month,
        source_file_id,
        file_name,
        measure,
        unit,
        stated as source_amount,
        found as warehouse_amount,
        0 as excluded_amount,
        is_withheld
    from of_files

)

select
    feed,
    table_name,
    month,
    source_file_id,
    file_name,
    measure,
    unit,
    cast(case when not is_withheld then source_amount end as decimal(24, 6)) as source_amount,
    cast(case when not is_withheld then warehouse_amount end as decimal(24, 6)) as warehouse_amount,
    cast(case when not is_withheld then excluded_amount end as decimal(24, 6)) as excluded_amount,
    -- the difference of a month is nothing, or a fault that must be seen; that of a file's hours may be a person's
    cast(
        case
            when not is_withheld or source_file_id is null then source_amount - warehouse_amount - excluded_amount
        end as decimal(24, 6)
    ) as difference,
    is_withheld
from every_total
