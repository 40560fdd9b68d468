with cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

found as (

    select
        'unclassified_account' as rule,
        'warning' as severity,
        'account' as entity_type,
        coalesce(account_code, '(no account)') as entity,
        is_project_known,
        project_id,
        cost_month,
        amount,
        currency_code,
        'Neither a category nor a class of the account is known; the cost counts as other cost.'
        || ' Deliver the account with its class, or the category.' as explanation
    from cost_lines
    where
        is_unclassified
        and treatment = 'cost'

    union all

    select
        'not_a_cost_account' as rule,
        'error' as severity,
        'account' as entity_type,
        coalesce(account_code, '(no account)') as entity,
        is_project_known,
        project_id,
        cost_month,
        amount,
        currency_code,
        'An account of class ' || account_class || ' is no cost; the amount is in no figure.'
        || ' Give the lines a category, the account its right class, or the class out_of_scope.' as explanation
    from cost_lines
    where treatment = 'not_a_cost'

    union all

    select
        'unknown_project' as rule,
        'error' as severity,
        'project' as entity_type,
        project_id as entity,
        is_project_known,
        project_id,
        cost_month,
        amount,
        currency_code,
        'No file has delivered this project; the cost is in no project''s figures.'
        || ' Deliver the project, or a project_alias for this name.' as explanation
    from cost_lines
    where
        not is_project_known
        and treatment = 'cost'

)

select
    rule,
    severity,
    'cost_line' as subject,
    entity_type,
    entity,
    case when is_project_known then project_id end as project_id,
    cost_month as month,
    cast(null as date) as occurred_on,
    explanation || ' Cost lines: ' || cast(count(*) as {{ dbt.type_string() }}) || '.' as message,
    sum(amount) as amount_at_stake,
    currency_code as unit
from found
group by
    rule,
    severity,
    entity_type,
    entity,
    case when is_project_known then project_id end,
    cost_month,
    currency_code,
    explanation
