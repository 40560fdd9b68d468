with loads as (

    select * from {{ source('ledger', 'loads') }}

),

contract_columns as (

    select * from {{ ref('contract_columns') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

contract_tables as (

    select distinct
        feed,
        table_name
    from contract_columns

),

expectations as (
    {% for feed in var('feeds') %}
    select
        '{{ feed.table }}' as table_name,
        {{ feed.expected_every_seconds }} as expected_every_seconds,
        {{ feed.late_after_seconds }} as late_after_seconds
    union all
    {% endfor %}
    -- gives the columns their types where nothing is configured
    select
        cast(null as {{ dbt.type_string() }}) as table_name,
        cast(null as integer) as expected_every_seconds,
        cast(null as integer) as late_after_seconds
    where false

),

deliveries as (

    select
        table_name,
        count(*) as files,
        max(loaded_at) as last_delivered_at
    from loads
    where status = 'loaded'
    group by table_name

),

timed as (

    select
        contract_tables.feed,
        contract_tables.table_name,
        coalesce(deliveries.files, 0) as files,
        deliveries.last_delivered_at,
        expectations.expected_every_seconds,
        expectations.late_after_seconds,
        cast(
            {{ dbt.dateadd('second', 'expectations.expected_every_seconds', 'deliveries.last_delivered_at') }}
            as timestamp
        ) as expected_by_at,
        cast(
            {{ dbt.dateadd('second', 'expectations.late_after_seconds', 'deliveries.last_delivered_at') }}
            as timestamp
        ) as late_at
    from contract_tables
    left join deliveries
        on contract_tables.table_name = deliveries.table_name
    left join expectations
        on contract_tables.table_name = expectations.table_name

)

select
    timed.feed,
    timed.table_name,
    timed.files,
    timed.last_delivered_at,
    timed.expected_every_seconds,
    timed.late_after_seconds,
    timed.expected_by_at,
    timed.late_at,
    case
        when timed.late_after_seconds is null then null
        when timed.last_delivered_at is null then true
        else parameters.as_of > timed.late_at
    end as is_late
from timed
cross join parameters
order by table_name
