with months_ahead as (

    select * from {{ ref('int_resources__months_ahead_by_role') }}

)

select
    'missing_role_rate' as rule,
    'notice' as severity,
    'resources' as subject,
    'role' as entity_type,
    role_id as entity,
    cast(null as {{ dbt.type_string() }}) as project_id,
    min(month) as month,
    cast(null as date) as occurred_on,
    'Hours are planned for the role and neither a rate of the role nor a plan with hours and amounts says what they cost; their '
    || 'cost is not known. Deliver a cost_rate of the role.' as message,
    cast(null as decimal(18, 2)) as amount_at_stake,
    '{{ var("base_currency") }}' as unit
from months_ahead
where
    planned_hours > 0
    and rate_base is null
group by role_id
