with unbilled as (

    select * from {{ ref('int_balances__unbilled_work_aged') }}

)

select
    contract_id,
    month,
    bucket,
    project_id,
    owner,
    currency_code,
    oldest_age_days,
    unbilled_amount,
    unbilled_amount_base
from unbilled
