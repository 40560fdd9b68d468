with exchange_rates as (

    select * from {{ ref('stg_erp__exchange_rates') }}

)

select
    exchange_rates.from_currency,
    exchange_rates.to_currency,
    exchange_rates.rate_date,
    exchange_rates.rate_type,
    exchange_rates.rate,
    exchange_rates.source_file_id,
    exchange_rates.source_line
from exchange_rates
order by
    from_currency,
    to_currency,
    rate_date,
    rate_type
