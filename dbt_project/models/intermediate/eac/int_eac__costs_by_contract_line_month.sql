with measured as (

    select * from {{ ref('int_eac__moments_measured') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

)

select
    contract_lines.contract_line_id,
    measured.month,
    contract_lines.contract_id,
    contract_lines.project_id,
    contract_lines.currency_code,
    measured.moment_on as measured_on,
    measured.plan_version_id,
    measured.plan_kind,
    measured.cost_amount,
    measured.cost_amount_base,
    measured.cost_to_date_amount,
    measured.cost_to_date_amount_base,
    measured.uninstalled_cost_to_date_amount,
    measured.quality_cost_to_date_amount,
    measured.eac_amount - measured.cost_to_date_amount as etc_amount,
    measured.eac_amount,
    measured.eac_amount_base,
    measured.uninstalled_eac_amount,
    measured.is_complete,
    measured.unconverted_amount_base,
    measured.is_above_plan,
    measured.stale_plan_amount,
    measured.open_commitment_amount,
    measured.uncovered_commitment_amount,
    measured.orders_without_rate,
    measured.no_eac_reason
from measured
inner join contract_lines
    on measured.holder_id = contract_lines.contract_line_id
where
    measured.holder_kind = 'contract_line'
    and measured.moment_kind = 'month'
