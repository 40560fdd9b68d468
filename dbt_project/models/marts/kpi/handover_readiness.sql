{%- set gates = ['sell_to_execute', 'delivery_to_care', 'closure'] -%}

with items as (

    select * from {{ ref('fct_handover_items') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

balances as (

    select * from {{ ref('contract_balances_by_contract_month') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

-- an item is done on its day, not before
judged as (

    select
        items.project_id,
        items.gate,
        case items.gate {% for gate in gates %} when '{{ gate }}' then {{ loop.index }}{% endfor %} end as gate_place,
        items.item_id,
        items.is_mandatory,
        items.due_date,
        coalesce(items.done_date <= parameters.as_of_date, false) as is_done,
        coalesce(items.due_date < parameters.as_of_date, false) as is_past_due
    from items
    inner join projects
        on items.project_id = projects.project_id
    cross join parameters

),

counted as (

    select
        project_id,
        gate,
        gate_place,
        count(*) as items,
        count(case when is_done then 1 end) as done,
        count(case when is_mandatory then 1 end) as mandatory_items,
        count(case when is_mandatory and not is_done then 1 end) as mandatory_open,
        count(case when is_past_due and not is_done then 1 end) as overdue,
        count(case when is_past_due and is_mandatory and not is_done then 1 end) as mandatory_overdue,
        min(case when not is_done then due_date end) as next_due_date
    from judged
    group by
        project_id,
        gate,
        gate_place

),

-- work waits for the first gate that is not ready
waiting_gates as (

    select
        project_id,
        min(gate_place) as gate_place
    from counted
    where mandatory_open > 0
    group by project_id

),

unbilled as (

    select
        balances.project_id,
        {{ known_sum('balances.contract_asset_amount_base') }} as contract_asset_amount_base
    from balances
    inner join parameters
        on balances.month = {{ month_of('parameters.as_of_date') }}
    group by balances.project_id

)

select
    counted.project_id,
    counted.gate,
    cast(counted.gate_place as integer) as gate_number,
    cast(counted.items as bigint) as items,
    cast(counted.done as bigint) as done,
    cast(counted.mandatory_items as bigint) as mandatory_items,
    cast(counted.mandatory_open as bigint) as mandatory_open,
    counted.mandatory_open = 0 as is_ready,
    cast(counted.overdue as bigint) as overdue,
    cast(counted.mandatory_overdue as bigint) as mandatory_overdue,
    counted.next_due_date,
    {{ money('case
        when waiting_gates.project_id is null or unbilled.project_id is null then 0
        else unbilled.contract_asset_amount_base
    end') }} as waiting_unbilled_amount_base
from counted
left join waiting_gates
    on counted.project_id = waiting_gates.project_id
    and counted.gate_place = waiting_gates.gate_place
left join unbilled
    on counted.project_id = unbilled.project_id
