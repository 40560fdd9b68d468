{#- Classes of account that are a cost of a project; their names are the categories. -#}
{%- set cost_classes = ['labour', 'subcontract', 'material', 'uninstalled_material', 'equipment', 'travel', 'other'] -%}

with cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

facts as (

    select * from {{ ref('fct_cost_lines') }}

),

invoice_lines as (

    select * from {{ ref('fct_invoice_lines') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_project_month') }}

),

moved as (

    select * from {{ ref('int_balances__items_moved') }}

),

items as (

    select * from {{ ref('int_balances__items_opened') }}

),

open_items as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

positions as (

    select * from {{ ref('int_revenue__positions_by_contract_month') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

-- what the ERP delivered, by the class of its account. Lines of labour stand together: one of them may be a person's
posted_costs as (

    select
        coalesce(account_class, category) as category,
        cost_month as month,
        project_id,
        is_project_known,
        case
            when category = 'labour' or account_class = 'labour' then {{ surrogate_key(["'labour'", 'project_id', "'erp'"]) }}
            else {{ surrogate_key(["'erp line'", 'cost_line_id']) }}
        end as document_key,
        case when category = 'labour' or account_class = 'labour' then 'labour_posted' else 'cost_line' end as document_type,
        case
            when category = 'labour' or account_class = 'labour' then cast(null as {{ dbt.type_string() }})
            else coalesce(document_number, cost_line_id)
        end as document_number,
        {{ money('amount_base') }} as amount_base,
        source_file_id
    from cost_lines
    where coalesce(account_class, category) in ('{{ cost_classes | join("', '") }}')

),

-- what the margin is made of
margin_costs as (

    select
        category,
        cost_month as month,
        project_id,
        is_project_known,
        case
            when category = 'labour' then {{ surrogate_key(["'labour'", 'project_id', 'origin']) }}
            else cost_line_key
        end as document_key,
        case
            when category = 'labour' and origin = 'erp' then 'labour_posted'
            when category = 'labour' then 'time_sheets'
            when origin = 'erp' then 'cost_line'
            else origin
        end as document_type,
        case when category <> 'labour' then document_number end as document_number,
        amount_base,
        source_file_id
    from facts
    where is_project_known

),

invoiced as (

    select
        'revenue' as category,
        issue_month as month,
        project_id,
        is_project_known,
        invoice_key as document_key,
        'invoice' as document_type,
        invoice_id as document_number,
        net_amount_base as amount_base,
        source_file_id
    from invoice_lines
    where direction = 'customer'

),

-- revenue that is recognised otherwise than it is invoiced has no document of its own: it is the project's
invoiced_by_project as (

    select
        project_id,
        month,
        sum(coalesce(amount_base, 0)) as amount_base
    from invoiced
    where is_project_known
    group by
        project_id,
        month

),

recognised as (

    select
        'revenue' as category,
        coalesce(revenue.month, invoiced_by_project.month) as month,
        coalesce(revenue.project_id, invoiced_by_project.project_id) as project_id,
        true as is_project_known,
        {{ surrogate_key(["'revenue'", 'coalesce(revenue.project_id, invoiced_by_project.project_id)']) }} as document_key,
        'revenue_recognised' as document_type,
        cast(null as {{ dbt.type_string() }}) as document_number,
        coalesce(revenue.revenue_amount_base, 0) - coalesce(invoiced_by_project.amount_base, 0) as amount_base,
        cast(null as {{ dbt.type_string() }}) as source_file_id
    from revenue
    full outer join invoiced_by_project
        on revenue.project_id = invoiced_by_project.project_id
        and revenue.month = invoiced_by_project.month
    where coalesce(revenue.revenue_amount_base, 0) <> coalesce(invoiced_by_project.amount_base, 0)

),

-- receivables and payables, both above zero
balances_booked as (

    select
        case when items.direction = 'customer' then 'receivable' else 'payable' end as category,
        moved.month,
        items.project_id,
        items.project_id is not null as is_project_known,
        moved.item_key as document_key,
        items.item_type as document_type,
        items.invoice_id as document_number,
        moved.amount_base,
        items.source_file_id
    from moved
    inner join items
        on moved.item_key = items.item_key

),

bounds as (

    select max(month) as last_month
    from open_items

),

-- what stands at a month's end comes in this month and goes in the next
balances_standing as (

    select
        case when direction = 'customer' then 'receivable' else 'payable' end as category,
        month,
        project_id,
        project_id is not null as is_project_known,
        item_key as document_key,
        item_type as document_type,
        invoice_id as document_number,
        open_amount_base as amount_base,
        source_file_id
    from open_items

    union all

    select
        case when open_items.direction = 'customer' then 'receivable' else 'payable' end as category,
        cast({{ dbt.dateadd('month', 1, 'open_items.month') }} as date) as month,
        open_items.project_id,
        open_items.project_id is not null as is_project_known,
        open_items.item_key as document_key,
        open_items.item_type as document_type,
        open_items.invoice_id as document_number,
        -open_items.open_amount_base as amount_base,
        open_items.source_file_id
    from open_items
    inner join bounds
        on open_items.month < bounds.last_month

),

position_bounds as (

    select max(month) as last_month
    from positions

),

contract_projects as (

    select
        contract_id,
        min(project_id) as project_id
    from contract_lines
    group by contract_id
    having count(distinct project_id) = 1

),

-- contract assets and liabilities, of which nobody delivers a document: they come in this month and go in the next
positions_standing as (
    {% for class, amount in [('contract_asset', 'asset_amount_base'), ('contract_liability', 'liability_amount_base')] %}
    {%- set last_class = loop.last %}
    {%- for is_reversal in [false, true] %}
    select
        '{{ class }}' as category,
        {{ 'cast(' ~ dbt.dateadd('month', 1, 'positions.month') ~ ' as date) as month' if is_reversal else 'positions.month' }},
        contract_projects.project_id,
        contract_projects.project_id is not null as is_project_known,
        {{ surrogate_key(["'contract'", 'positions.contract_id']) }} as document_key,
        'contract' as document_type,
        positions.contract_id as document_number,
        {{ '-' if is_reversal }}positions.{{ amount }} as amount_base,
        cast(null as {{ dbt.type_string() }}) as source_file_id
    from positions
    cross join position_bounds
    left join contract_projects
        on positions.contract_id = contract_projects.contract_id
    where
        coalesce(positions.{{ amount }}, 1) <> 0
        {{ 'and positions.month < position_bounds.last_month' if is_reversal }}
    {{ 'union all' if not (last_class and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

{%- set sides = [
    ('posted_costs', 'posted'),
    ('margin_costs', 'warehouse'),
    ('invoiced', 'posted'),
    ('invoiced', 'warehouse'),
    ('recognised', 'warehouse'),
    ('balances_booked', 'posted'),
    ('balances_standing', 'warehouse'),
    ('positions_standing', 'warehouse')
] %}

both_sides as (
    {% for step, side in sides %}
    select
        category,
        month,
        project_id,
        is_project_known,
        document_key,
        document_type,
        document_number,
        '{{ side }}' as side,
        amount_base,
        source_file_id
    from {{ step }}
    {%- if step == 'invoiced' and side == 'warehouse' %}
    where is_project_known
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    category,
    month,
    project_id,
    is_project_known,
    document_key,
    max(document_type) as document_type,
    max(document_number) as document_number,
    {{ money("sum(case when side = 'posted' then coalesce(amount_base, 0) else 0 end)") }} as posted_amount_base,
    {{ money("sum(case when side = 'warehouse' then coalesce(amount_base, 0) else 0 end)") }} as warehouse_amount_base,
    max(case when side = 'posted' then 1 else 0 end) = 1 as is_posted,
    max(case when side = 'warehouse' then 1 else 0 end) = 1 as is_in_warehouse,
    count(amount_base) = count(*) as is_complete,
    case when min(source_file_id) = max(source_file_id) then min(source_file_id) end as source_file_id
from both_sides
group by
    category,
    month,
    project_id,
    is_project_known,
    document_key
