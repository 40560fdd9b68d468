-- What changed a closed figure sums to the difference between what it is now and what it was closed at.
{%- set measures = [
    'revenue_amount_base', 'labour_cost_amount_base', 'subcontract_cost_amount_base', 'material_cost_amount_base',
    'equipment_cost_amount_base', 'travel_cost_amount_base', 'other_cost_amount_base', 'loss_provision_change_amount_base',
    'cost_of_sales_amount_base', 'gross_margin_amount_base', 'billed_amount_base', 'collected_amount_base'
] %}

with restatements as (

    select * from {{ ref('margin_restatements') }}

),

months_now as (

    select * from {{ ref('margin_by_project_month') }}

),

months_closed as (

    select * from {{ ref('margin_by_project_month_as_closed') }}

),

closes as (

    select * from {{ ref('int_restatements__closes') }}

),

amounts as (
    {% for measure in measures %}
    select
        month,
        project_id,
        '{{ measure }}' as measure,
        -{{ measure }} as difference,
        0 as restated
    from months_closed

    union all

    select
        months_now.month,
        months_now.project_id,
        '{{ measure }}' as measure,
        months_now.{{ measure }} as difference,
        0 as restated
    from months_now
    inner join closes
        on months_now.month = closes.month

    union all
    {% endfor %}
    select
        month,
        project_id,
        measure,
        0 as difference,
        difference as restated
    from restatements
    where measure in ('{{ measures | join("', '") }}')

)

select
    month,
    project_id,
    measure,
    sum(difference) as difference,
    sum(restated) as restated
from amounts
group by
    month,
    project_id,
    measure
having sum(difference) <> sum(restated)
