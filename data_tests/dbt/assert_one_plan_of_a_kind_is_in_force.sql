-- On no day are two versions of one kind of plan in force in a project.
select
    earlier.project_id,
    earlier.kind,
    earlier.plan_version_id as earlier_version_id,
    later.plan_version_id as later_version_id,
    earlier.in_force_to,
    later.in_force_from
from {{ ref('int_plans__versions_in_force') }} as earlier
inner join {{ ref('int_plans__versions_in_force') }} as later
    on earlier.project_id = later.project_id
    and earlier.kind = later.kind
    and earlier.plan_version_id <> later.plan_version_id
    and earlier.in_force_from <= later.in_force_from
    and (earlier.in_force_to is null or earlier.in_force_to >= later.in_force_from)
