with amounts as (

    select * from {{ ref('int_margin__amounts_by_project_month') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- from a project's first activity to the month of the refresh, or its own last activity if that is later
spans as (

    select
        amounts.project_id,
        min(amounts.month) as first_month,
        greatest(max(amounts.month), {{ month_of('max(parameters.as_of_date)') }}) as last_month
    from amounts
    cross join parameters
    group by amounts.project_id

),

project_months as (

    select
        spans.project_id,
        months.month
    from spans
    inner join months
        on months.month between spans.first_month and spans.last_month

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
        coalesce(amounts.labour_amount_base, 0)
        + coalesce(amounts.subcontract_amount_base, 0)
        + coalesce(amounts.material_amount_base, 0)
        + coalesce(amounts.equipment_amount_base, 0)
        + coalesce(amounts.travel_amount_base, 0)
        + coalesce(amounts.other_amount_base, 0) as cost_of_sales_amount_base,
        coalesce(amounts.revenue_amount_base, 0) as billed_amount_base,
        coalesce(amounts.collected_amount_base, 0) as collected_amount_base,
        coalesce(amounts.has_open_exceptions, false) as has_open_exceptions
    from project_months
    left join amounts
        on project_months.project_id = amounts.project_id
        and project_months.month = amounts.month

),

{{ margin_to_date(['project_id']) }}
