{#- No WBS is this deep; the bound only ends the climb where elements name each other in a circle. -#}
{%- set deepest = 50 -%}
{%- set text = dbt.type_string() -%}

with recursive contract_lines as (

    select * from {{ ref('int_contracts__lines_named') }}

),

prices as (

    select * from {{ ref('stg_erp__contract_prices') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

wbs_elements as (

    select * from {{ ref('int_projects__wbs_elements_attributed') }}

),

cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

hours as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

plan_lines as (

    select * from {{ ref('int_plans__lines_attributed') }}

),

-- what was added at its own price under a line that measures work (IFRS 15.20)
separate as (

    select
        prices.contract_line_id,
        prices.change_request_id,
        contract_lines.project_id,
        contract_lines.branch_id as line_branch_id,
        coalesce(source_files.source_system, '*') as source_system,
        min(prices.effective_on) as effective_on
    from prices
    inner join contract_lines
        on prices.contract_line_id = contract_lines.contract_line_id
    left join source_files
        on prices.source_file_id = source_files.source_file_id
    where
        prices.treatment = 'separate'
        and prices.kind <> 'original'
        and prices.change_request_id is not null
        and contract_lines.revenue_method in ('cost_to_cost', 'labour_hours')
        and contract_lines.is_project_known
    group by
        prices.contract_line_id,
        prices.change_request_id,
        contract_lines.project_id,
        contract_lines.branch_id,
        coalesce(source_files.source_system, '*')

),

worked as (

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id,
        min(coalesce(posting_date, cost_month)) as first_on
    from cost_lines
    group by
        project_id,
        coalesce(wbs_id, '')

    union all

    select
        project_id,
        coalesce(wbs_id, '') as wbs_id,
        min(work_month) as first_on
    from hours
    group by
        project_id,
        coalesce(wbs_id, '')

),

elements as (

    select
        project_id,
        wbs_id
    from wbs_elements

    union

    select
        project_id,
        wbs_id
    from worked

    union

    select
        project_id,
        wbs_id
    from plan_lines

),

-- an element that is named like the change request and had no work before it; what an alias says needs no such proof
placed as (

    select
        separate.contract_line_id,
        separate.change_request_id,
        separate.project_id,
        separate.line_branch_id,
        separate.effective_on,
        aliases.wbs_id,
        1 as preference
    from separate
    inner join aliases
        on separate.change_request_id = aliases.alias
        and separate.source_system = aliases.source_system
        and separate.project_id = aliases.project_id
    where aliases.wbs_id is not null

    union all

    select
        separate.contract_line_id,
        separate.change_request_id,
        separate.project_id,
        separate.line_branch_id,
        separate.effective_on,
        elements.wbs_id,
        2 as preference
    from separate
    inner join elements
        on separate.project_id = elements.project_id
        and separate.change_request_id = elements.wbs_id
    left join worked
        on elements.project_id = worked.project_id
        and elements.wbs_id = worked.wbs_id
        and worked.first_on < {{ month_of('separate.effective_on') }}
    where worked.wbs_id is null

),

climbed as (

    select
        contract_line_id,
        change_request_id,
        project_id,
        wbs_id,
        preference,
        wbs_id as ancestor_id,
        0 as steps
    from placed

    union all

    select
        climbed.contract_line_id,
        climbed.change_request_id,
        climbed.project_id,
        climbed.wbs_id,
        climbed.preference,
        wbs_elements.parent_wbs_id as ancestor_id,
        climbed.steps + 1 as steps
    from climbed
    inner join wbs_elements
        on climbed.project_id = wbs_elements.project_id
        and climbed.ancestor_id = wbs_elements.wbs_id
    where
        wbs_elements.parent_wbs_id is not null
        and climbed.steps < {{ deepest }}

),

-- who pays for the place as it stands
payers as (

    select
        climbed.contract_line_id,
        climbed.change_request_id,
        climbed.wbs_id,
        climbed.preference,
        contract_lines.branch_id,
        row_number() over (
            partition by climbed.contract_line_id, climbed.change_request_id, climbed.wbs_id, climbed.preference
            order by climbed.steps
        ) as place
    from climbed
    inner join contract_lines
        on climbed.project_id = contract_lines.project_id
        and climbed.ancestor_id = contract_lines.branch_id

),

-- it must lie below what the line pays for, and not be another line's already
told_apart as (

    select
        placed.contract_line_id,
        placed.change_request_id,
        placed.wbs_id,
        placed.effective_on,
        row_number() over (
            partition by placed.contract_line_id, placed.change_request_id
            order by placed.preference, placed.wbs_id
        ) as place
    from placed
    left join payers
        on placed.contract_line_id = payers.contract_line_id
        and placed.change_request_id = payers.change_request_id
        and placed.wbs_id = payers.wbs_id
        and placed.preference = payers.preference
        and payers.place = 1
    where
        placed.wbs_id <> placed.line_branch_id
        and coalesce(payers.branch_id, '') = placed.line_branch_id

),

obligations as (

    select
        contract_line_id,
        contract_line_id as delivered_line_id,
        cast(null as {{ text }}) as change_request_id,
        contract_id,
        project_id,
        is_project_known,
        branch_id,
        revenue_method,
        currency_code,
        start_date,
        end_date,
        not_to_exceed_amount,
        cost_markup,
        retention_pct
    from contract_lines

    union all

    select
        contract_lines.contract_line_id || ' + ' || told_apart.change_request_id as contract_line_id,
        contract_lines.contract_line_id as delivered_line_id,
        told_apart.change_request_id,
        contract_lines.contract_id,
        contract_lines.project_id,
        contract_lines.is_project_known,
        told_apart.wbs_id as branch_id,
        contract_lines.revenue_method,
        contract_lines.currency_code,
        told_apart.effective_on as start_date,
        contract_lines.end_date,
        contract_lines.not_to_exceed_amount,
        contract_lines.cost_markup,
        contract_lines.retention_pct
    from told_apart
    inner join contract_lines
        on told_apart.contract_line_id = contract_lines.contract_line_id
    where told_apart.place = 1

)

select
    contract_line_id,
    delivered_line_id,
    change_request_id,
    contract_id,
    project_id,
    is_project_known,
    branch_id,
    revenue_method,
    currency_code,
    start_date,
    end_date,
    not_to_exceed_amount,
    cost_markup,
    retention_pct,
    -- a branch's cost is tested for a loss once, with the first of its lines
    row_number() over (partition by project_id, branch_id order by contract_line_id) as place_in_branch
from obligations
