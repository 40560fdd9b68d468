with amounts as (

    select * from {{ ref('int_margin__amounts_by_project_month') }}

),

project_months as (

    select * from {{ ref('int_margin__project_months') }}

),

fx_effects as (

    select * from {{ ref('int_margin__fx_effects_by_project_month') }}

),

at_completion as (

    select * from {{ ref('int_margin__at_completion_by_project_month') }}

),

measured as (

    select
        project_months.project_id,
        project_months.month,
        coalesce(amounts.revenue_amount_base, 0) as revenue_amount_base,
        coalesce(amounts.labour_amount_base, 0) as labour_cost_amount_base,
        coalesce(amounts.subcontract_amount_base, 0) as subcontract_cost_amount_base,
        coalesce(amounts.material_amount_base, 0) as material_cost_amount_base,
        coalesce(amounts.equipment_amount_base, 0) as equipment_cost_amount_base,
        coalesce(amounts.travel_amount_base, 0) as travel_cost_amount_base,
        coalesce(amounts.other_amount_base, 0) as other_cost_amount_base,
        coalesce(amounts.loss_provision_change_amount_base, 0) as loss_provision_change_amount_base,
        coalesce(amounts.quality_amount_base, 0) as quality_cost_amount_base,
        coalesce(amounts.labour_amount_base, 0)
        + coalesce(amounts.subcontract_amount_base, 0)
        + coalesce(amounts.material_amount_base, 0)
        + coalesce(amounts.equipment_amount_base, 0)
        + coalesce(amounts.travel_amount_base, 0)
        + coalesce(amounts.other_amount_base, 0)
        + coalesce(amounts.loss_provision_change_amount_base, 0) as cost_of_sales_amount_base,
        coalesce(amounts.billed_amount_base, 0) as billed_amount_base,
        coalesce(amounts.collected_amount_base, 0) as collected_amount_base,
        -- a month without foreign amounts has no effect; one that lacks a budget rate has an unknown one
        case when fx_effects.month is null then 0 else fx_effects.fx_effect_amount_base end as fx_effect_amount_base,
        {%- for plan in margin_plans() %}
        case
            when at_completion.{{ plan }}_cost_amount_base is not null then at_completion.{{ plan }}_revenue_amount_base
        end as {{ plan }}_revenue_amount_base,
        case
            when at_completion.{{ plan }}_revenue_amount_base is not null then at_completion.{{ plan }}_cost_amount_base
        end as {{ plan }}_cost_amount_base,
        {%- endfor %}
        coalesce(amounts.has_open_exceptions, false) as has_open_exceptions
    from project_months
    left join amounts
        on project_months.project_id = amounts.project_id
        and project_months.month = amounts.month
    left join fx_effects
        on project_months.project_id = fx_effects.project_id
        and project_months.month = fx_effects.month
    left join at_completion
        on project_months.project_id = at_completion.project_id
        and project_months.month = at_completion.month

),

{{ margin_columns(['project_id']) }}
