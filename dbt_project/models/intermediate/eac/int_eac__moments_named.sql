with holders as (

    select * from {{ ref('int_eac__holders_named') }}

),

months as (

    select * from {{ ref('int_eac__months_by_project') }}

),

changes as (

    select * from {{ ref('int_contracts__prospective_changes_grouped') }}

),

versions as (

    select * from {{ ref('int_eac__plan_versions_dated') }}

),

moments as (

    select
        holders.holder_kind,
        holders.holder_id,
        holders.project_id,
        'month' as moment_kind,
        months.measured_on as moment_on,
        months.month,
        -- the plan in force on these days, the first one if there is one
        months.measured_on as version_on,
        months.measured_on as version_by,
        -- part of the month's work lies ahead
        months.is_open as is_partial,
        -- part of the month's cost does not count
        false as is_cut
    from holders
    inner join months
        on holders.project_id = months.project_id

    union all

    -- what had been done when a prospective change took effect, in the light of the plan before it
    select
        holders.holder_kind,
        holders.holder_id,
        holders.project_id,
        'change' as moment_kind,
        changes.cut_on as moment_on,
        {{ month_of('changes.cut_on') }} as month,
        {{ day_before('changes.opened_on') }} as version_on,
        changes.opened_on as version_by,
        changes.cut_on < {{ month_end_of('changes.cut_on') }} as is_partial,
        changes.cut_on < {{ month_end_of('changes.cut_on') }} as is_cut
    from holders
    inner join changes
        on holders.holder_id = changes.contract_line_id
        and holders.holder_kind = 'contract_line'

),

ranked as (

    select
        moments.holder_kind,
        moments.holder_id,
        moments.project_id,
        moments.moment_kind,
        moments.moment_on,
        moments.month,
        moments.is_partial,
        moments.is_cut,
        versions.plan_version_id,
        versions.kind as plan_kind,
        versions.approved_on,
        row_number() over (
            partition by moments.holder_kind, moments.holder_id, moments.moment_kind, moments.moment_on
            order by
                case when versions.approved_on <= moments.version_on then 0 else 1 end,
                versions.preference,
                versions.approved_on desc
        ) as place
    from moments
    left join versions
        on moments.project_id = versions.project_id
        and versions.approved_on <= moments.version_by
        and versions.in_force_to >= moments.version_on

)

select
    holder_kind,
    holder_id,
    project_id,
    moment_kind,
    moment_on,
    month,
    is_partial,
    is_cut,
    plan_version_id,
    plan_kind,
    approved_on
from ranked
where place = 1
