{#- Changes that the customer has approved: those of the register, with price and cost; and changes of a contract's price by a
    request that the register does not know, whose cost nobody has told. -#}
with change_requests as (

    select * from {{ ref('fct_change_requests') }}

),

prices as (

    select * from {{ ref('stg_erp__contract_prices') }}

),

contract_lines as (

    select * from {{ ref('dim_contract_lines') }}

)

select
    project_id,
    coalesce(decided_date, requested_date) as decided_on,
    currency_code,
    price_amount,
    price_amount_base,
    cost_amount,
    cost_amount_base
from change_requests
where status = 'approved'

union all

select
    contract_lines.project_id,
    prices.effective_on as decided_on,
    contract_lines.currency_code,
    cast(prices.amount as decimal(18, 2)) as price_amount,
    cast(null as decimal(18, 2)) as price_amount_base,
    cast(0 as decimal(18, 2)) as cost_amount,
    cast(0 as decimal(18, 2)) as cost_amount_base
from prices
inner join contract_lines
    on prices.contract_line_id = contract_lines.contract_line_id
left join change_requests
    on contract_lines.project_id = change_requests.project_id
    and prices.change_request_id = change_requests.change_request_id
where
    prices.kind = 'change_request'
    and change_requests.change_request_id is null
