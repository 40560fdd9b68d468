{#- A change request and its two moments. What it was worth while it was open is at the rate of the request, what was decided at
    that of the decision: a decision changes no month before it. Drafts have not been submitted. -#}
with change_requests as (

    select * from {{ ref('fct_change_requests') }}

),

rates as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

dated as (

    select
        project_id,
        delivered_project_id,
        change_request_id,
        status,
        requested_date,
        decided_date as delivered_decided_date,
        -- a decision without a day of its own is taken on the day of the request: it is no longer open
        case
            when status in ('approved', 'rejected', 'withdrawn')
                then greatest(coalesce(decided_date, requested_date), requested_date)
        end as decided_date,
        currency_code,
        price_amount,
        cost_amount,
        schedule_days
    from change_requests
    where status <> 'draft'

)

select
    dated.project_id,
    dated.delivered_project_id,
    dated.change_request_id,
    dated.status,
    dated.requested_date,
    dated.delivered_decided_date,
    dated.decided_date,
    dated.schedule_days,
    {{ money('dated.price_amount * request_rates.rate_to_base') }} as requested_price_amount_base,
    {{ money('dated.cost_amount * request_rates.rate_to_base') }} as requested_cost_amount_base,
    {{ money('dated.price_amount * decision_rates.rate_to_base') }} as decided_price_amount_base,
    {{ money('dated.cost_amount * decision_rates.rate_to_base') }} as decided_cost_amount_base
from dated
left join rates as request_rates
    on dated.currency_code = request_rates.currency_code
    and dated.requested_date = request_rates.rate_date
left join rates as decision_rates
    on dated.currency_code = decision_rates.currency_code
    and dated.decided_date = decision_rates.rate_date
