with contract_lines as (

    select * from {{ ref('stg_erp__contract_lines') }}

),

obligations as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

prices as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- a line without any price keeps null: an unknown price is not a price of zero
priced as (

    select
        prices.contract_line_id,
        sum(case when prices.kind = 'original' then prices.amount end) as original_price_amount,
        sum(case when prices.effective_on <= parameters.as_of_date then prices.amount end) as current_price_amount,
        sum(prices.amount) as final_price_amount,
        max(
            case when prices.effective_on <= parameters.as_of_date then prices.line_end_date end
        ) as extended_end_date
    from prices
    cross join parameters
    group by prices.contract_line_id

)

select
    obligations.contract_line_id,
    obligations.delivered_line_id,
    obligations.change_request_id,
    contract_lines.contract_id,
    contract_lines.project_id,
    case when obligations.change_request_id is null then contract_lines.wbs_id else obligations.branch_id end as wbs_id,
    contract_lines.description,
    contract_lines.revenue_method,
    contract_lines.currency_code,
    obligations.start_date,
    obligations.end_date,
    priced.extended_end_date,
    {{ money('priced.original_price_amount') }} as original_price_amount,
    {{ money('priced.current_price_amount') }} as current_price_amount,
    {{ money('priced.final_price_amount') }} as final_price_amount,
    {{ money('contract_lines.not_to_exceed_amount') }} as not_to_exceed_amount,
    cast(contract_lines.cost_markup as decimal(18, 12)) as cost_markup_pct,
    cast(contract_lines.retention_pct as decimal(18, 12)) as retention_pct
from obligations
inner join contract_lines
    on obligations.delivered_line_id = contract_lines.contract_line_id
left join priced
    on obligations.contract_line_id = priced.contract_line_id
order by contract_line_id
