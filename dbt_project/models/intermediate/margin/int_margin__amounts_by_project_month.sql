with cost_lines as (

    select * from {{ ref('fct_cost_lines') }}

),

revenue as (

    select * from {{ ref('int_revenue__by_project_month') }}

),

invoice_lines as (

    select * from {{ ref('fct_invoice_lines') }}

),

payments as (

    select * from {{ ref('int_invoices__payments_by_project') }}

),

complaints as (

    select * from {{ ref('int_quality__complaints_costed') }}

),

exceptions as (

    select * from {{ ref('int_margin__exceptions_by_project_month') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

postings as (

    select
        project_id,
        cost_month as month,
        category as measure,
        amount_base
    from cost_lines

    union all

    select
        project_id,
        cost_month as month,
        'quality' as measure,
        amount_base
    from cost_lines
    where is_quality_cost

    union all

    -- what the register says of a complaint, unless a cost line says it
    select
        project_id,
        opened_month as month,
        'quality' as measure,
        cost_amount_base as amount_base
    from complaints
    where not is_posted

    union all

    select
        project_id,
        month,
        'revenue' as measure,
        revenue_amount_base as amount_base
    from revenue

    union all

    select
        project_id,
        month,
        'loss_provision_change' as measure,
        loss_provision_change_amount_base as amount_base
    from revenue

    union all

    select
        project_id,
        issue_month as month,
        'billed' as measure,
        net_amount_base as amount_base
    from invoice_lines
    where direction = 'customer'

    union all

    select
        project_id,
        paid_month as month,
        'collected' as measure,
        amount_base
    from payments
    where direction = 'customer'

    union all

    -- a month in which everything is missing is a month all the same
    select
        project_id,
        month,
        'exception' as measure,
        cast(null as decimal(18, 2)) as amount_base
    from exceptions

)

select
    postings.project_id,
    postings.month,
    {%- for measure, categories in [
        ('revenue', ['revenue']),
        ('labour', ['labour']),
        ('subcontract', ['subcontract']),
        ('material', ['material', 'uninstalled_material']),
        ('equipment', ['equipment']),
        ('travel', ['travel']),
        ('other', ['other']),
        ('loss_provision_change', ['loss_provision_change']),
        ('quality', ['quality']),
        ('billed', ['billed']),
        ('collected', ['collected'])
    ] %}
    sum(
        case when postings.measure in ('{{ categories | join("', '") }}') then coalesce(postings.amount_base, 0) else 0 end
    ) as {{ measure }}_amount_base,
    {%- endfor %}
    max(case when postings.measure = 'exception' then 1 else 0 end) = 1 as has_open_exceptions
from postings
inner join projects
    on postings.project_id = projects.project_id
group by
    postings.project_id,
    postings.month
