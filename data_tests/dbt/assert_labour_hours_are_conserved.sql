-- By month: the hours and entries of the time sheets are those that were costed, and those of the
-- cells from which fct_time_entries is published. None lost to a missing person, project or rate, none doubled by two rates.
with delivered as (

    select
        {{ month_of('work_date') }} as month,
        sum(hours) as hours,
        count(*) as entries
    from {{ ref('stg_timesheets__time_entries') }}
    group by {{ month_of('work_date') }}

),

costed as (

    select
        work_month as month,
        sum(hours) as hours,
        count(*) as entries
    from {{ ref('int_labour__time_entries_costed') }}
    group by work_month

),

cells as (

    select
        work_month as month,
        sum(hours) as hours,
        sum(time_entries) as entries
    from {{ ref('int_labour__hours_suppressed') }}
    group by work_month

)

select
    delivered.month,
    delivered.hours,
    costed.hours as costed_hours,
    cells.hours as cell_hours,
    delivered.entries,
    costed.entries as costed_entries,
    cells.entries as cell_entries
from delivered
full outer join costed
    on delivered.month = costed.month
full outer join cells
    on delivered.month = cells.month
where
    delivered.hours is distinct from costed.hours
    or delivered.hours is distinct from cells.hours
    or delivered.entries is distinct from costed.entries
    or delivered.entries is distinct from cells.entries
