with time_entries as (

    select * from {{ ref('stg_timesheets__time_entries') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

judged_texts as (

    select * from {{ ref('int_quality__texts_judged') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

rate_periods as (

    select * from {{ ref('int_labour__cost_rate_periods') }}

),

person_rates as (

    select
        holder_id,
        period_from,
        period_to,
        hourly_rate,
        currency_code,
        is_contradicted
    from rate_periods
    where holder_kind = 'person'

),

role_rates as (

    select
        holder_id,
        period_from,
        period_to,
        hourly_rate,
        currency_code,
        is_contradicted
    from rate_periods
    where holder_kind = 'role'

),

rates_to_base as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

named as (

    select
        time_entries.entry_id,
        time_entries.employee_id,
        employees.role_id,
        time_entries.project_id as delivered_project_id,
        coalesce(aliases.project_id, time_entries.project_id) as project_id,
        coalesce(time_entries.wbs_id, aliases.wbs_id) as wbs_id,
        time_entries.work_date,
        {{ month_of('time_entries.work_date') }} as work_month,
        time_entries.hours,
        time_entries.is_billable,
        time_entries.approval_status,
        time_entries.approval_status in ('approved', 'submitted') as is_costed,
        judged_texts.text is not null as is_quality_cost,
        time_entries.source_file_id,
        time_entries.source_line
    from time_entries
    left join source_files
        on time_entries.source_file_id = source_files.source_file_id
    left join aliases
        on time_entries.project_id = aliases.alias
        and coalesce(source_files.source_system, '*') = aliases.source_system
    left join judged_texts
        on time_entries.activity = judged_texts.text
        and judged_texts.signal = 'activity'
    left join employees
        on time_entries.employee_id = employees.employee_id

),

-- the person's own rate goes before the rate of the role
rated as (

    select
        named.entry_id,
        named.employee_id,
        named.role_id,
        named.delivered_project_id,
        named.project_id,
        projects.project_id is not null as is_project_known,
        named.wbs_id,
        named.work_date,
        named.work_month,
        named.hours,
        named.is_billable,
        named.approval_status,
        named.is_costed,
        named.is_quality_cost,
        case
            when person_rates.holder_id is not null then 'person'
            when role_rates.holder_id is not null then 'role'
        end as rate_basis,
        case when person_rates.holder_id is not null then person_rates.hourly_rate else role_rates.hourly_rate end
            as hourly_rate,
        case when person_rates.holder_id is not null then person_rates.currency_code else role_rates.currency_code end
            as currency_code,
        coalesce(
            case
                when person_rates.holder_id is not null then person_rates.is_contradicted
                else role_rates.is_contradicted
            end,
            false
        ) as is_rate_contradicted,
        named.source_file_id,
        named.source_line
    from named
    left join projects
        on named.project_id = projects.project_id
    left join person_rates
        on named.employee_id = person_rates.holder_id
        and named.work_date between person_rates.period_from and person_rates.period_to
    left join role_rates
        on named.role_id = role_rates.holder_id
        and named.work_date between role_rates.period_from and role_rates.period_to

),

costed as (

    select
        rated.entry_id,
        rated.employee_id,
        rated.role_id,
        rated.delivered_project_id,
        rated.project_id,
        rated.is_project_known,
        rated.wbs_id,
        rated.work_date,
        rated.work_month,
        rated.hours,
        rated.is_billable,
        rated.approval_status,
        rated.is_costed,
        rated.is_quality_cost,
        rated.rate_basis,
        rated.hourly_rate,
        rated.currency_code,
        rated.is_rate_contradicted,
        case when rated.is_costed then rated.hours * rated.hourly_rate end as cost_amount,
        rates_to_base.rate_to_base,
        rated.source_file_id,
        rated.source_line
    from rated
    left join rates_to_base
        on rated.currency_code = rates_to_base.currency_code
        and rated.work_date = rates_to_base.rate_date

)

select
    entry_id,
    employee_id,
    role_id,
    delivered_project_id,
    project_id,
    is_project_known,
    wbs_id,
    work_date,
    work_month,
    hours,
    is_billable,
    approval_status,
    is_costed,
    is_quality_cost,
    rate_basis,
    hourly_rate,
    currency_code,
    is_rate_contradicted,
    cost_amount,
    {{ to_base('cost_amount', 'rate_to_base') }} as cost_amount_base,
    case
        when approval_status = 'draft' then 'draft'
        when not is_costed then 'rejected'
        when hourly_rate is null then 'no_cost_rate'
        when rate_to_base is null then 'no_exchange_rate'
    end as no_cost_reason,
    source_file_id,
    source_line
from costed
