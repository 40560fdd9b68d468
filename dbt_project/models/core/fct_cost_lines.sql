with cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

labour as (

    select * from {{ ref('int_cost__labour_summed') }}

),

-- labour, summed over people; with what has been summed of the project's month up to the row and including it, so that
-- rounding that running amount leaves no cent over: the month's labour is its exact cost, rounded once
running as (

    select
        origin,
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        cost_month,
        amount,
        currency_code,
        amount_base,
        sum(coalesce(amount_base, 0)) over (
            partition by project_id, cost_month
            order by coalesce(wbs_id, ''), coalesce(role_id, ''), currency_code
            rows between unbounded preceding and current row
        ) as running_amount_base,
        is_complete,
        source_file_id,
        source_line
    from labour
    where is_in_cost

),

summed as (

    select
        {{ surrogate_key(['origin', 'project_id', 'wbs_id', 'role_id', 'cost_month', 'currency_code']) }} as cost_line_key,
        origin,
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        cost_month,
        cast(null as date) as posting_date,
        'labour' as category,
        cast(null as {{ dbt.type_string() }}) as account_code,
        amount,
        currency_code,
        case
            when amount_base is not null
                then {{ money('running_amount_base') }} - {{ money('running_amount_base - amount_base') }}
        end as amount_base,
        is_complete,
        cast(null as {{ dbt.type_string() }}) as supplier_id,
        cast(null as {{ dbt.type_string() }}) as document_number,
        cast(null as boolean) as is_billable,
        source_file_id,
        source_line
    from running

),

posted as (

    select
        {{ surrogate_key(["'erp line'", 'cost_line_id']) }} as cost_line_key,
        'erp' as origin,
        project_id,
        is_project_known,
        wbs_id,
        cast(null as {{ dbt.type_string() }}) as role_id,
        cost_month,
        posting_date,
        category,
        account_code,
        cast(amount as decimal(38, 12)) as amount,
        currency_code,
        {{ money('amount_base') }} as amount_base,
        amount_base is not null as is_complete,
        supplier_id,
        document_number,
        is_billable,
        source_file_id,
        source_line
    from cost_lines
    where
        treatment = 'cost'
        and category <> 'labour'

),

every_cost as (

    select
        cost_line_key,
        origin,
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        cost_month,
        posting_date,
        category,
        account_code,
        amount,
        currency_code,
        amount_base,
        is_complete,
        supplier_id,
        document_number,
        is_billable,
        source_file_id,
        source_line
    from summed

    union all

    select
        cost_line_key,
        origin,
        project_id,
        is_project_known,
        wbs_id,
        role_id,
        cost_month,
        posting_date,
        category,
        account_code,
        amount,
        currency_code,
        amount_base,
        is_complete,
        supplier_id,
        document_number,
        is_billable,
        source_file_id,
        source_line
    from posted

)

select
    cost_line_key,
    origin,
    project_id,
    is_project_known,
    wbs_id,
    role_id,
    cost_month,
    posting_date,
    category,
    account_code,
    {{ money('amount') }} as amount,
    currency_code,
    {{ money('amount_base') }} as amount_base,
    is_complete,
    supplier_id,
    document_number,
    is_billable,
    source_file_id,
    source_line
from every_cost
