{#- Distinct texts first: a year of time sheets has a few dozen activities. -#}
with signals as (

    select * from {{ ref('quality_signals') }}

),

time_entries as (

    select * from {{ ref('stg_timesheets__time_entries') }}

),

cost_lines as (

    select * from {{ ref('stg_erp__cost_lines') }}

),

invoice_lines as (

    select * from {{ ref('stg_invoices__invoice_lines') }}

),

texts as (

    select
        'activity' as signal,
        activity as text
    from time_entries
    where activity is not null

    union

    select
        'description' as signal,
        description as text
    from cost_lines
    where description is not null

    union

    select
        'description' as signal,
        description as text
    from invoice_lines
    where
        description is not null
        and direction = 'supplier'

    union

    select
        'account' as signal,
        account_code as text
    from cost_lines
    where account_code is not null

),

in_words as (

    select
        signal,
        text,
        {{ as_words('text') }} as words
    from texts

),

phrases as (

    select
        signal,
        {{ as_words('phrase') }} as words
    from signals

)

select distinct
    in_words.signal,
    in_words.text
from in_words
inner join phrases
    on in_words.signal = phrases.signal
    and (
        in_words.words = phrases.words
        or (in_words.signal <> 'account' and in_words.words like '%' || phrases.words || '%')
    )
