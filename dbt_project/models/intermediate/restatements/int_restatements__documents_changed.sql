with documents_now as (

    select * from {{ ref('int_restatements__documents_now') }}

),

documents_closed as (

    select * from {{ source('ledger', 'closed_documents') }}

),

closes as (

    select * from {{ source('ledger', 'closes') }}

),

loads as (

    select * from {{ source('ledger', 'loads') }}

),

touching as (

    select * from {{ ref('int_restatements__files_touching_documents') }}

),

files as (

    select
        source_file_id,
        max(file_name) as file_name,
        max(load_number) as load_number
    from loads
    where status = 'loaded'
    group by source_file_id

),

-- files that were taken in and then out again
undone as (

    select
        source_file_id,
        max(file_name) as file_name
    from loads
    where status = 'undone'
    group by source_file_id

),

-- one side of each document, so that the two meet in a sum; a document without an amount has no rate
sides as (

    select
        documents_closed.month,
        documents_closed.project_id,
        documents_closed.measure,
        documents_closed.document_key,
        documents_closed.document_type,
        documents_closed.document,
        documents_closed.document_number,
        1 as in_closed,
        0 as in_now,
        documents_closed.amount_base as amount_closed,
        cast(null as decimal(38, 12)) as amount_now,
        documents_closed.source_file_id as file_closed,
        cast(null as {{ dbt.type_string() }}) as file_now
    from documents_closed

    union all

    select
        documents_now.month,
        documents_now.project_id,
        documents_now.measure,
        documents_now.document_key,
        documents_now.document_type,
        documents_now.document,
        documents_now.document_number,
        0 as in_closed,
        1 as in_now,
        cast(null as decimal(38, 12)) as amount_closed,
        documents_now.amount_base as amount_now,
        cast(null as {{ dbt.type_string() }}) as file_closed,
        documents_now.source_file_id as file_now
    from documents_now
    inner join closes
        on documents_now.month = closes.month

),

compared as (

    select
        month,
        project_id,
        measure,
        document_key,
        max(document_type) as document_type,
        max(document) as document,
        max(document_number) as document_number,
        max(in_closed) = 1 as is_in_closed,
        max(in_now) = 1 as is_in_now,
        coalesce(sum(amount_closed), 0) as amount_closed,
        coalesce(sum(amount_now), 0) as amount_now,
        max(file_closed) as file_closed,
        max(file_now) as file_now
    from sides
    group by
        month,
        project_id,
        measure,
        document_key

),

-- a figure is the rounded sum of its documents: differences are rounded as running sums that begin with what was closed,
-- so that they sum to the difference of the two rounded figures
running as (

    select
        month,
        project_id,
        measure,
        document_key,
        document_type,
        document,
        document_number,
        is_in_closed,
        is_in_now,
        amount_closed,
        amount_now,
        file_closed,
        file_now,
        sum(amount_closed) over (
            partition by month, project_id, measure
        ) + sum(amount_now - amount_closed) over (
            partition by month, project_id, measure
            order by document_key
            rows between unbounded preceding and current row
        ) as running_amount
    from compared

),

changed as (

    select
        running.month,
        running.project_id,
        running.measure,
        running.document_key,
        running.document_type,
        running.document,
        running.document_number,
        case
            when running.document_type in ('accrual', 'accrual_reversal')
                then {{ surrogate_key(["'supplier document'", 'running.document_number']) }}
            else running.document_key
        end as touched_key,
        running.is_in_closed,
        running.is_in_now,
        {{ money('running.amount_closed') }} as amount_closed,
        {{ money('running.running_amount') }}
        - {{ money('running.running_amount - running.amount_now + running.amount_closed') }} as difference,
        running.file_closed,
        running.file_now,
        closes.last_load_number
    from running
    inner join closes
        on running.month = closes.month
    where running.amount_now <> running.amount_closed

),

-- the file that the document comes from now, if it came after the close, and every later file that replaced part of it
own_files as (

    select
        changed.month,
        changed.project_id,
        changed.measure,
        changed.document_key,
        files.source_file_id,
        files.file_name,
        1 as is_own
    from changed
    inner join files
        on changed.file_now = files.source_file_id
    where files.load_number > changed.last_load_number

    union

    select
        changed.month,
        changed.project_id,
        changed.measure,
        changed.document_key,
        files.source_file_id,
        files.file_name,
        0 as is_own
    from changed
    inner join touching
        on changed.touched_key = touching.document_key
        and (touching.month is null or touching.month = changed.month)
        and (touching.project_id is null or touching.project_id = changed.project_id)
    inner join files
        on touching.source_file_id = files.source_file_id
    where files.load_number > changed.last_load_number

),

named as (

    select
        month,
        project_id,
        measure,
        document_key,
        source_file_id,
        file_name,
        max(is_own) as is_own
    from own_files
    group by
        month,
        project_id,
        measure,
        document_key,
        source_file_id,
        file_name

),

listed as (

    select
        month,
        project_id,
        measure,
        document_key,
        max(is_own) as has_own_file,
        case when count(*) = 1 then max(source_file_id) end as source_file_id,
        {{ dbt.listagg('file_name', "', '", 'order by file_name') }} as file_name
    from named
    group by
        month,
        project_id,
        measure,
        document_key

),

-- a document that nothing touched is worth something else: rates and master data that came after the close
reference_files as (

    select * from {{ ref('int_restatements__reference_files') }}

),

-- what a contract line follows from
project_files as (

    select * from {{ ref('int_restatements__files_by_project') }}

)

select
    changed.month,
    changed.project_id,
    changed.measure,
    changed.document_key,
    changed.document_type,
    case
        when changed.document_type in ('time_sheet', 'labour_posted')
            then coalesce(files.file_name, undone.file_name, changed.document)
        else changed.document
    end as document,
    changed.document_number,
    changed.amount_closed,
    changed.difference,
    case
        when listed.has_own_file = 1 and not changed.is_in_closed then 'arrived_after_close'
        when listed.document_key is not null and not changed.is_in_now then 'withdrawn_or_moved'
        when listed.document_key is not null then 'restated'
        when undone.source_file_id is not null then 'undone'
        when project_files.project_id is not null then 'estimate_price_or_progress'
        when reference_files.kind is not null then 'revalued_by_' || reference_files.kind
        else 'configuration_or_code'
    end as cause,
    case
        when listed.document_key is not null then listed.source_file_id
        when undone.source_file_id is not null then undone.source_file_id
        when project_files.project_id is not null then project_files.source_file_id
        else reference_files.source_file_id
    end as source_file_id,
    coalesce(listed.file_name, undone.file_name, project_files.file_name, reference_files.file_name) as file_name
from changed
left join listed
    on changed.month = listed.month
    and changed.project_id = listed.project_id
    and changed.measure = listed.measure
    and changed.document_key = listed.document_key
left join undone
    on changed.file_closed = undone.source_file_id
left join reference_files
    on listed.document_key is null
    and changed.month = reference_files.month
    and (changed.document_type in ('time_sheet', 'labour_posted')) = reference_files.is_about_labour
left join project_files
    on changed.document_type = 'contract_line'
    and changed.month = project_files.month
    and changed.project_id = project_files.project_id
left join files
    on coalesce(changed.file_now, changed.file_closed) = files.source_file_id
