with earned_value as (

    select * from {{ ref('int_evm__by_wbs_month') }}

)

select
    project_id,
    wbs_id,
    month,
    currency_code,
    earning_rule,
    measure,
    bac_amount,
    pv_amount,
    ev_amount,
    ac_amount,
    {{ money('ev_amount - ac_amount') }} as cv_amount,
    {{ money('ev_amount - pv_amount') }} as sv_amount,
    cast(
        case when ac_amount > 0 then {{ amount_ratio('ev_amount', 'ac_amount') }} end as decimal(38, 12)
    ) as cpi,
    cast(
        case when pv_amount > 0 then {{ amount_ratio('ev_amount', 'pv_amount') }} end as decimal(38, 12)
    ) as spi,
    {{ amount_ratio('ev_amount', 'bac_amount') }} as percent_complete_pct
from earned_value
