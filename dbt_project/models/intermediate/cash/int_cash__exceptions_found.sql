with movements as (

    select * from {{ ref('int_cash__movements_expected') }}

),

lines as (

    select * from {{ ref('int_cash__lines_to_bill') }}

),

billings as (

    select * from {{ ref('int_cash__billings_expected') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

estimates as (

    select * from {{ ref('int_eac__costs_by_project_month') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

horizon as (

    {{ cash_horizon() }}

),

undated as (

    select
        lines.contract_line_id,
        lines.project_id,
        lines.currency_code,
        sum(billings.amount) as amount
    from lines
    inner join billings
        on lines.contract_line_id = billings.contract_line_id
        and billings.basis = 'evenly'
    where lines.end_date is null
    group by
        lines.contract_line_id,
        lines.project_id,
        lines.currency_code

),

estimated as (

    select
        estimates.project_id,
        max(case when estimates.etc_amount is not null then 1 else 0 end) as has_estimate
    from estimates
    cross join horizon
    where estimates.month = horizon.as_of_month
    group by estimates.project_id

),

found as (

    select
        'cash_missing_rate' as rule,
        'error' as severity,
        'currency' as entity_type,
        currency_code as entity,
        project_id,
        month,
        'No closing rate of the month of the refresh leads from ' || currency_code
        || ' to the currency of the project or to {{ var("base_currency") }}; the cash of that month is not known. '
        || 'Deliver the exchange rate.' as message,
        sum(amount) as amount_at_stake,
        currency_code as unit
    from movements
    where
        project_id is not null
        and (project_amount is null or amount_base is null)
    group by
        currency_code,
        project_id,
        month

    union all

    select
        case movements.kind when 'supplier' then 'payments_without_project' else 'collections_without_project' end as rule,
        'notice' as severity,
        'currency' as entity_type,
        movements.currency_code as entity,
        cast(null as {{ dbt.type_string() }}) as project_id,
        horizon.first_month as month,
        'Open documents in ' || movements.currency_code || ' belong to no project, or to several; what '
        || case movements.kind when 'supplier' then 'will be paid' else 'will be collected' end
        || ' for them is in no cash forecast.' as message,
        sum(movements.amount) as amount_at_stake,
        movements.currency_code as unit
    from movements
    cross join horizon
    where movements.project_id is null
    group by
        case movements.kind when 'supplier' then 'payments_without_project' else 'collections_without_project' end,
        movements.currency_code,
        case movements.kind when 'supplier' then 'will be paid' else 'will be collected' end,
        horizon.first_month

    union all

    select
        'billing_not_known' as rule,
        'notice' as severity,
        'contract line' as entity_type,
        lines.contract_line_id as entity,
        lines.project_id,
        horizon.first_month as month,
        'What the line still bills is not known: ' || lines.not_known_reason || '. The cash forecast holds none of it.' as message,
        cast(null as decimal(18, 2)) as amount_at_stake,
        lines.currency_code as unit
    from lines
    inner join projects
        on lines.project_id = projects.project_id
        and projects.status <> 'closed'
    cross join horizon
    where lines.not_known_reason is not null

    union all

    select
        'billing_not_dated' as rule,
        'notice' as severity,
        'contract line' as entity_type,
        undated.contract_line_id as entity,
        undated.project_id,
        horizon.first_month as month,
        'Neither a milestone nor a plan nor an end says when the line bills what is left of it; the cash forecast bills it at '
        || 'once. Deliver a milestone, planned revenue or end_date.' as message,
        undated.amount as amount_at_stake,
        undated.currency_code as unit
    from undated
    cross join horizon

    union all

    select
        'cash_without_estimate' as rule,
        'notice' as severity,
        'project' as entity_type,
        projects.project_id as entity,
        projects.project_id,
        horizon.first_month as month,
        'The project has no estimate to complete; the cash forecast holds no cost of its work to come. Deliver a plan.' as message,
        cast(null as decimal(18, 2)) as amount_at_stake,
        projects.currency_code as unit
    from projects
    cross join horizon
    left join estimated
        on projects.project_id = estimated.project_id
    where
        projects.status = 'execute'
        and coalesce(estimated.has_estimate, 0) = 0

)

select
    rule,
    severity,
    'cash' as subject,
    entity_type,
    entity,
    project_id,
    month,
    cast(null as date) as occurred_on,
    message,
    amount_at_stake,
    unit
from found
