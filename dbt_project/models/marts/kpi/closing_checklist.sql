{#- Check, whether what is open of it keeps a project from closing, and whether its items have an amount. Money that a customer
    owes is collected after a project has closed, and a complaint outlives it; both are told, neither blocks. -#}
{%- set checks = [
    ('open_orders', true, true),
    ('receipts_not_invoiced', true, true),
    ('unbilled_revenue', true, true),
    ('unapproved_time', true, false),
    ('open_risks', true, true),
    ('open_changes', true, true),
    ('open_handover_items', true, false),
    ('open_receivables', false, true),
    ('open_complaints', false, true)
] -%}

with projects as (

    select * from {{ ref('dim_projects') }}

),

items_open as (

    select * from {{ ref('int_registers__closing_items_open') }}

),

balances as (

    select * from {{ ref('contract_balances_by_contract_month') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

checks as (
    {% for name, blocks, has_amount in checks %}
    select
        '{{ name }}' as check_name,
        {{ blocks }} as must_be_clear,
        {{ has_amount }} as has_amount
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

found as (

    select
        project_id,
        check_name,
        amount_base
    from items_open

    union all

    select
        balances.project_id,
        'unbilled_revenue' as check_name,
        balances.contract_asset_amount_base as amount_base
    from balances
    inner join parameters
        on balances.month = {{ month_of('parameters.as_of_date') }}
    where balances.contract_asset_amount <> 0

),

counted as (

    select
        project_id,
        check_name,
        count(*) as open_count,
        -- a complaint need not have a cost
        {{ known_sum('amount_base', "check_name <> 'open_complaints' or amount_base is not null") }} as open_amount_base
    from found
    group by
        project_id,
        check_name

)

select
    projects.project_id,
    checks.check_name,
    cast(coalesce(counted.open_count, 0) as bigint) as open_count,
    {{ money('case
        when not checks.has_amount then null
        when counted.project_id is null then 0
        else counted.open_amount_base
    end') }} as open_amount_base,
    counted.project_id is null as is_clear,
    checks.must_be_clear,
    checks.must_be_clear and counted.project_id is not null as is_blocking
from projects
cross join checks
left join counted
    on projects.project_id = counted.project_id
    and checks.check_name = counted.check_name
