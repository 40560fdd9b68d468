with parameters as (

    select * from {{ source('ledger', 'parameters') }}

),

pivoted as (

    select
        max(case when name = 'as_of' then value end) as as_of,
        max(case when name = 'pseudonym_key' then value end) as pseudonym_key
    from parameters

)

select
    cast(coalesce(as_of, '{{ var("as_of") }}') as timestamp) as as_of,
    cast(cast(coalesce(as_of, '{{ var("as_of") }}') as timestamp) as date) as as_of_date,
    nullif(coalesce(pseudonym_key, '{{ var("pseudonym_key") }}'), '') as pseudonym_key
from pivoted
