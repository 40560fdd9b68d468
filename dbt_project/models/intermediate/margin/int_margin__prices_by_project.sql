with contract_lines as (

    select * from {{ ref('dim_contract_lines') }}

),

prices as (

    select * from {{ ref('stg_erp__contract_prices') }}

)

select
    contract_lines.project_id,
    contract_lines.currency_code,
    prices.effective_on,
    sum(prices.amount) as amount,
    sum(case when prices.kind = 'original' then prices.amount else 0 end) as original_amount
from prices
inner join contract_lines
    on prices.contract_line_id = contract_lines.contract_line_id
group by
    contract_lines.project_id,
    contract_lines.currency_code,
    prices.effective_on
