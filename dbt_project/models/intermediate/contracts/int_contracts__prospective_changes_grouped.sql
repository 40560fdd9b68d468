with price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

opened as (

    select
        contract_line_id,
        cut_on,
        min(effective_on) as opened_on,
        max(effective_on) as last_opened_on
    from price_changes
    where treatment = 'prospective'
    group by
        contract_line_id,
        cut_on

)

select
    contract_line_id,
    cut_on,
    opened_on,
    last_opened_on,
    row_number() over (partition by contract_line_id order by cut_on) as segment_number
from opened
