-- Each delivered cost line, and each time entry that has a cost, stands behind exactly one row: of the published costs, of
-- the labour left out, or of what is no cost. Counted in delivered rows, by origin.
with delivered as (

    select
        'erp' as origin,
        count(*) as delivered_rows
    from {{ ref('stg_erp__cost_lines') }}

    union all

    select
        'time_sheets' as origin,
        count(*) as delivered_rows
    from {{ ref('int_labour__time_entries_costed') }}
    where cost_amount is not null

),

used as (

    select
        origin,
        source_rows
    from {{ ref('fct_cost_lines') }}

    union all

    select
        origin,
        source_rows
    from {{ ref('int_cost__labour_left_out') }}

    union all

    select
        'erp' as origin,
        1 as source_rows
    from {{ ref('int_cost__lines_classified') }}
    where treatment in ('not_a_cost', 'out_of_scope')

),

used_by_origin as (

    select
        origin,
        sum(source_rows) as used_rows
    from used
    group by origin

)

select
    delivered.origin,
    delivered.delivered_rows,
    coalesce(used_by_origin.used_rows, 0) as used_rows
from delivered
left join used_by_origin
    on delivered.origin = used_by_origin.origin
where delivered.delivered_rows <> coalesce(used_by_origin.used_rows, 0)
