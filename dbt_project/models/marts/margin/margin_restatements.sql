{#- Which figures a document is part of: its own, and those made of it; with which sign. -#}
{%- set is_cost -%}
    measure in (
        'labour_cost_amount_base', 'subcontract_cost_amount_base', 'material_cost_amount_base',
        'equipment_cost_amount_base', 'travel_cost_amount_base', 'other_cost_amount_base',
        'loss_provision_change_amount_base'
    )
{%- endset -%}
{%- set parts = [
    ('measure', 'true', 1),
    ("'cost_of_sales_amount_base'", is_cost, 1),
    ("'gross_margin_amount_base'", is_cost, -1),
    ("'gross_margin_amount_base'", "measure = 'revenue_amount_base'", 1)
] -%}
{%- set measures = restated_measures() -%}

with documents as (

    select * from {{ ref('int_restatements__documents_changed') }}

),

months_now as (

    select * from {{ ref('margin_by_project_month') }}

),

months_closed as (

    select * from {{ ref('margin_by_project_month_as_closed') }}

),

receivables_now as (

    select * from {{ ref('receivables_ageing') }}

),

receivables_closed as (

    select * from {{ ref('receivables_ageing_as_closed') }}

),

closes as (

    select * from {{ ref('int_restatements__closes') }}

),

files_by_project as (

    select * from {{ ref('int_restatements__files_by_project') }}

),

reference_files as (

    select * from {{ ref('int_restatements__reference_files') }}

),

figure_sides as (
    {% for measure in measures %}
    select
        month,
        project_id,
        '{{ measure }}' as measure,
        {{ measure }} as amount_closed,
        cast(null as decimal(18, 2)) as amount_now
    from months_closed

    union all

    select
        months_now.month,
        months_now.project_id,
        '{{ measure }}' as measure,
        cast(null as decimal(18, 2)) as amount_closed,
        months_now.{{ measure }} as amount_now
    from months_now
    inner join closes
        on months_now.month = closes.month

    union all
    {% endfor %}
    select
        month,
        coalesce(project_id, '(none)') as project_id,
        'receivable_amount_base' as measure,
        open_amount_base as amount_closed,
        cast(null as decimal(18, 2)) as amount_now
    from receivables_closed

    union all

    select
        receivables_now.month,
        coalesce(receivables_now.project_id, '(none)') as project_id,
        'receivable_amount_base' as measure,
        cast(null as decimal(18, 2)) as amount_closed,
        receivables_now.open_amount_base as amount_now
    from receivables_now
    inner join closes
        on receivables_now.month = closes.month

),

-- what a close did not know yet, such as a measure that came with a later version, is not restated
figures as (

    select
        month,
        project_id,
        measure,
        coalesce(sum(amount_closed), 0) as figure_closed,
        coalesce(sum(amount_now), 0) as figure_now
    from figure_sides
    group by
        month,
        project_id,
        measure

),

known_measures as (

    select
        month,
        measure
    from figure_sides
    group by
        month,
        measure
    having count(amount_closed) > 0 or measure = 'receivable_amount_base'

),

restated as (
    {% for figure, condition, sign in parts %}
    select
        month,
        project_id,
        {{ figure }} as measure,
        measure as document_measure,
        document_key,
        document_type,
        document,
        document_number,
        {{ sign }} * amount_closed as amount_closed,
        {{ sign }} * difference as difference,
        cause,
        source_file_id,
        file_name
    from documents
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

document_sums as (

    select
        month,
        project_id,
        measure,
        sum(difference) as difference
    from restated
    group by
        month,
        project_id,
        measure

),

-- what follows from no single document: an estimate, a price, the code
remainders as (

    select
        figures.month,
        figures.project_id,
        figures.measure,
        figures.figure_now - figures.figure_closed - coalesce(document_sums.difference, 0) as difference
    from figures
    inner join known_measures
        on figures.month = known_measures.month
        and figures.measure = known_measures.measure
    left join document_sums
        on figures.month = document_sums.month
        and figures.project_id = document_sums.project_id
        and figures.measure = document_sums.measure
    where figures.figure_now - figures.figure_closed <> coalesce(document_sums.difference, 0)

),

every_row as (

    select
        month,
        project_id,
        measure,
        {{ surrogate_key(['document_key', 'document_measure']) }} as document_key,
        document_type,
        document,
        document_number,
        amount_closed as amount_as_closed,
        amount_closed + difference as amount_now,
        difference,
        cause,
        source_file_id,
        file_name
    from restated
    where difference <> 0

    union all

    select
        remainders.month,
        remainders.project_id,
        remainders.measure,
        '(not attributed)' as document_key,
        'not_attributed' as document_type,
        '(not attributed)' as document,
        cast(null as {{ dbt.type_string() }}) as document_number,
        cast(null as decimal(18, 2)) as amount_as_closed,
        cast(null as decimal(18, 2)) as amount_now,
        remainders.difference,
        case
            when files_by_project.project_id is not null then 'estimate_price_or_progress'
            when reference_files.kind is not null then 'revalued_by_' || reference_files.kind
            else 'configuration_or_code'
        end as cause,
        case
            when files_by_project.project_id is null then reference_files.source_file_id
            when reference_files.kind is null then files_by_project.source_file_id
        end as source_file_id,
        coalesce(
            files_by_project.file_name || ', ' || reference_files.file_name,
            files_by_project.file_name,
            reference_files.file_name
        ) as file_name
    from remainders
    left join files_by_project
        on remainders.month = files_by_project.month
        and remainders.project_id = files_by_project.project_id
    -- the wider of the two lists: cost rates change more than labour
    left join reference_files
        on remainders.month = reference_files.month
        and reference_files.is_about_labour

)

select
    every_row.month,
    every_row.project_id,
    every_row.measure,
    every_row.document_key,
    every_row.document_type,
    every_row.document,
    every_row.document_number,
    {{ money('every_row.amount_as_closed') }} as amount_as_closed,
    {{ money('every_row.amount_now') }} as amount_now,
    {{ money('every_row.difference') }} as difference,
    {{ money('figures.figure_closed') }} as figure_as_closed,
    {{ money('figures.figure_now') }} as figure_now,
    every_row.cause,
    every_row.source_file_id,
    every_row.file_name
from every_row
inner join figures
    on every_row.month = figures.month
    and every_row.project_id = figures.project_id
    and every_row.measure = figures.measure
