{#- Activity that lengthens a project's row of months beyond the month of the refresh; what only opens it. -#}
with cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

hours as (

    select * from {{ ref('int_labour__hours_by_person_month') }}

),

invoice_lines as (

    select * from {{ ref('int_contracts__invoice_lines_attributed') }}

),

milestones as (

    select * from {{ ref('fct_milestones') }}

),

contract_lines as (

    select * from {{ ref('int_contracts__obligations_named') }}

),

price_changes as (

    select * from {{ ref('int_contracts__price_changes_dated') }}

),

versions as (

    select * from {{ ref('int_plans__versions_attributed') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

dated as (

    select
        project_id,
        min(cost_month) as first_month,
        max(cost_month) as last_month
    from cost_lines
    group by project_id

    union all

    select
        project_id,
        min(work_month) as first_month,
        max(work_month) as last_month
    from hours
    group by project_id

    union all

    select
        project_id,
        min(issue_month) as first_month,
        max(issue_month) as last_month
    from invoice_lines
    group by project_id

    union all

    select
        project_id,
        min({{ month_of('actual_date') }}) as first_month,
        max({{ month_of('actual_date') }}) as last_month
    from milestones
    where actual_date is not null
    group by project_id

    union all

    select
        project_id,
        min({{ month_of('start_date') }}) as first_month,
        cast(null as date) as last_month
    from contract_lines
    group by project_id

    union all

    select
        contract_lines.project_id,
        min({{ month_of('price_changes.effective_on') }}) as first_month,
        cast(null as date) as last_month
    from price_changes
    inner join contract_lines
        on price_changes.contract_line_id = contract_lines.contract_line_id
    group by contract_lines.project_id

    union all

    select
        project_id,
        min({{ month_of('approved_on') }}) as first_month,
        cast(null as date) as last_month
    from versions
    group by project_id

),

spans as (

    select
        dated.project_id,
        min(dated.first_month) as first_month,
        {{ month_of('max(parameters.as_of_date)') }} as refresh_month,
        max(dated.last_month) as last_posted_month
    from dated
    inner join projects
        on dated.project_id = projects.project_id
    cross join parameters
    group by dated.project_id

)

select
    spans.project_id,
    months.month,
    -- figures stand for the end of a month; the month of the refresh has not ended
    case
        when months.month = {{ month_of('parameters.as_of_date') }} then parameters.as_of_date
        else months.month_end_date
    end as measured_on,
    months.month = {{ month_of('parameters.as_of_date') }} and parameters.as_of_date < months.month_end_date as is_open
from spans
cross join parameters
inner join months
    on months.month between spans.first_month
    and greatest(spans.refresh_month, coalesce(spans.last_posted_month, spans.refresh_month))
