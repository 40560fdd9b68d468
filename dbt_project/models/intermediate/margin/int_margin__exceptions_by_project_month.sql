with found as (

    select
        project_id,
        month
    from {{ ref('int_labour__exceptions_found') }}

    union

    select
        project_id,
        month
    from {{ ref('int_cost__exceptions_found') }}

    union

    select
        project_id,
        month
    from {{ ref('int_invoices__exceptions_found') }}

    union

    select
        project_id,
        month
    from {{ ref('int_currency__exceptions_found') }}

)

select
    project_id,
    month
from found
where
    project_id is not null
    and month is not null
