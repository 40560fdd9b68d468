{#- What the KPI marts cannot judge, or show although something else was delivered; none of it changes a figure. -#}
with observations as (

    select * from {{ ref('fct_kpi_observations') }}

),

dictionary as (

    select * from {{ ref('int_kpi__dictionary_stated') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

measures as (

    select * from {{ ref('int_kpi__measures_by_project_month') }}

),

kpi_values as (

    select * from {{ ref('int_kpi__values_by_subject_month') }}

)

select
    'unknown_kpi' as rule,
    'warning' as severity,
    'kpi' as subject,
    'kpi' as entity_type,
    observations.kpi_code as entity,
    observations.project_id,
    cast(null as date) as month,
    max(observations.observed_date) as occurred_on,
    'Values are delivered under a code that the KPI dictionary does not know; they are shown and not rated. Add it to'
    || ' kpi_dictionary.csv in the data home. Values: ' || cast(count(*) as {{ dbt.type_string() }}) || '.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    cast(null as {{ dbt.type_string() }}) as unit
from observations
inner join projects
    on observations.project_id = projects.project_id
left join dictionary
    on observations.kpi_code = dictionary.kpi_code
where dictionary.kpi_code is null
group by
    observations.kpi_code,
    observations.project_id

union all

select
    'delivered_kpi_not_shown' as rule,
    'notice' as severity,
    'kpi' as subject,
    'kpi' as entity_type,
    observations.kpi_code as entity,
    observations.project_id,
    cast(null as date) as month,
    max(observations.observed_date) as occurred_on,
    'Values are delivered for months of which the KPI is derived from the facts; the derived ones stand. Values: '
    || cast(count(*) as {{ dbt.type_string() }}) || '.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    cast(null as {{ dbt.type_string() }}) as unit
from observations
inner join measures
    on observations.project_id = measures.project_id
    and observations.kpi_code = measures.kpi_code
    and observations.observed_month = measures.month
where measures.origin <> 'delivered'
group by
    observations.kpi_code,
    observations.project_id

union all

select
    'kpi_without_value' as rule,
    'notice' as severity,
    'kpi' as subject,
    'kpi' as entity_type,
    kpi_code as entity,
    subject_id as project_id,
    max(month) as month,
    cast(null as date) as occurred_on,
    'The KPI is empty in months of which its denominator is not above zero; it is not rated then. Months: '
    || cast(count(*) as {{ dbt.type_string() }}) || ', the last one is given.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    cast(null as {{ dbt.type_string() }}) as unit
from kpi_values
where
    subject_type = 'project'
    and value is null
group by
    kpi_code,
    subject_id
