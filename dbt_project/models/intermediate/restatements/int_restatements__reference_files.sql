{#- What changes the worth of a document that nobody touched: rates first, else who and what a name stands for. -#}
{%- set kinds = {
    false: [
        ('rates', ['exchange_rate']),
        ('master_data', ['project', 'project_alias', 'account', 'contract_line', 'customer', 'purchase_order_line'])
    ],
    true: [
        ('rates', ['exchange_rate', 'cost_rate']),
        ('master_data', ['employee', 'project', 'project_alias', 'account'])
    ]
} -%}

with closes as (

    select * from {{ source('ledger', 'closes') }}

),

loads as (

    select * from {{ source('ledger', 'loads') }}

),

late_loads as (

    select distinct
        closes.month,
        loads.table_name,
        loads.source_file_id,
        loads.file_name
    from closes
    inner join loads
        on loads.load_number > closes.last_load_number
    where
        loads.status = 'loaded'
        and loads.rows_loaded > 0

),

ranked as (
    {% for is_about_labour, ranks in kinds.items() %}
    {%- set last_subject = loop.last %}
    {%- for kind, tables in ranks %}
    select
        month,
        {{ is_about_labour | lower }} as is_about_labour,
        {{ loop.index }} as place,
        '{{ kind }}' as kind,
        source_file_id,
        file_name
    from late_loads
    where table_name in ('{{ tables | join("', '") }}')
    {{ 'union' if not (last_subject and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

first_places as (

    select
        month,
        is_about_labour,
        min(place) as place
    from ranked
    group by
        month,
        is_about_labour

)

select
    ranked.month,
    ranked.is_about_labour,
    max(ranked.kind) as kind,
    case when count(*) = 1 then max(ranked.source_file_id) end as source_file_id,
    {{ dbt.listagg('ranked.file_name', "', '", 'order by ranked.file_name') }} as file_name
from ranked
inner join first_places
    on ranked.month = first_places.month
    and ranked.is_about_labour = first_places.is_about_labour
    and ranked.place = first_places.place
group by
    ranked.month,
    ranked.is_about_labour
