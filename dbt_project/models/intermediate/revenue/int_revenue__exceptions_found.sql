{#- Hours at stake go out under the same rule as all hours (int_labour__exceptions_found). A fault that lasts is named in the
    months in which something happened under it, not in every month since. -#}
{%- set minimum = var('minimum_group') -%}
{%- set base = var('base_currency') -%}
{%- set text = dbt.type_string() -%}

with contract_line_months as (

    select * from {{ ref('int_revenue__by_contract_line_month') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

costs as (

    select * from {{ ref('int_eac__costs_by_contract_line_month') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

prices as (

    select * from {{ ref('stg_erp__contract_prices') }}

),

time_billed as (

    select * from {{ ref('int_revenue__time_billed') }}

),

hour_cells as (

    select * from {{ ref('int_labour__hours_suppressed') }}

),

milestones as (

    select * from {{ ref('fct_milestones') }}

),

milestones_attributed as (

    select * from {{ ref('int_revenue__milestones_attributed') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

positions as (

    select * from {{ ref('int_revenue__positions_by_contract_month') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

lines_with_price as (

    select distinct contract_line_id
    from price_changes

),

-- what a month brought, and whether it is the line's first or last one
moved as (

    select
        contract_line_months.contract_line_id,
        contract_line_months.month,
        contract_line_months.project_id,
        contract_line_months.contract_id,
        contract_line_months.revenue_method,
        contract_line_months.currency_code,
        contract_line_months.transaction_price_amount,
        contract_line_months.revenue_to_date_amount,
        contract_line_months.revenue_amount,
        contract_line_months.revenue_amount_base,
        contract_line_months.above_cap_amount
        - lag(contract_line_months.above_cap_amount, 1, 0) over (
            partition by contract_line_months.contract_line_id order by contract_line_months.month
        ) as above_cap_amount,
        contract_line_months.is_cost_recovered,
        contract_line_months.is_above_plan,
        contract_line_months.no_revenue_reason,
        contract_line_months.no_eac_reason,
        contract_line_months.plan_kind,
        contract_line_months.stale_plan_amount,
        contract_line_months.cost_to_date_amount,
        contract_line_months.eac_amount,
        contract_line_months.loss_provision_amount,
        contract_line_months.loss_provision_amount_base,
        contract_line_months.parts_without_rate,
        coalesce(costs.cost_amount, 0) as cost_amount,
        contract_line_months.unconverted_amount_base
        - lag(contract_line_months.unconverted_amount_base, 1, 0) over (
            partition by contract_line_months.contract_line_id order by contract_line_months.month
        ) as unconverted_amount_base,
        row_number() over (
            partition by contract_line_months.contract_line_id order by contract_line_months.month
        ) as place,
        row_number() over (
            partition by contract_line_months.contract_line_id order by contract_line_months.month desc
        ) as place_from_end
    from contract_line_months
    left join costs
        on contract_line_months.contract_line_id = costs.contract_line_id
        and contract_line_months.month = costs.month

),

hourly_branches as (

    select
        project_id,
        branch_id
    from contract_lines
    group by
        project_id,
        branch_id
    having count(*) = count(case when revenue_method = 'time_and_material' then 1 end)

),

withheld_months as (

    select distinct
        project_id,
        work_month
    from hour_cells
    where is_hours_withheld

),

hours_without_rate as (

    select
        time_billed.contract_line_id,
        contract_lines.project_id,
        time_billed.role_id,
        time_billed.month,
        time_billed.hours,
        time_billed.people >= {{ minimum }} and withheld_months.project_id is null as may_be_shown
    from time_billed
    inner join contract_lines
        on time_billed.contract_line_id = contract_lines.contract_line_id
    -- beside a line of another method, time without a rate is that line's
    inner join hourly_branches
        on contract_lines.project_id = hourly_branches.project_id
        and contract_lines.branch_id = hourly_branches.branch_id
    left join withheld_months
        on contract_lines.project_id = withheld_months.project_id
        and time_billed.month = withheld_months.work_month
    where
        time_billed.amount is null
        and time_billed.hours <> 0

),

milestone_sums as (

    select
        contract_line_id,
        sum(coalesce(revenue_amount, 0)) as amount
    from milestones_attributed
    where revenue_method = 'milestone'
    group by contract_line_id

),

project_methods as (

    select
        project_id,
        max(case when revenue_method = 'as_invoiced' then 1 else 0 end) as has_as_invoiced
    from contract_lines
    group by project_id

),

shared_branches as (

    select
        project_id,
        branch_id,
        min(contract_line_id) as contract_line_id,
        count(*) as lines
    from contract_lines
    where is_project_known
    group by
        project_id,
        branch_id
    having
        count(*) > 1
        and count(case when revenue_method in ('cost_to_cost', 'labour_hours', 'time_and_material') then 1 end) > 0

),

found as (

    select
        'missing_price' as rule,
        'error' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'No price of the contract line is in effect; its revenue is unknown and in no figure. At stake is the cost of the month.'
        || ' Deliver the contract_price, its day included.' as message,
        cost_amount as amount,
        currency_code as unit
    from moved
    where
        no_revenue_reason = 'missing_price'
        and (
            cost_amount <> 0
            or (place = 1 and contract_line_id not in (select contract_line_id from lines_with_price))
        )

    union all

    select
        'missing_line_dates' as rule,
        'error' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'Revenue by time needs a start_date and an end_date after it; the line''s revenue is unknown and in no figure.'
        || ' Deliver the contract_line with both.' as message,
        transaction_price_amount as amount,
        currency_code as unit
    from moved
    where
        no_revenue_reason = 'missing_line_dates'
        and place = 1

    union all

    select
        'amount_out_of_range' as rule,
        'error' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'Price and cost together have more digits than can be reckoned with exactly; revenue is in no figure.'
        || ' Look for an amount that is too large.' as message,
        transaction_price_amount as amount,
        currency_code as unit
    from moved
    where no_revenue_reason = 'out_of_range'

    union all

    select
        case when no_eac_reason is null then 'estimate_of_zero' else 'missing_plan' end as rule,
        'warning' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        case
            when no_eac_reason is null then 'The plan in force expects no work under the line, so there is no progress to measure;'
            else 'No plan with lines is in force, so what the work will cost in all is unknown;'
        end
        || ' revenue is the cost, at most the price (cost recovery). Deliver a baseline or a forecast.' as message,
        cost_amount as amount,
        currency_code as unit
    from moved
    where
        is_cost_recovered
        and cost_amount <> 0
        and coalesce(no_eac_reason, '') <> 'missing_exchange_rate'

    union all

    select
        'cost_above_plan' as rule,
        'warning' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'The cost to date exceeds the whole plan; the estimate at completion is the cost to date and progress 100 %.'
        || ' Deliver a forecast of what is left.' as message,
        cost_amount as amount,
        currency_code as unit
    from moved
    where
        is_above_plan
        and cost_amount <> 0
        and revenue_method in ('cost_to_cost', 'labour_hours')

    union all

    select
        'forecast_ran_out' as rule,
        'warning' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        moved.contract_line_id as entity,
        moved.project_id,
        cast(null as {{ text }}) as role_id,
        moved.month,
        'The forecast in force has no month left although the project goes on, so the work counts as done.'
        || ' Deliver a forecast of what is left, or end the project.' as message,
        moved.eac_amount as amount,
        moved.currency_code as unit
    from moved
    inner join projects
        on moved.project_id = projects.project_id
    where
        moved.place_from_end = 1
        and moved.revenue_method in ('cost_to_cost', 'labour_hours')
        and moved.plan_kind = 'forecast'
        and moved.stale_plan_amount > 0
        and moved.eac_amount = moved.cost_to_date_amount
        and projects.status in ('planned', 'execute')
        and projects.actual_end_date is null

    union all

    select
        'missing_bill_rate' as rule,
        'error' as severity,
        'time_entry' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        role_id,
        month,
        coalesce('Billable time of role ' || role_id, 'Billable time of people without a role')
        || ' falls on days without a bill rate of the line; its revenue is in no figure.'
        || ' Deliver a bill_rate of the person, the role or for any role that covers the days.'
        || case when may_be_shown then '' else ' The hours are withheld: too few people.' end as message,
        case when may_be_shown then hours end as amount,
        'h' as unit
    from hours_without_rate

    union all

    select
        'missing_exchange_rate' as rule,
        'error' as severity,
        'contract_line' as subject,
        'currency' as entity_type,
        currency_code as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'No average rate of the month (and no daily rates in it) from ' || currency_code
        || ' to {{ base }} is known; revenue is in no figure of the reporting currency. Deliver the exchange rate.' as message,
        revenue_amount as amount,
        currency_code as unit
    from moved
    where
        revenue_amount <> 0
        and revenue_amount_base is null

    union all

    select
        'missing_exchange_rate' as rule,
        'error' as severity,
        'plan_line' as subject,
        'currency' as entity_type,
        currency_code as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'The plan in force is in another currency than the line''s (' || currency_code
        || ') and no rate of the day of its approval is known; revenue is the cost, at most the price.'
        || ' Deliver the exchange rate.' as message,
        cost_amount as amount,
        currency_code as unit
    from moved
    where
        no_eac_reason = 'missing_exchange_rate'
        and cost_amount <> 0
        and revenue_method in ('cost_to_cost', 'labour_hours')

    union all

    select
        'missing_exchange_rate' as rule,
        'error' as severity,
        'cost_of_contract_line' as subject,
        'currency' as entity_type,
        currency_code as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'Cost in another currency cannot be told in the line''s (' || currency_code
        || '), for no rate of the month is known; it is in no progress. Deliver the exchange rate.' as message,
        unconverted_amount_base as amount,
        '{{ base }}' as unit
    from moved
    where unconverted_amount_base <> 0

    union all

    select
        'missing_exchange_rate' as rule,
        'error' as severity,
        'revenue_of_contract_line' as subject,
        'currency' as entity_type,
        currency_code as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'Time, cost or invoices in another currency cannot be told in the line''s (' || currency_code
        || '), for no rate of the month is known; their revenue is in no figure. Deliver the exchange rate.' as message,
        parts_without_rate as amount,
        'rows' as unit
    from moved
    where parts_without_rate > 0

    union all

    select
        'missing_exchange_rate' as rule,
        'error' as severity,
        'contract' as subject,
        'currency' as entity_type,
        positions.currency_code as entity,
        contract_lines.project_id,
        cast(null as {{ text }}) as role_id,
        positions.month,
        'No closing rate of the month (and no daily rate at its end) from ' || positions.currency_code
        || ' to {{ base }} is known; the contract''s asset is not known in the reporting currency. Deliver the exchange rate.'
            as message,
        positions.asset_amount as amount,
        positions.currency_code as unit
    from positions
    inner join (
        select
            contract_id,
            min(project_id) as project_id
        from contract_lines
        where is_project_known
        group by contract_id
    ) as contract_lines
        on positions.contract_id = contract_lines.contract_id
    where
        positions.asset_amount <> 0
        and positions.asset_amount_base is null

    union all

    select
        'above_cap' as rule,
        'notice' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'Time and cost are worth more than the line''s not_to_exceed_amount; what is above it is no revenue.' as message,
        above_cap_amount as amount,
        currency_code as unit
    from moved
    where above_cap_amount <> 0

    union all

    select
        'milestone_without_line' as rule,
        'error' as severity,
        'milestone' as subject,
        'milestone' as entity_type,
        milestones.milestone_id as entity,
        projects.project_id,
        cast(null as {{ text }}) as role_id,
        {{ month_of('milestones.actual_date') }} as month,
        'The milestone earns revenue, but names no known contract line and its project has not just one that earns by milestones;'
        || ' the amount is in no figure. Deliver it with its contract_line_id.' as message,
        milestones.revenue_amount as amount,
        milestones.currency_code as unit
    from milestones
    left join milestones_attributed
        on milestones.delivered_project_id = milestones_attributed.delivered_project_id
        and milestones.milestone_id = milestones_attributed.milestone_id
    left join projects
        on milestones.project_id = projects.project_id
    where
        milestones_attributed.milestone_id is null
        and milestones.revenue_amount <> 0
        and milestones.actual_date is not null

    union all

    select
        'milestones_differ_from_price' as rule,
        'warning' as severity,
        'milestone' as subject,
        'contract line' as entity_type,
        moved.contract_line_id as entity,
        moved.project_id,
        cast(null as {{ text }}) as role_id,
        moved.month,
        'The amounts of the line''s milestones do not add up to its price; what is left over will never be recognised, or more than the'
        || ' price will. Deliver milestones or price changes that agree.' as message,
        moved.transaction_price_amount - coalesce(milestone_sums.amount, 0) as amount,
        moved.currency_code as unit
    from moved
    left join milestone_sums
        on moved.contract_line_id = milestone_sums.contract_line_id
    where
        moved.revenue_method = 'milestone'
        and moved.place_from_end = 1
        and moved.transaction_price_amount <> coalesce(milestone_sums.amount, 0)

    union all

    select
        'revenue_above_price' as rule,
        'warning' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_line_id as entity,
        project_id,
        cast(null as {{ text }}) as role_id,
        month,
        'Revenue to date exceeds the price, so the line''s backlog is below zero. Deliver the price change that covers it.' as message,
        revenue_to_date_amount - transaction_price_amount as amount,
        currency_code as unit
    from moved
    where
        transaction_price_amount >= 0
        and revenue_to_date_amount > transaction_price_amount
        and revenue_amount <> 0

    union all

    select
        'shared_branch' as rule,
        'warning' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        moved.contract_line_id as entity,
        moved.project_id,
        cast(null as {{ text }}) as role_id,
        moved.month,
        'Contract lines that pay for the same part of the project: ' || cast(shared_branches.lines as {{ text }})
        || '. Each measures its progress by all of the work there. Give each its own wbs_id.' as message,
        moved.cost_to_date_amount as amount,
        moved.currency_code as unit
    from moved
    inner join shared_branches
        on moved.contract_line_id = shared_branches.contract_line_id
    where moved.place_from_end = 1

    union all

    select
        case
            when project_methods.project_id is null then 'project_without_contract_line'
            when invoice_lines.contract_id is null then 'invoice_without_contract'
            else 'invoice_without_contract_line'
        end as rule,
        case when coalesce(project_methods.has_as_invoiced, 0) = 1 then 'error' else 'warning' end as severity,
        'invoice' as subject,
        'invoice' as entity_type,
        invoice_lines.invoice_id as entity,
        invoice_lines.project_id,
        cast(null as {{ text }}) as role_id,
        invoice_lines.issue_month as month,
        case
            when project_methods.project_id is null
                then 'The project has no contract line; its revenue is what was invoiced. Deliver its contract_line.'
            when invoice_lines.contract_id is null
                then 'The project has several contracts and the invoice names none; it is in no contract''s balance.'
                    || ' Deliver it with its contract_id or contract_line_id.'
            else
                'The contract has several lines and the invoice names none of them; a line that earns what is invoiced misses it.'
                || ' Deliver its lines with their contract_line_id.'
        end as message,
        invoice_lines.net_amount as amount,
        invoice_lines.currency_code as unit
    from invoice_lines
    left join project_methods
        on invoice_lines.project_id = project_methods.project_id
    where
        invoice_lines.is_project_known
        and invoice_lines.contract_line_id is null
        and invoice_lines.net_amount <> 0
        and (
            project_methods.project_id is null
            or invoice_lines.contract_id is null
            or project_methods.has_as_invoiced = 1
        )

    union all

    select
        'separate_change_not_apart' as rule,
        'warning' as severity,
        'contract_price' as subject,
        'contract line' as entity_type,
        prices.contract_line_id as entity,
        contract_lines.project_id,
        cast(null as {{ text }}) as role_id,
        {{ month_of('prices.effective_on') }} as month,
        'What was added at its own price has no work of its own in any file, so its price is earned with the rest of the'
        || ' line''s work. Give it its own contract_line with a wbs_id, or name a WBS element of its own after its'
        || ' change_request_id.' as message,
        prices.amount,
        contract_lines.currency_code as unit
    from prices
    inner join contract_lines
        on prices.contract_line_id = contract_lines.contract_line_id
    left join contract_lines as apart
        on prices.contract_line_id = apart.delivered_line_id
        and prices.change_request_id = apart.change_request_id
    where
        prices.treatment = 'separate'
        and prices.kind <> 'original'
        and prices.amount <> 0
        and contract_lines.revenue_method in ('cost_to_cost', 'labour_hours')
        and contract_lines.is_project_known
        and apart.contract_line_id is null

    union all

    select
        'price_without_line' as rule,
        'error' as severity,
        'contract_price' as subject,
        'contract line' as entity_type,
        prices.contract_line_id as entity,
        cast(null as {{ text }}) as project_id,
        cast(null as {{ text }}) as role_id,
        {{ month_of('prices.effective_on') }} as month,
        'The price is of a contract line that no file has delivered; it is in no figure. Deliver the contract_line.' as message,
        prices.amount,
        cast(null as {{ text }}) as unit
    from prices
    left join contract_lines
        on prices.contract_line_id = contract_lines.contract_line_id
    where contract_lines.contract_line_id is null

    union all

    select
        'unknown_project' as rule,
        'error' as severity,
        'contract_line' as subject,
        'contract line' as entity_type,
        contract_lines.contract_line_id as entity,
        cast(null as {{ text }}) as project_id,
        cast(null as {{ text }}) as role_id,
        {{ month_of('coalesce(min(price_changes.effective_on), max(contract_lines.start_date), max(parameters.as_of_date))') }} as month,
        'The contract line is of a project that no file has delivered; its revenue is in no figure.'
        || ' Deliver the project, or a project_alias for this name.' as message,
        coalesce(sum(price_changes.amount), 0) as amount,
        max(contract_lines.currency_code) as unit
    from contract_lines
    left join price_changes
        on contract_lines.contract_line_id = price_changes.contract_line_id
    cross join parameters
    where not contract_lines.is_project_known
    group by contract_lines.contract_line_id

)

select
    rule,
    severity,
    subject,
    entity_type,
    entity,
    project_id,
    role_id,
    month,
    cast(null as date) as occurred_on,
    max(message) as message,
    cast(sum(amount) as decimal(38, 6)) as amount_at_stake,
    unit
from found
group by
    rule,
    severity,
    subject,
    entity_type,
    entity,
    project_id,
    role_id,
    month,
    unit
