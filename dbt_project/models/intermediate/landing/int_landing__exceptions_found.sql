with findings as (

    select * from {{ source('ledger', 'findings') }}

),

files as (

    select * from {{ ref('int_landing__files_in_force') }}

),

told as (

    select
        findings.rule,
        findings.profile,
        case findings.severity when 'critical' then 3 when 'warning' then 2 else 1 end as weight,
        case when findings.entity is null then 'file' else 'document' end as entity_type,
        {{ masked('coalesce(findings.entity, files.file_name)', is_free_of_addresses('coalesce(findings.entity, files.file_name)')) }}
            as entity,
        {{ masked('findings.message', is_free_of_addresses('findings.message')) }} as message,
        findings.amount,
        findings.unit,
        files.is_hours_withheld,
        findings.source_file_id
    from findings
    inner join files
        on findings.source_file_id = files.source_file_id

)

select
    rule,
    case max(weight) when 3 then 'error' when 2 then 'warning' else 'notice' end as severity,
    'file' as subject,
    entity_type,
    entity,
    min(profile) as profile,
    cast(null as {{ dbt.type_string() }}) as project_id,
    cast(null as date) as month,
    cast(null as date) as occurred_on,
    min(message)
    || case
        when count(*) > 1 then ' So ' || cast(count(*) as {{ dbt.type_string() }}) || ' times.'
        else ''
    end as message,
    sum(case when not is_hours_withheld then amount end) as amount_at_stake,
    unit
from told
group by
    rule,
    entity_type,
    entity,
    unit
