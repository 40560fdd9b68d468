-- The calendar has no hole: after each month but the last comes the next one.
with months as (

    select
        month,
        month_end_date,
        lead(month) over (order by month) as next_month
    from {{ ref('dim_months') }}

)

select
    month,
    month_end_date,
    next_month
from months
where next_month <> cast({{ dbt.dateadd('day', 1, 'month_end_date') }} as date)
