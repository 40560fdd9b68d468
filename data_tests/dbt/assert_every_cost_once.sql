-- Each delivered cost line, and each time entry that has a cost, stands behind exactly one row: a published cost, a sum of
-- labour (published, or left out), or what is no cost. Counted in delivered rows, by origin.
-- Supplier invoices: assert_supplier_invoices_cost_once.
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
        1 as source_rows
    from {{ ref('fct_cost_lines') }}
    where
        category <> 'labour'
        and origin in ('erp', 'time_sheets')

    union all

    select
        origin,
        source_rows
    from {{ ref('int_cost__labour_summed') }}

    union all

    select
        'erp' as origin,
        1 as source_rows
    from {{ ref('int_cost__lines_classified') }}
    where treatment in ('not_a_cost', 'out_of_scope')

    union all

    -- and each row of labour that counts is published, none that does not
    select
        origin,
        1 as source_rows
    from {{ ref('fct_cost_lines') }}
    where
        category = 'labour'
        and origin in ('erp', 'time_sheets')

    union all

    select
        origin,
        -1 as source_rows
    from {{ ref('int_cost__labour_summed') }}
    where is_in_cost

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
