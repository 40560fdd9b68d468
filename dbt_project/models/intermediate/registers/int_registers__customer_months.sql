{#- The months of a customer: from the first month of a project or of anything that a register says, to the month of the refresh. -#}
with project_months as (

    select * from {{ ref('int_registers__project_months') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

opportunities as (

    select * from {{ ref('int_registers__opportunity_versions') }}

),

responses as (

    select * from {{ ref('fct_survey_responses') }}

),

receivables as (

    select * from {{ ref('int_balances__items_open_by_month') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

dated as (

    select
        projects.customer_id,
        min(project_months.month) as first_month,
        max(project_months.month) as last_month
    from project_months
    inner join projects
        on project_months.project_id = projects.project_id
    group by projects.customer_id

    union all

    select
        customer_id,
        {{ month_of('min(known_from)') }} as first_month,
        {{ month_of('max(known_from)') }} as last_month
    from opportunities
    group by customer_id

    union all

    select
        customer_id,
        min(responded_month) as first_month,
        max(responded_month) as last_month
    from responses
    group by customer_id

    union all

    select
        customer_id,
        min(month) as first_month,
        max(month) as last_month
    from receivables
    where direction = 'customer'
    group by customer_id

),

spans as (

    select
        dated.customer_id,
        min(dated.first_month) as first_month,
        greatest(max(dated.last_month), {{ month_of('max(parameters.as_of_date)') }}) as last_month
    from dated
    cross join parameters
    where dated.customer_id is not null
    group by dated.customer_id

)

select
    spans.customer_id,
    months.month,
    -- the last month stands for the day of the refresh; where something is dated ahead, months before it have ended
    case
        when months.month = {{ month_of('parameters.as_of_date') }} and spans.last_month = months.month
            then parameters.as_of_date
        else months.month_end_date
    end as measured_on
from spans
cross join parameters
inner join months
    on months.month between spans.first_month and spans.last_month
