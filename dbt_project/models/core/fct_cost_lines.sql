with cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

labour as (

    select * from {{ ref('int_cost__labour_summed') }}

),

accruals as (

    select * from {{ ref('int_cost__accruals_moved') }}

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
            order by coalesce(wbs_id, ''), coalesce(role_id, ''), currency_code, is_quality_cost
            rows between unbounded preceding and current row
        ) as running_amount_base,
        is_complete,
        is_quality_cost,
        source_file_id,
        source_line
    from labour
    where is_in_cost

),

summed as (

    select
        {{ surrogate_key([
            'origin', 'project_id', 'wbs_id', 'role_id', 'cost_month', 'currency_code', 'is_quality_cost'
        ]) }} as cost_line_key,
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
        is_quality_cost,
        cast(null as date) as rate_date,
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
        is_quality_cost,
        posting_date as rate_date,
        source_file_id,
        source_line
    from cost_lines
    where
        treatment = 'cost'
        and category <> 'labour'

),

-- an accrual stands in its month of issue, its reversal in the month of the posting, both at the rate of the day of issue
accrued as (

    select
        {{ surrogate_key([
            "'accrual'", 'invoice_id', 'counterparty_id', 'line_id', 'is_remainder', 'cost_month'
        ]) }} as cost_line_key,
        origin,
        project_id,
        true as is_project_known,
        wbs_id,
        cast(null as {{ dbt.type_string() }}) as role_id,
        cost_month,
        case when cost_month = issue_month then issue_date end as posting_date,
        category,
        cast(null as {{ dbt.type_string() }}) as account_code,
        cast(amount as decimal(38, 12)) as amount,
        currency_code,
        amount_base,
        amount_base is not null as is_complete,
        counterparty_id as supplier_id,
        invoice_id as document_number,
        cast(null as boolean) as is_billable,
        is_quality_cost,
        issue_date as rate_date,
        source_file_id,
        source_line
    from accruals
    where
        treatment = 'cost'
        and (amount <> 0 or amount_base <> 0)

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
        is_quality_cost,
        rate_date,
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
        is_quality_cost,
        rate_date,
        source_file_id,
        source_line
    from posted

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
        is_quality_cost,
        rate_date,
        source_file_id,
        source_line
    from accrued

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
    is_quality_cost,
    rate_date,
    source_file_id,
    source_line
from every_cost
