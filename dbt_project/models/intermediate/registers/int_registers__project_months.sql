{#- The months of a project for which its registers are told: those of the margin marts, and those before them in which a
    register already says something. A date that lies ahead (a baseline, a promise) opens no month after the refresh. -#}
{%- set happened = [
    ('fct_change_requests', 'requested_date'),
    ('fct_risks', 'raised_date'),
    ('fct_acceptance_tests', 'tested_date'),
    ('fct_complaints', 'opened_date'),
    ('fct_safety_incidents', 'occurred_date'),
    ('fct_sales_opportunities', 'updated_date'),
    ('fct_survey_responses', 'responded_date'),
    ('fct_milestones', 'actual_date')
] -%}
{%- set planned = [
    ('int_registers__milestone_reports', 'original_date'),
    ('int_registers__milestone_reports', 'known_from'),
    ('fct_purchase_order_lines', 'promised_date'),
    ('fct_purchase_order_lines', 'expected_date')
] -%}

with margin_months as (

    select * from {{ ref('int_margin__project_months') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

months as (

    select * from {{ ref('dim_months') }}

),

parameters as (

    select * from {{ ref('int_refresh__parameters_pivoted') }}

),

dated as (
    {% for model, column in happened %}
    select
        project_id,
        min({{ column }}) as first_date,
        max({{ column }}) as last_date
    from {{ ref(model) }}
    group by project_id

    union all
    {% endfor %}
    {%- for model, column in planned %}
    select
        project_id,
        min({{ column }}) as first_date,
        cast(null as date) as last_date
    from {{ ref(model) }}
    group by project_id

    union all
    {% endfor %}
    select
        project_id,
        min(month) as first_date,
        max(month) as last_date
    from margin_months
    group by project_id

),

spans as (

    select
        dated.project_id,
        {{ month_of('min(dated.first_date)') }} as first_month,
        {{ month_of('greatest(coalesce(max(dated.last_date), max(parameters.as_of_date)), max(parameters.as_of_date))') }}
            as last_month
    from dated
    inner join projects
        on dated.project_id = projects.project_id
    cross join parameters
    group by dated.project_id

)

select
    spans.project_id,
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
