{#- Distinct activities first: a year of time sheets has a few dozen. -#}
with time_entries as (

    select * from {{ ref('stg_timesheets__time_entries') }}

),

signals as (

    select * from {{ ref('absence_signals') }}

),

activities as (

    select distinct
        activity,
        {{ as_words('activity') }} as words
    from time_entries
    where activity is not null

),

absences as (

    select distinct activities.activity
    from activities
    inner join signals
        on activities.words like '%' || {{ as_words('signals.phrase') }} || '%'

)

select time_entries.entry_id
from time_entries
inner join absences
    on time_entries.activity = absences.activity
